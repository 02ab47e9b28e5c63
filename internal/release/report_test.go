package release_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"parley/internal/release"
	"parley/selector"
	"parley/stix"
)

// readReport reads the intercept report of the tests.
func readReport(t testing.TB) []stix.Object {
	t.Helper()
	data, err := os.ReadFile("testdata/report.json")
	if err != nil {
		t.Fatal(err)
	}
	return readObjects(t, data)
}

func readObjects(t testing.TB, bundle []byte) []stix.Object {
	t.Helper()
	var objects []stix.Object
	_, err := stix.ReadBundle(bytes.NewReader(bundle), stix.Limits{}, func(o stix.Object) error {
		objects = append(objects, o)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// fixed is randomness and a time that are the same in every run.
func fixed() release.Env {
	return release.Env{
		Rand: rand.NewChaCha8([32]byte{7}),
		Now:  time.Date(2025, 3, 20, 14, 5, 6, 0, time.UTC),
	}
}

func cleared(t testing.TB, texts ...string) []selector.Selector {
	t.Helper()
	var list []selector.Selector
	for _, text := range texts {
		s, err := selector.ParseText(text)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	return list
}

// request is the release that most tests ask for.
func request(t testing.TB) release.Request {
	return release.Request{
		Counterpart:  "Delta",
		Policy:       release.DefaultPolicy(),
		TLP:          release.TLPAmberStrict,
		PermittedUse: release.InvestigationLead,
		Cleared:      cleared(t, "phone:+12025550147", "telegram:harbour_lights"),
		Title:        "A planned gathering",
		Text:         "A group uses the telephone number +1 202-555-0147 to prepare an attack on a public gathering.",
		Words: map[stix.ID]release.Words{
			"campaign--4b5f7d0e-6a43-4f0c-9d8d-0a7f3a1c1111": {Name: "Preparation", Description: "Purchases and meetings over some weeks."},
		},
		Grade:            release.Grade{Source: 'B', Information: '2'},
		SourceDescriptor: "A service with direct access to the messages.",
	}
}

// secrets are what the intercept report must not show.
func secrets(t testing.TB) release.Secrets {
	s := release.Secrets{
		SourceNames: []string{"Orchid Seven", "Pelican"},
		NeverList:   []string{"Northgate", "Delta Desk", "COLDHARBOUR", "m.ferrow", "زهرة الجبل", "北门", "KX"},
		RawTexts: []string{
			"tell the cousin that the white van will be waiting behind the old mill before the festival begins",
			"قل لابن العم إن الشاحنة البيضاء ستنتظر خلف المطحنة القديمة قبل أن يبدأ المهرجان",
		},
		Figures: []int64{20482, 64, 905},
		Cleared: request(t).Cleared,
	}
	s.OriginalIDs = []string{"EV-2025-0417"}
	for _, o := range readReport(t) {
		s.OriginalIDs = append(s.OriginalIDs, string(o.ID()))
	}
	return s
}
