package stix

import (
	"errors"

	"parley/stix/internal/scan"
	"parley/stix/pattern"
)

// wellFormedPattern asks that the pattern of an indicator in the STIX language follows section 9 of
// the standard. That STOP comes after START is sensible and no MUST.
func wellFormedPattern(c *checker, f fields) {
	language, _ := scan.Text(f.get("pattern_type"))
	text, given := scan.Text(f.get("pattern"))
	if language != "stix" || !given {
		return
	}
	version, _ := scan.Text(f.get("pattern_version"))
	p, err := pattern.Parse(text, pattern.Options{STIX20: version == "2.0"})
	var fault *pattern.Fault
	if errors.As(err, &fault) {
		c.faultAt("pattern", "is no STIX pattern: %s: %s", fault.Place(), fault.Problem)
		return
	}
	for _, fault := range p.Check() {
		if fault.Rule != pattern.RuleOrder {
			c.faultAt("pattern", "is a faulty STIX pattern: %s: %s", fault.Place(), fault.Problem)
		}
	}
}
