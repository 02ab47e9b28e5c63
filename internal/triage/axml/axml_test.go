package axml_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"parley/internal/triage/axml"
)

func numbers(n ...uint32) []byte {
	var raw []byte
	for _, n := range n {
		raw = binary.LittleEndian.AppendUint32(raw, n)
	}
	return raw
}

// chunk writes a chunk: its type, the length of its head, its length.
func chunk(kind, head uint16, parts ...[]byte) []byte {
	content := slices.Concat(parts...)
	raw := binary.LittleEndian.AppendUint16(nil, kind)
	raw = binary.LittleEndian.AppendUint16(raw, head)
	return append(append(raw, numbers(uint32(8+len(content)))...), content...)
}

// pool writes strings in UTF-8 or UTF-16.
func pool(wide bool, strings ...string) []byte {
	var offsets []uint32
	var bytes []byte
	for _, s := range strings {
		offsets = append(offsets, uint32(len(bytes)))
		if !wide {
			bytes = append(append(append(bytes, byte(len([]rune(s))), byte(len(s))), s...), 0)
			continue
		}
		units := utf16.Encode([]rune(s))
		bytes = binary.LittleEndian.AppendUint16(bytes, uint16(len(units)))
		for _, u := range append(units, 0) {
			bytes = binary.LittleEndian.AppendUint16(bytes, u)
		}
	}
	flags := uint32(1 << 8)
	if wide {
		flags = 0
	}
	return chunk(1, 28, numbers(uint32(len(strings)), 0, flags, uint32(28+4*len(strings)), 0), numbers(offsets...), bytes)
}

const no = 1<<32 - 1

// document writes a manifest.
func document(wide bool) []byte {
	strings := pool(wide, "manifest", "package", "com.lamp.note", "versionName", "1.2 ü", "http://schemas.example.org/a", "debug", "n")
	attribute := func(name, raw, kind, data uint32) []byte { return numbers(no, name, raw, kind<<24|8, data) }
	element := chunk(0x102, 16, numbers(1, no, no, 0, 0x00140014, 4, 0),
		attribute(1, 2, 3, 2), attribute(3, no, 3, 4), attribute(6, no, 0x12, 1), attribute(7, no, 0x10, 7))
	return chunk(3, 8, strings, chunk(0x180, 8, numbers(1, 2)), chunk(0x100, 16, numbers(1, no, no, 5)), element, chunk(0x103, 16, numbers(1, no, no, 0)))
}

func TestDocument(t *testing.T) {
	for _, wide := range []bool{false, true} {
		raw := document(wide)
		d, err := axml.Open(raw)
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		err = d.Strings(func(s axml.String) error {
			if s.Schema != strings.HasPrefix(s.Text, "http:") || s.UTF16 != wide {
				t.Errorf("%+v", s)
			}
			if !wide && string(raw[s.Offset:s.Offset+s.Length]) != s.Text {
				t.Errorf("%+v is not there", s)
			}
			texts = append(texts, s.Text)
			return nil
		})
		if diff := cmp.Diff([]string{"manifest", "package", "com.lamp.note", "versionName", "1.2 ü", "http://schemas.example.org/a", "debug", "n"}, texts); diff != "" || err != nil {
			t.Errorf("%s %v", diff, err)
		}
		var elements []string
		err = d.Elements(func(e axml.Element) error {
			elements = append(elements, fmt.Sprint(e.Name, e.Attributes))
			return nil
		})
		if diff := cmp.Diff([]string{"manifest[{package com.lamp.note} {versionName 1.2 ü} {debug true} {n 7}]"}, elements); diff != "" || err != nil {
			t.Errorf("%s %v", diff, err)
		}
	}
}

// A document whose strings are each the rest of the pool is no document; one whose
// attributes are all its longest string holds the beginning of it for each.
func TestHostileDocuments(t *testing.T) {
	const count = 20_000
	offsets := make([]uint32, count)
	long := append([]byte{0xff, 0xff, 0xff, 0xff}, bytes.Repeat([]byte("x"), 40_000)...)
	strings := chunk(1, 28, numbers(count, 0, 1<<8, 28+4*count, 0), numbers(offsets...), long)
	element := chunk(0x102, 16, numbers(1, no, no, 0, 0x00140014, 60_000, 0), bytes.Repeat(numbers(no, 0, 0, 0, 0), 60_000))
	d, err := axml.Open(chunk(3, 8, strings, element))
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	err = d.Strings(func(s axml.String) error { told += s.Length; return nil })
	if err == nil || told > 4*(len(strings)+len(element)) {
		t.Errorf("%d bytes are told, %v", told, err)
	}
	err = d.Elements(func(e axml.Element) error {
		held := 0
		for _, a := range e.Attributes {
			held += len(a.Name) + len(a.Value)
		}
		if held == 0 || held > 4<<20 {
			t.Errorf("%d attributes hold %d bytes", len(e.Attributes), held)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	whole := document(true)
	for n := range whole {
		if d, err := axml.Open(whole[:n]); err == nil {
			_ = d.Strings(func(axml.String) error { return nil })
			_ = d.Elements(func(axml.Element) error { return nil })
		}
	}
	stop := errors.New("stop")
	if d, err = axml.Open(whole); err != nil || !errors.Is(d.Elements(func(axml.Element) error { return stop }), stop) {
		t.Errorf("%v", err)
	}
}

func FuzzDocument(f *testing.F) {
	f.Add(document(false))
	f.Add(document(true))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := axml.Open(raw)
		if err != nil {
			return
		}
		_ = d.Strings(func(s axml.String) error {
			if s.Offset < 0 || s.Offset+s.Length > len(raw) {
				t.Fatalf("%+v of %d bytes", s, len(raw))
			}
			return nil
		})
		_ = d.Elements(func(e axml.Element) error {
			if e.Offset+e.Length > len(raw) {
				t.Fatalf("%+v of %d bytes", e, len(raw))
			}
			return nil
		})
	})
}
