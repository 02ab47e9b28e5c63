package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/stix"
	"parley/stix/marking"
)

// marked reads how a case writes a marking: a word for what it is, and what follows it.
func marked(v string) (m marking.Marking, err error) {
	word, rest, _ := strings.Cut(v, " ")
	rest = strings.TrimSpace(rest)
	if id, says, has := strings.Cut(v, " = "); has {
		if m, err = marked(says); err == nil {
			m.ID, err = stix.ParseID(id)
		}
		return m, err
	}
	var ok bool
	switch word {
	case "tlp":
		if m.TLP, ok = marking.ParseTLP(rest); !ok {
			return m, fmt.Errorf("%.40q is no TLP label", rest)
		}
	case "pap":
		if m.PAP, ok = marking.ParsePAP(rest); !ok {
			return m, fmt.Errorf("%.40q is no PAP level", rest)
		}
	case "statement":
		m.Statement = rest
	case "originator-control":
		m.Handling = &marking.Handling{OriginatorControl: true}
	case "embargo":
		var until time.Time
		until, err = moment(rest)
		m.Handling = &marking.Handling{EmbargoUntil: until}
	case "iep":
		if !slices.Contains(marking.PermittedActions(), rest) {
			return m, fmt.Errorf("iep with the actions that it permits: %s", strings.Join(marking.PermittedActions(), ", "))
		}
		m.IEP = &marking.IEP{
			PermittedActions: rest, EncryptInTransit: "may", AffectedPartyNotifications: "may", ProviderAttribution: "may", UnmodifiedResale: "may",
		}
	case "classification":
		m.ACS = &marking.ACS{Classification: rest}
	case "rel-to":
		m.ACS = &marking.ACS{Classification: "U", Control: marking.Scope{Nationalities: names(rest)}}
	case "releasable-to":
		m.ACS = &marking.ACS{Classification: "U", Control: marking.Scope{Organizations: names(rest)}}
	case "noforn":
		m.ACS = &marking.ACS{Classification: "U", Determination: []string{"NF"}}
	case "unknown":
		m.Unknown = "is one that this case makes unknown"
	default:
		return m, fmt.Errorf("%.40q is no marking of a case: %s", word,
			"tlp, pap, statement, originator-control, embargo, iep, classification, rel-to, releasable-to, noforn or unknown")
	}
	return m, err
}

func names(v string) []string {
	return strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
}
