package release_test

import (
	"slices"
	"testing"
	"time"

	"parley/internal/release"
	"parley/stix"
)

// TestThePseudonymIsTheSameInEveryTearline builds two that differ in everything else: one version of an
// object has one content, and tools that keep both would refuse the second.
func TestThePseudonymIsTheSameInEveryTearline(t *testing.T) {
	id, err := stix.NewID("identity", fixed().Rand)
	if err != nil {
		t.Fatal(err)
	}
	author := release.Author{ID: id, Since: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)}
	var built [][]byte
	for _, tlp := range []release.TLP{release.TLPAmber, release.TLPRed} {
		req := request(t)
		req.Author, req.TLP = author, tlp
		tearline, found := build(t, req, "identity", readReport(t)...)
		at := slices.IndexFunc(found, func(o stix.Object) bool { return o.ID() == id })
		if at < 0 {
			t.Fatal("the tearline has no author")
		}
		built = append(built, found[at].Bytes())
		if _, err := release.Verify(tearline.Bundle); err != nil {
			t.Error(err)
		}
		for name, e := range map[string]edit{
			"a name":      {Op: "set", ID: string(id), Path: "name", Value: "North"},
			"a property":  {Op: "set", ID: string(id), Path: "identity_class", Value: "individual"},
			"not of ours": {Op: "set", ID: string(id), Path: "id", Value: "identity--2a77dc5a-01e4-44f2-9365-86214695ea56"},
		} {
			if _, err := release.Verify(e.apply(t, tearline.Bundle)); err == nil {
				t.Errorf("unmarked, with %s: accepted", name)
			}
		}
	}
	if string(built[0]) != string(built[1]) {
		t.Errorf("the author is\n%s\nand\n%s", built[0], built[1])
	}
}
