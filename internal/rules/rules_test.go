package rules_test

import (
	"testing"
	"time"

	"parley/internal/rules"
)

var noon = time.Date(2026, time.September, 10, 12, 0, 0, 0, time.UTC)

// TestTheRulesThatTheProgramBringsKeepTheirCases.
func TestTheRulesThatTheProgramBringsKeepTheirCases(t *testing.T) {
	set, err := rules.Parse(rules.DefaultName, rules.Default())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range set.Test(set.Cases) {
		if !o.Holds {
			t.Errorf("%s %s: expected %s, got %s: %s", o.Place, o.Case, o.Expected, o.Got.Verdict(), o.Got.Reason)
		}
	}
}
