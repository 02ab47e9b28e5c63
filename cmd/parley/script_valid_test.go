package main

import (
	"bytes"
	"context"
	"errors"

	"github.com/rogpeppe/go-internal/testscript"

	"parley/internal/release"
	"parley/stix"
	"parley/stix/stixtest"
)

// valid holds what a release sent against the strictest reading of STIX that this program has, and has OASIS's own
// validator judge it where there is one.
func valid(ts *testscript.TestScript, args []string) {
	want(ts, args, 1, "valid RELEASE…")
	for _, number := range args {
		ts.Check(ts.Exec("parley", "release", "show", number, "--bundle"))
		bundle := bytes.TrimSuffix([]byte(ts.ReadFile("stdout")), []byte("\n"))
		if _, err := release.Verify(bundle); err != nil {
			ts.Fatalf("%s: %v", number, err)
		}
		_, err := stix.ReadBundle(bytes.NewReader(bundle), stix.Limits{}, func(o stix.Object) error {
			for _, fault := range o.Validate(stix.Strict) {
				ts.Fatalf("%s: %s: %v", number, o.ID(), fault)
			}
			return nil
		})
		ts.Check(err)
		faults, err := stixtest.Judge(context.Background(), bundle)
		if errors.Is(err, stixtest.ErrNoValidator) {
			continue
		}
		ts.Check(err)
		for _, fault := range faults {
			ts.Fatalf("%s: the validator of OASIS: %s", number, fault)
		}
		ts.Logf("%s: the validator of OASIS finds nothing", number)
	}
}
