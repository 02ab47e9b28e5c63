package triage

import (
	"errors"
	"testing"
)

// A name that the container has not costs one walk for all; those to names that it
// has end in an error of their own.
func TestSearchIsBounded(t *testing.T) {
	var s search
	walks := 0
	through := func(is func(string) bool) error {
		walks++
		for _, name := range []string{"a", "b"} {
			if is(name) {
				return errFound
			}
		}
		return errNotBeside
	}
	for range 3 {
		if err := s.find(t.Context(), "b", 0, through); !errors.Is(err, errFound) {
			t.Fatalf("b: %v", err)
		}
	}
	for _, name := range []string{"x", "y", "z", "x"} {
		if err := s.find(t.Context(), name, 0, through); !errors.Is(err, errNotBeside) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if walks != 4 {
		t.Errorf("%d walks: want three to b and one for all that is not there", walks)
	}
	for walks = 0; walks < 2000; {
		if err := s.find(t.Context(), "a", unpackCost, through); err != nil && !errors.Is(err, errFound) {
			if !errors.Is(err, errSearched) {
				t.Error(err)
			}
			break
		}
	}
	if walks > mostSearched/unpackCost {
		t.Errorf("%d walks where each must unpack", walks)
	}
}
