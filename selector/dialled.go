package selector

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// rememberedNumbers bounds how many judged numbers a Finder keeps.
const rememberedNumbers = 4096

// dialled judges numbers found in prose for one region, and remembers its
// judgements: a chat repeats few numbers many times, and libphonenumber takes
// about twenty microseconds for one.
type dialled struct {
	region string
	code   int // country calling code of the region, 0 without region
	known  map[string]string
}

func newDialled(opt Options) *dialled {
	region := strings.ToUpper(opt.Region)
	d := &dialled{region: region, known: make(map[string]string)}
	if region != "" {
		d.code = phonenumbers.GetCountryCodeForRegion(region)
	}
	return d
}

// number gives the E.164 form of digits as they were written, with plus or
// without; odd says that they were pointed like a decimal or an IP address.
func (d *dialled) number(digits []byte, plus, odd bool) (string, bool) {
	if plus {
		return international(string(digits))
	}
	if odd || len(digits) > maxDigits+len("00") {
		return "", false
	}
	if !strings.HasPrefix(string(digits[:2]), "00") && !d.possible(len(digits)) {
		return "", false
	}
	value, known := d.known[string(digits)]
	if !known {
		if len(d.known) >= rememberedNumbers {
			clear(d.known)
		}
		value = d.judge(string(digits))
		d.known[string(digits)] = value
	}
	return value, value != ""
}

// possible: numbers of the region have such a length, bare, with trunk prefix
// or with their country code.
func (d *dialled) possible(length int) bool {
	if d.code == 0 {
		return false
	}
	lengths := plans()[d.code].lengths
	for _, extra := range [...]int{0, 1, 2, 3} {
		if length-extra > 0 && lengths&(1<<(length-extra)) != 0 {
			return true
		}
	}
	return false
}

// judge gives the E.164 form, or "" for what is not sure to be a phone number:
// unlike after a plus, the number must be one the plan assigns, and be written
// with the trunk prefix where the country's people write one. Without that,
// seconds since 1970 are German mobile phones.
func (d *dialled) judge(digits string) string {
	region := d.region
	if rest, ok := strings.CutPrefix(digits, "00"); ok {
		if value, ok := international(rest); ok && assigned(value, "") {
			return value
		}
	}
	if d.code == 0 {
		return ""
	}
	if shape := d.shape(); shape != nil {
		if !shape.mayMeet(digits) {
			return ""
		}
		if bare := strings.TrimPrefix(digits, "1"); d.code == codeNorthAmerica && len(bare) == 10 {
			if !shape.meets(bare) {
				return ""
			}
			return "+1" + bare
		}
	}
	if !assigned(digits, region) {
		return ""
	}
	value, err := national(digits, region)
	if err != nil {
		return ""
	}
	return value
}

// shape gives that of the region's numbers; nil where it does not decide.
func (d *dialled) shape() *shape {
	if p := plans()[d.code]; p.simple {
		return p.shape()
	}
	return nil
}

// codeNorthAmerica: its numbers have ten digits and are dialled with a 1 before
// them or without, so that the shape alone decides.
const codeNorthAmerica = 1

func assigned(digits, region string) bool {
	number, err := phonenumbers.ParseAndKeepRawInput(digits, region)
	return err == nil && phonenumbers.IsValidNumber(number) && phonenumbers.IsNationalPrefixPresentIfRequired(number)
}
