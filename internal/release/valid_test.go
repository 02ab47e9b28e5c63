package release_test

import (
	"bytes"
	"testing"

	"parley/internal/release"
	"parley/stix"
	"parley/stix/stixtest"
)

// corpusBundles builds every report of the corpus as it would be released: the clean ones, and the planted ones without
// their leak.
func corpusBundles(t *testing.T) (all [][]byte) {
	t.Helper()
	for _, c := range readCorpus(t) {
		cases := c.Clean
		for _, p := range c.Planted {
			_, without := p.withLeak()
			cases = append(cases, without)
		}
		for _, lc := range cases {
			lc.Cleared = append(lc.Cleared, c.Cleared...)
			tearline, _ := lc.build(t)
			all = append(all, tearline.Bundle)
		}
	}
	return all
}

// TestReleasedBundlesAreValid holds every bundle that the corpus releases against the strictest reading of STIX that this
// program has, and against what a receiver accepts.
func TestReleasedBundlesAreValid(t *testing.T) {
	all := corpusBundles(t)
	for i, bundle := range all {
		if _, err := release.Verify(bundle); err != nil {
			t.Errorf("bundle %d: %v", i, err)
		}
		_, err := stix.ReadBundle(bytes.NewReader(bundle), stix.Limits{}, func(o stix.Object) error {
			for _, fault := range o.Validate(stix.Strict) {
				t.Errorf("bundle %d: %s: %v", i, o.ID(), fault)
			}
			return nil
		})
		if err != nil {
			t.Errorf("bundle %d: %v", i, err)
		}
	}
	t.Logf("%d bundles are valid", len(all))
	if len(all) < 200 {
		t.Errorf("%d bundles: the corpus has more reports than that", len(all))
	}
}

// TestOASISFindsReleasedBundlesValid has OASIS's own validator judge the same bundles.
func TestOASISFindsReleasedBundlesValid(t *testing.T) {
	all := corpusBundles(t)
	stixtest.Validate(t, all...)
	t.Logf("%d bundles were judged", len(all))
}
