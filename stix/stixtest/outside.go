package stixtest

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Where the validator of OASIS is: a checkout of oasis-open/cti-stix-validator with its submodules, and
// a Python that has what it needs. Without the first, tests that want it skip and say so.
const (
	ValidatorVariable = "PARLEY_STIX_VALIDATOR"
	PythonVariable    = "PARLEY_PYTHON" // python3 if it is not set
)

//go:embed testdata/validate.py
var validateScript string

//go:embed testdata/record.py
var recordScript string

// Validate has the validator of OASIS judge a bundle or an object, and fails the test with every error
// it finds: whatever breaks a MUST of the standard. It skips the test where there is no validator.
func Validate(t testing.TB, bundle []byte) {
	t.Helper()
	var said []string
	if err := json.Unmarshal(run(t, validateScript, bundle), &said); err != nil {
		t.Fatalf("read what the validator says: %v", err)
	}
	for _, fault := range said {
		t.Errorf("the validator of OASIS: %s", fault)
	}
}

// Judged is an object of the validator's own tests and what the validator says of it.
type Judged struct {
	Test     string          // the first in which it stands
	Object   json.RawMessage // as Python writes it
	Errors   []string        // what breaks a MUST
	Warnings []string        // what is not as it SHOULD be
}

// Recorded runs the validator's own tests for STIX 2.1 and gives every object in them with the
// verdict. It skips the test where there is no validator.
func Recorded(t testing.TB) (all []Judged) {
	t.Helper()
	lines := bufio.NewScanner(bytes.NewReader(run(t, recordScript, nil)))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var one Judged
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatalf("read what the validator says: %v", err)
		}
		all = append(all, one)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// run runs a script over the validator and gives what it prints.
func run(t testing.TB, script string, input []byte) []byte {
	t.Helper()
	checkout := os.Getenv(ValidatorVariable)
	if checkout == "" {
		t.Skipf("the validator of OASIS is not here: set %s to a checkout of cti-stix-validator (see CONTRIBUTING.md)", ValidatorVariable)
	}
	python := os.Getenv(PythonVariable)
	if python == "" {
		python = "python3"
	}
	var out, problems bytes.Buffer
	cmd := exec.CommandContext(t.Context(), python, "-c", script)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), &out, &problems
	path := checkout
	if more := os.Getenv("PYTHONPATH"); more != "" {
		path += string(filepath.ListSeparator) + more
	}
	cmd.Env = append(os.Environ(), "PYTHONPATH="+path)
	if err := cmd.Run(); err != nil {
		t.Fatalf("run the validator of OASIS in %s with %s: %v\n%s", checkout, python, err, problems.Bytes())
	}
	return out.Bytes()
}
