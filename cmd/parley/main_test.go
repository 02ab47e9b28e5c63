package main

import (
	"flag"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// update writes the golden files anew: go test ./cmd/parley -update
var update = flag.Bool("update", false, "write the golden files anew")

// The test binary is the program too: a script's "parley" is a process of its
// own, started from a copy of it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"parley": main})
}
