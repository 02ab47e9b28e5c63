package misp

import (
	"bytes"
	"fmt"
	"io/fs"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Folder is where a feed is written; an [os.Root] is one.
type Folder interface {
	WriteFile(name string, data []byte, perm fs.FileMode) error
	Rename(oldname, newname string) error
}

// WriteFeed writes a feed of events as MISP's feed generator lays it out, for any web server to serve:
// one file for each event, the list of MD5 of all values, and last the manifest, each under another name
// first, so that whoever reads meanwhile sees whole files and no event that is not there. Every event is
// prepared, see [Prepare]; the list says what was left out of which. An event that is no longer in the
// feed leaves its file behind, though no manifest names it: to withdraw one, see [Withdraw].
func WriteFeed(folder Folder, events []Event) ([]Unmapped, error) {
	var issues []Issue
	var left []Unmapped
	seen := map[string]bool{}
	for i, e := range events {
		issue, less, err := Prepare(e, time.Time{})
		if err != nil {
			return nil, fmt.Errorf("write feed: event %d: %w", i, err)
		}
		if seen[e.UUID] {
			return nil, fmt.Errorf("write feed: event %s is in it twice", e.UUID)
		}
		seen[e.UUID] = true
		issues = append(issues, issue)
		for _, u := range less {
			u.Path = e.UUID + "." + u.Path
			left = append(left, u)
		}
	}
	var manifest, hashes bytes.Buffer
	m := manifestWriter{out: &manifest}
	for _, i := range issues {
		if err := writeWhole(folder, i.UUID+".json", i.File); err != nil {
			return nil, err
		}
		m.add(i)
		hashes.Write(i.Hashes)
	}
	m.end()
	if err := writeWhole(folder, hashesFile, hashes.Bytes()); err != nil {
		return nil, err
	}
	return left, writeWhole(folder, manifestFile, manifest.Bytes())
}

// manifestWriter puts manifest.json together: one entry to a line.
type manifestWriter struct {
	out  *bytes.Buffer
	some bool
}

func (m *manifestWriter) add(i Issue) {
	if m.some {
		m.out.WriteByte(',')
	} else {
		m.out.WriteByte('{')
	}
	m.some = true
	name, _ := jsontext.AppendQuote(nil, i.UUID)
	m.out.WriteByte('\n')
	m.out.Write(name)
	m.out.WriteByte(':')
	m.out.Write(i.Entry)
}

func (m *manifestWriter) end() {
	if !m.some {
		m.out.WriteByte('{')
	}
	m.out.WriteString("\n}\n")
}

func writeWhole(folder Folder, name string, data []byte) error {
	if err := folder.WriteFile(name+".new", data, 0o644); err != nil {
		return fmt.Errorf("write feed: %w", err)
	}
	if err := folder.Rename(name+".new", name); err != nil {
		return fmt.Errorf("write feed: %w", err)
	}
	return nil
}
