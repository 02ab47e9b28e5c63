package stix_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/uuid"
	"parley/stix"
)

const indicatorID = "indicator--e2e1a340-4415-4ba8-9671-f7343fbf0836"

func TestParseID(t *testing.T) {
	for _, good := range []string{
		indicatorID,
		"x-mitre-tactic--2558fd61-8c75-4730-94c4-11926db2a263",
		"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4",
		"identity--00000000-0000-0000-0000-000000000000",
		strings.Repeat("a", 250) + "--e2e1a340-4415-4ba8-9671-f7343fbf0836",
	} {
		id, err := stix.ParseID(good)
		if err != nil {
			t.Errorf("%s: %v", good, err)
			continue
		}
		if got := id.Type() + "--" + id.UUID().String(); got != good {
			t.Errorf("%s falls into %s", good, got)
		}
	}
	for _, bad := range []string{
		"", "indicator", "--e2e1a340-4415-4ba8-9671-f7343fbf0836",
		"indicator-e2e1a340-4415-4ba8-9671-f7343fbf0836",
		"Indicator--e2e1a340-4415-4ba8-9671-f7343fbf0836",
		"in dicator--e2e1a340-4415-4ba8-9671-f7343fbf0836",
		"indicator---e2e1a340-4415-4ba8-9671-f7343fbf0836",
		"in--dicator--e2e1a340-4415-4ba8-9671-f7343fbf0836",
		"indicator--e2e1a340-4415-4ba8-9671-f7343fbf083",
		"indicator--e2e1a34004415-4ba8-9671-f7343fbf0836",
		"indicator--{e2e1a340-4415-4ba8-9671-f7343fbf0836}",
		"indicator--e2e1a340-4415-4ba8-9671-f7343fbf083g",
		indicatorID + "\n",
		strings.Repeat("a", 251) + "--e2e1a340-4415-4ba8-9671-f7343fbf0836",
	} {
		if id, err := stix.ParseID(bad); err == nil || id != "" {
			t.Errorf("%q is accepted", bad)
		}
	}
}

// Two spellings of one UUID are one id, and the object keeps the spelling it came with.
func TestCapitalsInUUID(t *testing.T) {
	capitals := "indicator--E2E1A340-4415-4BA8-9671-F7343FBF0836"
	id, err := stix.ParseID(capitals)
	if err != nil || id != indicatorID {
		t.Errorf("%s, %v", id, err)
	}
	o := mustParse(t, `{"type":"indicator","id":"`+capitals+`"}`)
	if kept, _ := o.String("id"); o.ID() != indicatorID || kept != capitals {
		t.Errorf("%s, kept as %s", o.ID(), kept)
	}
}

func TestIDThatWasNotParsed(t *testing.T) {
	for _, id := range []stix.ID{"", "x", "indicator--not-a-uuid-of-thirty-six-letters-!!"} {
		if id.UUID() != uuid.Nil {
			t.Errorf("%q has UUID %v", id, id.UUID())
		}
	}
}

func TestNewID(t *testing.T) {
	id, err := stix.NewID("report", bytes.NewReader(bytes.Repeat([]byte{0xab}, 16)))
	if err != nil || id != "report--abababab-abab-4bab-abab-abababababab" {
		t.Errorf("%s, %v", id, err)
	}
	if _, err := stix.NewID("Report", bytes.NewReader(make([]byte, 16))); err == nil {
		t.Error("a capital is accepted")
	}
	gone := errors.New("gone")
	if _, err := stix.NewID("report", iotest.ErrReader(gone)); !errors.Is(err, gone) {
		t.Errorf("err = %v", err)
	}
}
