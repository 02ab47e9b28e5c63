package misp

import (
	"bytes"
	"crypto/md5" // what MISP looks values up by in hashes.csv; nothing is secured with it
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// The files of a feed beside one <uuid>.json for each event.
const (
	manifestFile = "manifest.json"
	hashesFile   = "hashes.csv"
)

// Issue is an event made ready for a feed: the very bytes that its subscribers get. Whoever clears what
// leaves makes one when it is cleared, and keeps it: what was cleared is what is served.
type Issue struct {
	UUID      string
	Timestamp int64     // in seconds; a subscriber asks for the file again only when it has grown
	At        time.Time // when it was made; HTTP calls it last modified

	File   []byte // of <uuid>.json
	Entry  []byte // what manifest.json says of it
	Hashes []byte // its lines in hashes.csv
}

// ErrAudience is wrapped by an error of [Prepare] for an event that is not for everybody.
var ErrAudience = errors.New("MISP keeps it to fewer than can read a feed")

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

// Prepare makes an event ready for a feed. It must have an info, a date and a creator, and be for all
// communities or say nothing of whom it is for; parts that MISP keeps to fewer are left out and listed,
// as are attachments, which have no data here. Local tags and sightings do not go into a feed; of
// clusters go their tags. What is deleted goes as a withdrawal without its value, since that alone makes
// a subscriber forget what it has. The event comes unpublished: a subscriber's MISP hands a published
// one on by itself. Timestamps of objects and the event are raised to those of their parts, as MISP
// passes over a part of what is no newer.
func Prepare(e Event, at time.Time) (Issue, []Unmapped, error) {
	if err := fit(e); err != nil {
		return Issue{}, nil, fmt.Errorf("prepare for feed: %w", err)
	}
	var f fitting
	e = f.event(e)
	i := Issue{UUID: e.UUID, Timestamp: e.Timestamp, At: at, Hashes: hashesOf(e)}
	entry := manifestEntry{e.Creator, e.Tags, e.Info, e.Date, e.Analysis, e.ThreatLevel, e.Timestamp}
	if entry.Tags == nil {
		entry.Tags = []Tag{}
	}
	var err error
	if i.Entry, err = json.Marshal(entry, json.Deterministic(true)); err == nil {
		i.File, err = inLines(map[string]Event{"Event": e})
	}
	if err != nil {
		return Issue{}, nil, fmt.Errorf("prepare event %s for feed: %w", e.UUID, err)
	}
	return i, f.left, nil
}

// inLines writes JSON for people to read too.
func inLines(v any) ([]byte, error) {
	data, err := json.Marshal(v, json.Deterministic(true), jsontext.WithIndent("  "))
	return append(data, '\n'), err
}

// fit tells whether a feed can hold an event.
func fit(e Event) error {
	switch id, err := uuid.Parse(e.UUID); {
	case err != nil || id.String() != e.UUID:
		return fmt.Errorf("its uuid %q is none", shown(e.UUID))
	case id.Version() > 5:
		return fmt.Errorf("%s is a UUID of version %d; MISP takes none above 5", e.UUID, id.Version())
	case e.Info == "":
		return fmt.Errorf("%s has no info; MISP takes no event without", e.UUID)
	case e.Date == "":
		return fmt.Errorf("%s has no date; MISP takes no event without", e.UUID)
	case e.Creator == nil || e.Creator.UUID == "" || e.Creator.Name == "":
		return fmt.Errorf("%s does not say which organisation made it; a feed must", e.UUID)
	case !e.Distribution.forAll():
		return fmt.Errorf("%s: %w", e.UUID, ErrAudience)
	}
	return nil
}

// forAll tells whether a distribution lets a thing go wherever what it stands in goes. What is for one
// organisation, its community, or a group does not: who reads a feed is none of them, or more.
func (d Distribution) forAll() bool {
	return d == NoDistribution || d == AllCommunities || d == InheritEvent
}

// hashesOf gives the lines of hashes.csv: the MD5 of every value, or of each part of a value that has
// several, and the event.
func hashesOf(e Event) []byte {
	var lines bytes.Buffer
	add := func(attributes []Attribute) {
		for _, a := range attributes {
			parts := []string{a.Value}
			if strings.Contains(a.Type, "|") || a.Type == "malware-sample" {
				parts = strings.Split(a.Value, "|")
			}
			for _, part := range parts {
				if !a.Deleted {
					sum := md5.Sum([]byte(part))
					lines.WriteString(hex.EncodeToString(sum[:]) + "," + e.UUID + "\n")
				}
			}
		}
	}
	add(e.Attributes)
	for _, o := range e.Objects {
		if !o.Deleted {
			add(o.Attributes)
		}
	}
	return lines.Bytes()
}

// Withdraw gives what a feed must hold in the place of an event that is taken back. An event that a
// feed no longer names stays where it was read; only a newer version in which all is deleted makes MISP
// forget its values. second must be later than any timestamp that was served.
func Withdraw(e Event, second int64) Event {
	e.Info, e.Timestamp, e.Tags, e.Galaxies = withdrawn, second, nil, nil
	e.Attributes = withdrawAll(e.Attributes, second)
	e.Objects = slices.Clone(e.Objects)
	for i := range e.Objects {
		o := &e.Objects[i]
		o.Deleted, o.Timestamp, o.Attributes = true, second, withdrawAll(o.Attributes, second)
		o.References = slices.Clone(o.References)
		for j := range o.References {
			o.References[j].Deleted, o.References[j].Timestamp = true, second
		}
	}
	e.Reports = slices.Clone(e.Reports)
	for i := range e.Reports {
		e.Reports[i].Deleted, e.Reports[i].Timestamp = true, second
	}
	return e
}

func withdrawAll(attributes []Attribute, second int64) []Attribute {
	attributes = slices.Clone(attributes)
	for i := range attributes {
		attributes[i].Deleted, attributes[i].Timestamp = true, second
	}
	return attributes
}
