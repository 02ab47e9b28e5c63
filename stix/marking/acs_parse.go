package marking

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"parley/stix"
)

// acsContent is the extension as it is written (schema isa-acs-3-0). What concerns only people (names,
// reasons, who classified it) is taken in and not looked into.
type acsContent struct {
	Kind           string         `json:"extension_type"`
	Identifier     string         `json:"identifier"`
	Name           string         `json:"name"`
	Created        stix.Timestamp `json:"create_date_time"`
	Custodian      string         `json:"responsible_entity_custodian"`
	Originator     string         `json:"responsible_entity_originator"`
	Authorities    []string       `json:"authority_reference"`
	Policy         string         `json:"policy_reference"`
	Original       any            `json:"original_classification"`
	Derivative     any            `json:"derivative_classification"`
	Declass        any            `json:"declassification"`
	PublicRelease  any            `json:"public_release"`
	Disposition    *acsDisposal   `json:"resource_disposition"`
	AccessPriv     []Privilege    `json:"access_privilege"`
	FurtherSharing []Sharing      `json:"further_sharing"`
	Control        *acsControl    `json:"control_set"`
}

type acsDisposal struct {
	Date    stix.Timestamp `json:"disposition_date"`
	Process string         `json:"disposition_process"`
}

type acsControl struct {
	Scope          `json:",inline"`
	Classification string   `json:"classification"`
	SCI            []string `json:"sci_controls"`
	Authority      []string `json:"logical_authority_category"`
	Determination  []string `json:"formal_determination"`
	Caveat         []string `json:"caveat"`
	Sensitivity    []string `json:"sensitivity"`
}

// The words of the schema's closed lists.
var (
	acsClasses        = []string{"U", "C", "S", "TS"}
	acsDeterminations = []string{
		"PUBREL", "NF", "AIS", "PII-NECESSARY-TO-UNDERSTAND-THREAT", "NO-PII-PRESENT", "FOUO", "INFORMATION-DIRECTLY-RELATED-TO-CYBERSECURITY-THREAT",
	}
	acsCaveats       = []string{"FISA", "POSSIBLEPII", "CISAPROPRIETARY"}
	acsSensitivities = []string{"NTOC_DHS_ECYBER_SVC_SHARE.NSA.NSA", "PCII", "LES", "INT", "PII", "PR", "TEI"}
	acsCommunities   = []string{"NCC", "EM", "LE", "IC", "ALL"}
	acsEntities      = []string{"MIL", "GOV", "CTR", "SVR", "SVC", "DEV", "NET", "ALL"}
	acsActions       = []string{
		"DSPLY", "IDSRC", "TENOT", "NETDEF", "LEGAL", "INTEL", "TEARLINE", "OPACTION", "REQUEST", "ANONYMOUSACCESS", "CISAUSES", "ALL",
	}
	acsEffects = []string{permit, deny}
	acsPolicy  = regexp.MustCompile(`^urn:isa:policy:acs:ns:v3\.0\?privdefault=(permit|deny)&sharedefault=(permit|deny)$`)
	acsName    = regexp.MustCompile(`^[A-Z0-9]+([.-][A-Z0-9][A-Z0-9-]*)*$`)
)

func (m *Marking) acs(content []byte) error {
	var x acsContent
	if err := strict(content, &x, &x.Kind); err != nil {
		return fmt.Errorf("has an access control marking that %w", err)
	}
	policy := acsPolicy.FindStringSubmatch(strings.TrimSpace(x.Policy))
	switch {
	case policy == nil:
		return fmt.Errorf("has an access control marking whose policy_reference is not one of ACS 3.0")
	case x.Control == nil:
		return fmt.Errorf("has an access control marking without a control_set")
	case x.Identifier == "" || x.Created.IsZero() || !acsName.MatchString(x.Custodian):
		return fmt.Errorf("has an access control marking without an identifier, a date or a custodian")
	}
	if err := x.check(); err != nil {
		return fmt.Errorf("has an access control marking whose %w", err)
	}
	c := x.Control
	m.ACS = &ACS{
		Classification: c.Classification, Custodian: x.Custodian, Originator: x.Originator, Authorities: x.Authorities,
		Controls: slices.Concat(c.SCI, c.Authority), Determination: c.Determination, Caveats: c.Caveat, Sensitivities: c.Sensitivity,
		Control: c.Scope, PrivilegesDenied: policy[1] == deny, SharingDenied: policy[2] == deny,
		Privileges: x.AccessPriv, Sharing: x.FurtherSharing,
	}
	if x.Disposition != nil {
		m.ACS.DisposeOn = x.Disposition.Date.Time()
	}
	return nil
}

// check holds the words of closed lists against them.
func (x acsContent) check() error {
	c := x.Control
	if err := words("classification", acsClasses, c.Classification); err != nil {
		return err
	}
	for _, l := range []struct {
		name    string
		allowed []string
		values  []string
	}{
		{"formal_determination", acsDeterminations, c.Determination},
		{"caveat", acsCaveats, c.Caveat},
		{"sensitivity", acsSensitivities, c.Sensitivity},
	} {
		if err := words(l.name, l.allowed, l.values...); err != nil {
			return err
		}
	}
	if err := c.check(); err != nil {
		return err
	}
	for _, p := range x.AccessPriv {
		if err := p.check(); err != nil {
			return err
		}
	}
	for _, s := range x.FurtherSharing {
		if len(s.Scope) == 0 {
			return fmt.Errorf("further_sharing names nobody")
		}
		if err := words("rule_effect", acsEffects, s.Effect); err != nil {
			return err
		}
	}
	if x.Disposition != nil && x.Disposition.Date.IsZero() {
		return fmt.Errorf("resource_disposition has no date")
	}
	return nil
}

func (p Privilege) check() error {
	if p.Scope == nil {
		return fmt.Errorf("access_privilege has no scope")
	}
	if err := words("privilege_action", acsActions, p.Action); err != nil {
		return err
	}
	if err := words("rule_effect", acsEffects, p.Effect); err != nil {
		return err
	}
	return p.Scope.check()
}

func (s Scope) check() error {
	if err := words("shareability", acsCommunities, s.Communities...); err != nil {
		return err
	}
	if err := words("entity", acsEntities, s.Entities...); err != nil {
		return err
	}
	for _, name := range slices.Concat(s.Nationalities, s.Organizations) {
		if !acsName.MatchString(name) {
			return fmt.Errorf("scope names %.40q, which is no code", name)
		}
	}
	return nil
}

func words(name string, allowed []string, values ...string) error {
	for _, v := range values {
		if !slices.Contains(allowed, v) {
			return fmt.Errorf("%s is %.40q, which is not in its list", name, v)
		}
	}
	return nil
}

// list is a few names in a sentence.
func list(names []string) string {
	const most = 6
	if len(names) > most {
		return strings.Join(names[:most], ", ") + " …"
	}
	return strings.Join(names, ", ")
}

// known is what is known of a recipient, as a clause.
func known(names []string) string {
	if len(names) == 0 {
		return "nothing of the kind is known of the recipient"
	}
	return "the recipient is " + list(names)
}
