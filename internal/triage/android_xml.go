package triage

import (
	"context"
	"encoding/binary"
	"strings"

	"parley/internal/triage/axml"
)

// Android's binary XML, as an APK holds its manifest and its settings: the strings
// stand in a pool, each once, and are scanned there.

func isAXML(f *file) bool { return axml.Is(f.head) }

// readAXML scans the strings, and makes an application of a manifest.
func readAXML(_ context.Context, r *reading, f *file) error {
	data, err := f.whole()
	if err != nil {
		return err
	}
	document, err := axml.Open(data)
	if err != nil {
		return err
	}
	err = document.Strings(func(s axml.String) error {
		if s.Schema {
			return nil // an address that nobody wrote
		}
		raw := data[s.Offset : s.Offset+s.Length]
		text, source := string(raw), func(i int) int { return i }
		if s.UTF16 {
			text, source = decodeUTF16(raw, binary.LittleEndian)
		}
		return r.findings(text, func(start, end int) Place {
			from := source(start)
			return f.place().at(int64(s.Offset+from), int64(source(end)-from))
		})
	})
	if err != nil {
		return err
	}
	return r.manifest(document, f.place())
}

// manifest reports the application whose manifest it is, if it is one, with what it
// asks for.
func (r *reading) manifest(document *axml.Document, place Place) error {
	a, asks := Artifact{Kind: KindApplication, Application: "Android"}, ""
	broken := document.Elements(func(e axml.Element) error {
		switch e.Name {
		case "manifest":
			if a.Name != "" {
				return nil
			}
			a.Name, a.Place = e.Get("package"), place.at(int64(e.Offset), int64(e.Length))
			if version := e.Get("versionName"); version != "" {
				a.Text = "version " + version
			}
		case "uses-permission":
			asks = joined(asks, ", ", strings.TrimPrefix(e.Get("name"), "android.permission."))
		}
		return nil
	})
	if a.Name == "" {
		return broken
	}
	if asks != "" {
		a.Text = joined(a.Text, ", ", "asks for "+asks)
	}
	if err := r.artifact(a); err != nil {
		return err
	}
	return broken
}
