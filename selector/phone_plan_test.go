package selector

import (
	"fmt"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"
)

// The short way decides as libphonenumber itself does, for every country.
func TestPlansAgreeWithLibphonenumber(t *testing.T) {
	codes := make([]int, 0, len(plans()))
	for code := range plans() {
		codes = append(codes, code)
	}
	if len(codes) < 200 {
		t.Fatalf("only %d country codes have a plan", len(codes))
	}
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.SampledFrom(codes).Draw(t, "code")
		digits := fmt.Sprint(code) + rapid.StringMatching(`[0-9]{2,13}`).Draw(t, "rest")
		fast, ok := international(digits)
		slow, want := slowInternational(digits)
		if fast != slow || ok != want {
			t.Fatalf("+%s: %q %v, libphonenumber says %q %v", digits, fast, ok, slow, want)
		}
	})
}

// Every kind of number that a country assigns is accepted.
func TestEveryCountrysExampleIsANumber(t *testing.T) {
	for region := range phonenumbers.GetSupportedRegions() {
		example := phonenumbers.GetExampleNumber(region)
		want := phonenumbers.Format(example, phonenumbers.E164)
		for _, form := range []phonenumbers.PhoneNumberFormat{phonenumbers.E164, phonenumbers.INTERNATIONAL, phonenumbers.NATIONAL} {
			raw := phonenumbers.Format(example, form)
			s, err := Parse(Phone, raw, Options{Region: region})
			if err != nil || s.Value != want {
				t.Errorf("%s: %q gives %q, %v; want %s", region, raw, s.Value, err, want)
			}
		}
	}
}

// North American 555-01xx numbers are reserved for examples and must be usable,
// in prose too.
func TestReservedExamplesAreFound(t *testing.T) {
	for last := range 100 {
		for _, area := range []string{"202", "303", "415", "617", "212"} {
			want := fmt.Sprintf("+1%s55501%02d", area, last)
			for _, text := range []string{want, fmt.Sprintf("(%s) 555-01%02d", area, last)} {
				hits := Find(text, Options{Region: "US"})
				if len(hits) != 1 || hits[0].Selector.Value != want {
					t.Errorf("%q: found %v", text, hits)
				}
			}
		}
	}
}

// The automaton of a plan decides as libphonenumber does what is assigned.
func TestShapesAgreeWithLibphonenumber(t *testing.T) {
	for _, region := range []string{"US", "CA", "DE", "GB", "FR", "IN", "IR", "SA"} {
		d := newDialled(Options{Region: region})
		if d.shape() == nil {
			continue
		}
		rapid.Check(t, func(t *rapid.T) {
			digits := rapid.StringMatching(`[0-9]{7,12}|1?(202|303|415|800|900|456|533)[0-9]{7}|0?(9|15|16|17|30)[0-9]{7,9}`).Draw(t, "digits")
			want := ""
			if assigned(digits, region) {
				want, _ = national(digits, region)
			}
			if got := d.judge(digits); got != want && len(digits) >= minDigits && digits[:2] != "00" {
				t.Fatalf("%s in %s: %q, libphonenumber says %q", digits, region, got, want)
			}
		})
	}
}
