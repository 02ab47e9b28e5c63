package release

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"

	"parley/stix"
)

// Version is one release of a report, to be laid beside others of the same report.
type Version struct {
	Release int64               `json:"release"`
	To      string              `json:"to"`
	State   string              `json:"state"`
	Order   Order               `json:"order"`
	Bundle  []byte              `json:"-"`
	Map     map[stix.ID]stix.ID `json:"-"` // original id → new id
}

// BesideRow is one thing that versions of a report say, or do not.
type BesideRow struct {
	Object  stix.ID  `json:"object,omitempty"` // of the report; empty for the tearline itself and for what it added
	Type    string   `json:"type"`
	Path    string   `json:"path"`
	Values  []string `json:"values"` // as the versions stand; empty where one says nothing
	Differs bool     `json:"differs"`
}

// Beside is what each counterpart was given of one report.
type Beside struct {
	Report   stix.ID     `json:"report"`
	Versions []Version   `json:"versions"`
	Rows     []BesideRow `json:"rows"`
	Together []Together  `json:"together"` // what two of them say together
}

// besideRows gathers rows in the order in which they are met.
type besideRows struct {
	rows []BesideRow
	at   map[string]int
	of   int // versions
}

func (b *besideRows) set(version int, object stix.ID, typ, path, value string) {
	key := string(object) + "\x00" + typ + "\x00" + path
	i, known := b.at[key]
	if !known {
		i, b.at[key] = len(b.rows), len(b.rows)
		b.rows = append(b.rows, BesideRow{Object: object, Type: typ, Path: path, Values: make([]string, b.of)})
	}
	b.rows[i].Values[version] = value
}

// LayBeside lays versions of a report beside each other: under which label and for which use, in which words, from
// what kind of source, which objects and properties, which selectors. It shows what was given, and is for the people
// who clear releases, on the node; it is never sent.
func LayBeside(report stix.ID, versions []Version) (Beside, error) {
	b := &besideRows{at: map[string]int{}, of: len(versions)}
	read := make([]versionRead, len(versions))
	for i, v := range versions {
		var err error
		if read[i], err = readVersion(v); err != nil {
			return Beside{}, err
		}
		read[i].list(b, i)
	}
	for i := range b.rows {
		row := &b.rows[i]
		row.Differs = slices.ContainsFunc(row.Values, func(v string) bool { return v != row.Values[0] })
	}
	out := Beside{Report: report, Versions: versions, Rows: b.rows, Together: []Together{}}
	for i := range read {
		for k := range read[:i] {
			out.Together = append(out.Together, together(read[k], read[i])...)
		}
	}
	return out, nil
}

// versionRead is a version with what its receiver reads.
type versionRead struct {
	Version
	tearline  Received
	originals map[stix.ID]stix.ID // new id → original id
	selectors []string            // kind and value, sorted
}

func readVersion(v Version) (versionRead, error) {
	r := versionRead{Version: v, originals: map[stix.ID]stix.ID{}}
	for original, made := range v.Map {
		r.originals[made] = original
	}
	var err error
	if r.tearline, err = received(v.Bundle); err != nil {
		return r, err
	}
	for _, o := range r.tearline.Objects {
		if s := selectorOf(o); s != "" {
			r.selectors = append(r.selectors, s)
		}
	}
	slices.Sort(r.selectors)
	r.selectors = slices.Compact(r.selectors)
	return r, nil
}

// received reads a tearline of ours, of which some may be as an older program wrote it.
func received(bundle []byte) (Received, error) {
	r, err := readBundle(bundle)
	if err != nil {
		return Received{}, err
	}
	return r.received()
}

// selectorOf is what an observable identifies, or "".
func selectorOf(o stix.Object) string {
	for _, path := range observableKinds[o.Type()].paths {
		if value, is := o.String(path); is {
			return o.Type() + " " + value
		}
	}
	return ""
}

// list writes a version's column.
func (r versionRead) list(b *besideRows, column int) {
	t, pictures := r.tearline, ""
	if n := len(r.Order.Pictures); n > 0 {
		pictures = strconv.Itoa(n)
	}
	for _, row := range [][2]string{
		{"state", r.State},
		{"tlp", string(t.TLP)},
		{"permitted use", string(t.PermittedUse)},
		{"title", t.Title},
		{"text", t.Text},
		{"source descriptor", t.SourceDescriptor},
		{"grade", t.Grade.String()},
		{"pictures", pictures},
	} {
		b.set(column, "", "tearline", row[0], row[1])
	}
	for _, o := range t.Objects {
		original := r.originals[o.ID()]
		switch s := selectorOf(o); {
		case o.Type() == "report" || o.Type() == "marking-definition":
		case s != "":
			typ, value, _ := strings.Cut(s, " ")
			b.set(column, "", typ, value, "given")
		case original != "":
			r.properties(b, column, original, o)
		}
	}
}

// ofTheForm are properties that every object has, or whose value is a new id.
var ofTheForm = map[string]bool{"type": true, "id": true, "spec_version": true, "created": true, "modified": true, "created_by_ref": true, "object_marking_refs": true}

func (r versionRead) properties(b *besideRows, column int, original stix.ID, o stix.Object) {
	b.set(column, original, o.Type(), "", "given")
	for name := range o.Properties() {
		if !ofTheForm[name] {
			b.set(column, original, o.Type(), name, r.unmapped(shown(o, name)))
		}
	}
}

// unmapped writes original ids in the place of new ones, which differ from version to version.
func (r versionRead) unmapped(value string) string {
	if !strings.Contains(value, "--") {
		return value
	}
	text := []byte(value)
	for _, made := range slices.Sorted(maps.Keys(r.originals)) {
		text = bytes.ReplaceAll(text, []byte(made), []byte(r.originals[made]))
	}
	return string(text)
}
