package triage

import (
	"bytes"
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Applications on Android: packages.xml has an element <package> for each, with
// its times in hexadecimal milliseconds; packages.list a line.
// https://android.googlesource.com/platform/frameworks/base, PackageManager's Settings.java

func isPackages(f *file) bool {
	return bytes.Contains(f.head, []byte("<packages")) && bytes.Contains(f.head, []byte("<package "))
}

func openPackages(r *reading, f *file) func(*markupToken) error {
	base := f.place()
	return func(token *markupToken) error {
		name := token.attribute("name")
		if token.kind != markupOpen || token.name != "package" || name == "" || token.attribute("codepath") == "" {
			return nil
		}
		version, installer := token.attribute("version"), token.attribute("installer")
		a := Artifact{
			Kind: KindApplication, Application: "Android", Name: name, Place: base.at(token.start, token.end-token.start),
			Text: joined("version "+version, ", from ", installer), Time: hexMilliseconds(token.attribute("it")),
		}
		if version == "" {
			a.Text = ""
		}
		return r.artifact(a)
	}
}

func hexMilliseconds(text string) (at time.Time) {
	n, err := strconv.ParseInt(text, 16, 64)
	if err != nil {
		return at
	}
	return milliseconds(n)
}

// packageLine: name, user id, whether it can be debugged, its folder.
var packageLine = regexp.MustCompile(`^([A-Za-z][\w]*(?:\.\w+)+) \d+ [01] (/\S+) `)

func isPackageList(f *file) bool {
	line, _, _ := bytes.Cut(f.head, []byte("\n"))
	return bytes.Contains(line, []byte(" /")) && isText(f) && packageLine.Match(line)
}

// readPackageList scans the file as text and reads its lines.
func readPackageList(ctx context.Context, r *reading, f *file) error {
	if err := readText(ctx, r, f); err != nil {
		return err
	}
	return eachLine(ctx, f, func(line []byte, offset int64) error {
		parts := packageLine.FindSubmatch(line)
		if parts == nil {
			return nil
		}
		text := strings.TrimRight(string(line), "\r\n")
		return r.artifact(Artifact{
			Kind: KindApplication, Application: "Android", Name: string(parts[1]), Text: string(parts[2]),
			Place: f.place().at(offset, int64(len(text))),
		})
	})
}
