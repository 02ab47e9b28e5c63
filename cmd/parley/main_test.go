package main

import (
	"context"
	"flag"
	"strings"
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

// command runs one command line within the test's own process.
func command(args ...string) result {
	var out, errw strings.Builder
	code := run(context.Background(), args, strings.NewReader(""), &out, &errw)
	return result{code, out.String(), errw.String()}
}
