package pattern_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"parley/stix/pattern"
)

func decoded(t testing.TB, text string) (objects []pattern.Object) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &objects); err != nil {
		t.Fatal(err)
	}
	return objects
}

func observedFile(t testing.TB) []pattern.Object {
	t.Helper()
	data, err := os.ReadFile("testdata/observed.json")
	if err != nil {
		t.Fatal(err)
	}
	return decoded(t, string(data))
}

// TestObserve reads observed-data in both its forms.
func TestObserve(t *testing.T) {
	observations, err := pattern.Observe(observedFile(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(observations) != 3 || observations[0].Number != 3 || !strings.HasSuffix(observations[1].ID, "02") ||
		observations[0].Last.Sub(observations[0].First).Seconds() != 2.5 {
		t.Fatalf("got %+v", observations)
	}
	for text, want := range map[string][]int{
		"[ipv4-addr:value = '198.51.100.1']":                                     {0},
		"[network-traffic:src_ref.value = '198.51.100.1']":                       {0},
		"[x:friend_ref.hashes.'SHA-256' = 'x']":                                  {1},
		"[x:k = 'a'] REPEATS 5 TIMES":                                            {0, 2},
		"[x:k = 'a'] REPEATS 6 TIMES":                                            nil,
		"[x:k = 'b'] AND [a:b = 1]":                                              {1, 2},
		"[relationship:relationship_type = 'related-to']":                        nil, // no observable, though it is listed
		"[observed-data:number_observed = 1]":                                    nil,
		"[x:k = 'b'] START t'2026-03-01T09:30:30Z' STOP t'2027-01-01T00:00:00Z'": {2},
	} {
		result, err := compiled(t, text, pattern.MatchOptions{}).Match(observations)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		got := result.Observations()
		if len(got) != len(want) || len(got) > 0 && (got[0] != want[0] || got[len(got)-1] != want[len(want)-1]) {
			t.Errorf("%s binds %v and should bind %v", text, got, want)
		}
	}
}

// TestObserveTakesOneOfEachID: an id that is given twice is one object, as it was given last.
func TestObserveTakesOneOfEachID(t *testing.T) {
	const observed = `{"type":"observed-data","id":"observed-data--1","first_observed":"2026-03-01T00:00:00Z","last_observed":"2026-03-01T00:00:00Z","number_observed":1,"object_refs":["x--1"]}`
	observations, err := pattern.Observe(decoded(t, `[{"type":"x","id":"x--1","k":"old"},`+observed+`,{"type":"x","id":"x--1","k":"new"},`+observed+`]`))
	if err != nil || len(observations) != 1 {
		t.Fatalf("%d observations, %v", len(observations), err)
	}
	if !verdict(t, "[x:k = 'new']", observations[0]).Matched || verdict(t, "[x:k = 'old']", observations[0]).Matched {
		t.Error("it is not the last one that counts")
	}
}

func TestObserveRefuses(t *testing.T) {
	const good = `{"type":"observed-data","id":"observed-data--1","first_observed":"2026-03-01T00:00:00Z","last_observed":"2026-03-01T00:00:00Z","number_observed":1,"object_refs":[]}`
	if _, err := pattern.Observe(decoded(t, "["+good+"]")); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ old, with, problem string }{
		{`"2026-03-01T00:00:00Z","last`, `"2026-03-01","last`, `first_observed must be a timestamp such as 2026-03-01T09:30:00Z, not "2026-03-01"`},
		{`"last_observed"`, `"x"`, `last_observed must be a timestamp such as 2026-03-01T09:30:00Z, not ""`},
		{`:1,`, `:"1",`, "number_observed must be a whole number"},
		{`:1,`, `:1.5,`, "number_observed must be a whole number"},
		{`:1,`, `:0,`, "number_observed must be at least 1, not 0"},
		{`:1,`, `:-1e18,`, "number_observed must be at least 1, not -1000000000000000000"},
		{`"last_observed":"2026`, `"last_observed":"2025`, "last_observed must not be before first_observed"},
		{`:[]`, `:{}`, "object_refs must be a list"},
		{`:[]`, `:[1]`, "object_refs must be a list of ids"},
		{`"object_refs":[]`, `"objects":[]`, "objects must be a JSON object"},
		{`"object_refs":[]`, `"objects":{"0":1}`, `objects: "0" must be a JSON object`},
	} {
		changed := strings.Replace(good, row.old, row.with, 1)
		if changed == good {
			t.Fatalf("%s is not there", row.old)
		}
		_, err := pattern.Observe(decoded(t, "["+changed+"]"))
		if want := "read observed-data observed-data--1: " + row.problem; err == nil || err.Error() != want {
			t.Errorf("%v should be %s", err, want)
		}
	}
}
