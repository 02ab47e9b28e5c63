package marking

import (
	"fmt"
	"slices"
	"time"
)

// ACS is a marking of the Information Sharing Architecture's Access Control Specification 3.0a, in the
// form that OASIS's extension gives it.
type ACS struct {
	Classification string // U, C, S or TS
	Custodian      string // responsible_entity_custodian
	Originator     string // responsible_entity_originator, or ""
	Authorities    []string

	Controls      []string // sci_controls and logical_authority_category: who holds them is not known here
	Determination []string // formal_determination: NF (no foreign nationals), PUBREL (public), FOUO …
	Caveats       []string
	Sensitivities []string
	Control       Scope // the control set's lists of who may have it

	PrivilegesDenied bool // privdefault=deny
	SharingDenied    bool // sharedefault=deny
	Privileges       []Privilege
	Sharing          []Sharing

	DisposeOn time.Time // when it is to be got rid of; zero for never
}

// Scope names recipients. An empty list names everybody; so does one that holds ALL.
type Scope struct {
	Nationalities []string `json:"permitted_nationalities"`
	Organizations []string `json:"permitted_organizations"`
	Communities   []string `json:"shareability"`
	Entities      []string `json:"entity"`
}

// Privilege permits or denies an action on what is marked.
type Privilege struct {
	Action string `json:"privilege_action"`
	Scope  *Scope `json:"privilege_scope"`
	Effect string `json:"rule_effect"`
}

// Sharing permits or denies handing on to organizations.
type Sharing struct {
	Scope  []string `json:"sharing_scope"`
	Effect string   `json:"rule_effect"`
}

// NoForeign tells whether the marking is NOFORN: for nationals of the United States.
func (a *ACS) NoForeign() bool { return slices.Contains(a.Determination, "NF") }

// DisplayOnly tells whether it may be shown and not be handed over: showing is the only thing that is
// permitted to anybody.
func (a *ACS) DisplayOnly() bool {
	shows := false
	for _, p := range a.Privileges {
		if p.Effect == permit && p.Action != "DSPLY" {
			return false
		}
		shows = shows || p.Effect == permit
	}
	return shows && a.PrivilegesDenied
}

const (
	permit = "permit"
	deny   = "deny"
)

// refuses says why it does not go to a recipient.
func (a *ACS) refuses(to Recipient, at time.Time) string {
	switch {
	case !a.DisposeOn.IsZero() && !at.Before(a.DisposeOn):
		return "was to be got rid of on " + a.DisposeOn.UTC().Format("2006-01-02")
	case len(a.Controls) > 0:
		return fmt.Sprintf("asks for controls that no recipient is known to hold (%s)", list(a.Controls))
	case a.NoForeign() && to.Country != "USA":
		return "is NOFORN, and " + known(nonEmpty(to.Country))
	case a.DisplayOnly():
		return "is for display only: it may be shown and not be handed over"
	}
	if why := a.Control.excludes(to); why != "" {
		return why
	}
	if why := a.sharing(to); why != "" {
		return why
	}
	return a.privilege(to)
}

// excludes says which list of a scope a recipient is not in, or "".
func (s Scope) excludes(to Recipient) string {
	for _, l := range []struct {
		what  string
		names []string
		has   []string
	}{
		{"nationals of", s.Nationalities, nonEmpty(to.Country)},
		{"the organizations", s.Organizations, to.Organizations},
		{"the communities", s.Communities, to.Communities},
		{"the entities", s.Entities, to.Entities},
	} {
		if !among(l.names, l.has) {
			return fmt.Sprintf("is releasable to %s %s, and %s", l.what, list(l.names), known(l.has))
		}
	}
	return ""
}

// sharing weighs the rules for handing on: what denies wins, and so does not knowing who the recipient is.
func (a *ACS) sharing(to Recipient) string {
	permitted := !a.SharingDenied
	for _, s := range a.Sharing {
		named := slices.ContainsFunc(s.Scope, func(o string) bool { return slices.Contains(to.Organizations, o) })
		switch {
		case s.Effect == deny && (named || len(to.Organizations) == 0):
			return fmt.Sprintf("is not shared further with %s, and %s", list(s.Scope), known(to.Organizations))
		case s.Effect == permit:
			permitted = permitted || named
		}
	}
	if !permitted {
		return "is shared further with nobody whom it does not name, and it does not name the recipient"
	}
	return ""
}

// privilege asks for what handing something over needs: TEARLINE, or ALL.
func (a *ACS) privilege(to Recipient) string {
	permitted := !a.PrivilegesDenied
	for _, p := range a.Privileges {
		if p.Action != "ALL" && p.Action != "TEARLINE" {
			continue
		}
		switch {
		case p.Effect == deny && p.Scope.mayInclude(to):
			return "denies the recipient its release"
		case p.Effect == permit:
			permitted = permitted || p.Scope.excludes(to) == ""
		}
	}
	if !permitted {
		return "permits its release to nobody whom it does not name, and it does not name the recipient"
	}
	return ""
}

// mayInclude tells whether a recipient is in a scope, or may be for all that is known.
func (s Scope) mayInclude(to Recipient) bool {
	for _, l := range [][2][]string{
		{s.Nationalities, nonEmpty(to.Country)}, {s.Organizations, to.Organizations}, {s.Communities, to.Communities}, {s.Entities, to.Entities},
	} {
		if len(l[1]) > 0 && !among(l[0], l[1]) {
			return false
		}
	}
	return true
}

// among tells whether a list names one of those that the recipient is.
func among(names, has []string) bool {
	return len(names) == 0 || slices.Contains(names, "ALL") || slices.ContainsFunc(has, func(h string) bool { return slices.Contains(names, h) })
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
