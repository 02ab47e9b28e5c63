package selector

import (
	"strings"
	"sync"

	"github.com/nyaruka/phonenumbers"
)

// plan is what decides, for most numbers, what libphonenumber would say: which
// lengths a country's numbers have and how its trunk prefix begins.
type plan struct {
	lengths uint32        // bit n: national numbers of n digits exist
	prefix  string        // digits every written trunk prefix begins with
	simple  bool          // prefix says all; otherwise libphonenumber itself is asked
	shape   func() *shape // made when first asked for
}

// plans gives the plan of each country calling code, read once from
// libphonenumber's own data.
var plans = sync.OnceValue(func() map[int]plan {
	table := make(map[int]plan)
	collection, err := phonenumbers.MetadataCollection()
	if err != nil {
		return table // every number then takes the slow way
	}
	for _, country := range collection.GetMetadata() {
		code := int(country.GetCountryCode())
		if country.GetId() == phonenumbers.GetRegionCodeForCountryCode(code) {
			p := planOf(country)
			p.shape = sync.OnceValue(func() *shape { return newShape(code) })
			table[code] = p
		}
	}
	return table
})

func planOf(country *phonenumbers.PhoneMetadata) plan {
	var p plan
	for _, length := range country.GetGeneralDesc().GetPossibleLength() {
		if length > 0 && length < 32 {
			p.lengths |= 1 << length
		}
	}
	rule := country.GetNationalPrefixForParsing()
	p.prefix = rule
	p.simple = strings.Trim(rule, "0123456789") == ""
	return p
}

// international gives the E.164 form of digits that begin with a country code.
func international(digits string) (string, bool) {
	for i := range len(digits) {
		if classes[digits[i]]&classDigit == 0 {
			return "", false
		}
	}
	code, length := callingCode(digits)
	if code == 0 || len(digits) > maxDigits+1 {
		return "", false
	}
	p, known := plans()[code]
	rest := digits[length:]
	if !known || !p.simple || p.prefix != "" && strings.HasPrefix(rest, p.prefix) {
		return slowInternational(digits)
	}
	if len(digits) > maxDigits || p.lengths&(1<<len(rest)) == 0 {
		return "", false
	}
	return "+" + digits, true
}

// slowInternational asks libphonenumber, until its answer stays the same: what
// is left after a trunk prefix can look like one again.
func slowInternational(digits string) (string, bool) {
	value := "+" + digits
	for range 4 {
		number, err := phonenumbers.Parse(value, "")
		if err != nil || phonenumbers.IsPossibleNumberWithReason(number) != phonenumbers.IS_POSSIBLE {
			return "", false
		}
		next := phonenumbers.Format(number, phonenumbers.E164)
		if len(next) > maxDigits+1 {
			return "", false
		}
		if next == value {
			return value, true
		}
		value = next
	}
	return "", false
}

// callingCode reads the country calling code that digits begin with. No code
// begins another, so the shortest is the one.
func callingCode(digits string) (code, length int) {
	for length = 1; length <= 3 && length < len(digits); length++ {
		code = code*10 + int(digits[length-1]-'0')
		if _, known := plans()[code]; known {
			return code, length
		}
		if code == 0 {
			break
		}
	}
	return 0, 0
}
