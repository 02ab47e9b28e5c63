package stixtest_test

import (
	"testing"

	"parley/stix"
	"parley/stix/stixtest"
	"pgregory.net/rapid"
)

// What is drawn is valid, and of the type that was asked for.
func TestDrawnObjectsAreValid(t *testing.T) {
	for _, typ := range stixtest.Types() {
		t.Run(typ, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				o := stixtest.Object(typ).Draw(t, "object")
				if found := o.Validate(stix.Strict); found != nil || o.Type() != typ {
					t.Fatalf("%s: %v", o.Bytes(), found)
				}
			})
		})
	}
}
