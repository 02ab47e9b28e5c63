package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"parley/pdq"
)

// What the demonstration expects of itself, as far as the public packages can
// tell: the variants of the poster hash alike, everything else does not.
func TestPostersHashAsExpected(t *testing.T) {
	var want struct {
		Alike []string `json:"posters_alike"`
		Apart []string `json:"posters_apart"`
	}
	if err := json.Unmarshal(built(t)["expected.json"], &want); err != nil {
		t.Fatal(err)
	}
	files := unpacked(t, built(t)["north/phone.zip"])
	original := hashOf(t, files[want.Alike[0]])
	for _, name := range want.Alike[1:] {
		if h := hashOf(t, files[name]); !pdq.Matches(h, original) {
			t.Errorf("%s is %d bits from the poster", name, pdq.Distance(h, original))
		}
		if bytes.Equal(files[name], files[want.Alike[0]]) {
			t.Errorf("%s is the same file: no perceptual hash is needed to find it", name)
		}
	}
	others, err := photos()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range append(others, entry{name: want.Apart[0], data: files[want.Apart[0]]}) {
		if h := hashOf(t, e.data); pdq.Distance(h, original) < 2*pdq.MaxDistance {
			t.Errorf("%s is only %d bits from the poster", e.name, pdq.Distance(h, original))
		}
	}
}

func hashOf(t *testing.T, data []byte) pdq.Hash {
	t.Helper()
	picture, err := pdq.Decode(bytes.NewReader(data), pdq.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	hash, quality, err := pdq.Compute(picture)
	if err != nil || quality < pdq.MinQuality {
		t.Fatalf("a hash of quality %d (%v)", quality, err)
	}
	return hash
}
