package stixtest

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

// ErrNoValidator: nobody said where the validator of OASIS is.
var ErrNoValidator = fmt.Errorf("the validator of OASIS is not here: set %s to a checkout of cti-stix-validator (see CONTRIBUTING.md)", ValidatorVariable)

// Judge has the validator of OASIS judge bundles or objects, and gives every error it finds: whatever breaks a MUST of
// the standard.
func Judge(ctx context.Context, bundles ...[]byte) (faults []string, err error) {
	out, err := run(ctx, validateScript, slices.Concat([]byte("["), bytes.Join(bundles, []byte(",")), []byte("]")))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(out, &faults); err != nil {
		return nil, fmt.Errorf("read what the validator says: %w", err)
	}
	return faults, nil
}

// Validate has the validator of OASIS judge bundles or objects, and fails the test with every error it finds. It skips the
// test where there is no validator.
func Validate(t testing.TB, bundles ...[]byte) {
	t.Helper()
	faults, err := Judge(t.Context(), bundles...)
	if errors.Is(err, ErrNoValidator) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range faults {
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
	out, err := run(t.Context(), recordScript, nil)
	if errors.Is(err, ErrNoValidator) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
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
func run(ctx context.Context, script string, input []byte) ([]byte, error) {
	checkout := os.Getenv(ValidatorVariable)
	if checkout == "" {
		return nil, ErrNoValidator
	}
	python := os.Getenv(PythonVariable)
	if python == "" {
		python = "python3"
	}
	var out, problems bytes.Buffer
	cmd := exec.CommandContext(ctx, python, "-c", script)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), &out, &problems
	path := checkout
	if more := os.Getenv("PYTHONPATH"); more != "" {
		path += string(filepath.ListSeparator) + more
	}
	cmd.Env = append(os.Environ(), "PYTHONPATH="+path)
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("run the validator of OASIS in %s with %s: %w\n%s", checkout, python, err, problems.Bytes())
	}
	return out.Bytes(), nil
}
