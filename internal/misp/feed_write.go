package misp

import (
	"bytes"
	"crypto/md5" // what MISP looks values up by in hashes.csv; nothing is secured with it
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// Folder is where a feed is written; an [os.Root] is one.
type Folder interface {
	WriteFile(name string, data []byte, perm fs.FileMode) error
	Rename(oldname, newname string) error
}

// The files of a feed beside one <uuid>.json for each event.
const (
	manifestFile = "manifest.json"
	hashesFile   = "hashes.csv"
)

// manifestEntry is what the manifest says of an event. PyMISP's feed generator is the model.
type manifestEntry struct {
	Creator     *Organisation `json:"Orgc"`
	Tags        []Tag         `json:"Tag"`
	Info        string        `json:"info"`
	Date        string        `json:"date"`
	Analysis    string        `json:"analysis"`
	ThreatLevel string        `json:"threat_level_id"`
	Timestamp   int64         `json:"timestamp"`
}

// WriteFeed writes a feed of events as MISP's feed generator lays it out: one file for each, the list
// of MD5 of all values, and last the manifest, each under another name first, so that whoever reads
// meanwhile sees whole files and no event that is not there. Every event must have an info, a date and
// a creator. Local tags, deleted things, distributions
// and sightings do not go into a feed, and of clusters their tags. An event that is no
// longer in the feed leaves its file behind, though no manifest names it: to withdraw one, write into
// a new folder.
func WriteFeed(folder Folder, events []Event) error {
	manifest := map[string]manifestEntry{}
	var hashes bytes.Buffer
	for i, e := range events {
		if err := fit(e); err != nil {
			return fmt.Errorf("write feed: event %d: %w", i, err)
		}
		if _, twice := manifest[e.UUID]; twice {
			return fmt.Errorf("write feed: event %s is in it twice", e.UUID)
		}
		manifest[e.UUID] = listed(e)
	}
	for _, e := range events {
		e = forFeed(e)
		if err := writeJSON(folder, e.UUID+".json", map[string]Event{"Event": e}); err != nil {
			return err
		}
		for _, sum := range hashesOf(e) {
			hashes.WriteString(sum + "," + e.UUID + "\n")
		}
	}
	if err := writeWhole(folder, hashesFile, hashes.Bytes()); err != nil {
		return err
	}
	return writeJSON(folder, manifestFile, manifest)
}

// fit tells whether a feed can hold an event.
func fit(e Event) error {
	if id, err := uuid.Parse(e.UUID); err != nil || id.String() != e.UUID {
		return fmt.Errorf("its uuid %q is none", shown(e.UUID))
	}
	switch {
	case e.Info == "":
		return fmt.Errorf("%s has no info; MISP takes no event without", e.UUID)
	case e.Date == "":
		return fmt.Errorf("%s has no date; MISP takes no event without", e.UUID)
	case e.Creator == nil || e.Creator.UUID == "" || e.Creator.Name == "":
		return fmt.Errorf("%s does not say which organisation made it; a feed must", e.UUID)
	}
	return nil
}

func listed(e Event) manifestEntry {
	e = forFeed(e)
	if e.Tags == nil {
		e.Tags = []Tag{}
	}
	return manifestEntry{e.Creator, e.Tags, e.Info, e.Date, e.Analysis, e.ThreatLevel, e.Timestamp}
}

// forFeed gives an event as a feed has it.
func forFeed(e Event) Event {
	e.Distribution, e.Tags, e.Attributes = NoDistribution, tagged(e.Tags, e.Galaxies), attributesForFeed(e.Attributes)
	e.Galaxies = nil
	e.Analysis, e.ThreatLevel = orElse(e.Analysis, "2"), orElse(e.ThreatLevel, "4")
	e.Reports = slices.Clone(e.Reports)
	for i := range e.Reports {
		e.Reports[i].Distribution = NoDistribution
	}
	e.Reports = slices.DeleteFunc(e.Reports, func(r Report) bool { return r.Deleted })
	e.Objects = slices.DeleteFunc(slices.Clone(e.Objects), func(o Object) bool { return o.Deleted })
	for i := range e.Objects {
		o := &e.Objects[i]
		o.Distribution, o.Attributes = NoDistribution, attributesForFeed(o.Attributes)
		o.References = slices.DeleteFunc(slices.Clone(o.References), func(r Reference) bool { return r.Deleted })
	}
	return e
}

func attributesForFeed(attributes []Attribute) []Attribute {
	attributes = slices.DeleteFunc(slices.Clone(attributes), func(a Attribute) bool { return a.Deleted })
	for i := range attributes {
		a := &attributes[i]
		a.Distribution, a.Tags = NoDistribution, tagged(a.Tags, a.Galaxies)
		a.Galaxies, a.Sightings = nil, nil
	}
	return attributes
}

// tagged gives the tags that are not for their own instance alone, and those of clusters, by which a
// feed names them.
func tagged(tags []Tag, galaxies []Galaxy) []Tag {
	local := func(t Tag) bool { return t.Local }
	out := slices.DeleteFunc(slices.Clone(tags), local)
	for _, g := range galaxies {
		for _, c := range g.Clusters {
			if c.TagName != "" && !slices.ContainsFunc(tags, func(t Tag) bool { return t.Name == c.TagName }) {
				out = append(out, Tag{Name: c.TagName})
			}
		}
	}
	return out
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// hashesOf gives the MD5 of every value, and of each part of a value that has several.
func hashesOf(e Event) (sums []string) {
	add := func(attributes []Attribute) {
		for _, a := range attributes {
			parts := []string{a.Value}
			if strings.Contains(a.Type, "|") || a.Type == "malware-sample" {
				parts = strings.Split(a.Value, "|")
			}
			for _, part := range parts {
				sum := md5.Sum([]byte(part))
				sums = append(sums, hex.EncodeToString(sum[:]))
			}
		}
	}
	add(e.Attributes)
	for _, o := range e.Objects {
		add(o.Attributes)
	}
	return sums
}

func writeJSON(folder Folder, name string, v any) error {
	data, err := json.Marshal(v, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return fmt.Errorf("write feed: %s: %w", name, err)
	}
	return writeWhole(folder, name, append(data, '\n'))
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
