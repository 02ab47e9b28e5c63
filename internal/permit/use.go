package permit

import (
	"fmt"
	"strings"
)

// Use is what a counterpart may do with what it is given.
type Use string

// The permitted uses.
const (
	ProtectLife       Use = "protect-life-only"
	Detection         Use = "detection"
	InvestigationLead Use = "investigation-lead"
	Moderation        Use = "moderation"
	Background        Use = "background"
)

// Uses lists every permitted use, the narrowest first.
func Uses() []Use {
	return []Use{ProtectLife, Detection, Moderation, InvestigationLead, Background}
}

// Wording returns what the use means in words, or "" for an unknown use.
func (u Use) Wording() string {
	const ask = " It goes to nobody else without the originator's consent."
	switch u {
	case ProtectLife:
		return "Use only to warn or protect people whose life is at risk." + ask
	case Detection:
		return "Use only to find this in your own systems. No action against a person rests on it alone." + ask
	case Moderation:
		return "Use only to review content and accounts on your own service. A person decides." + ask
	case InvestigationLead:
		return "Use only as a lead to look further. It is not evidence and is shown to no court." + ask
	case Background:
		return "Use only to understand. No action rests on it." + ask
	}
	return ""
}

// Covers tells whether what was given for the use may be used for another: for that one alone. Uses are not
// wider or narrower than each other; who gave it is asked.
func (u Use) Covers(other Use) bool { return u != "" && u == other }

const mark = "Parley permitted use: "

// Statement returns the text of the STIX statement marking for the use, or "" for an unknown use.
func (u Use) Statement() string {
	if u.Wording() == "" {
		return ""
	}
	return mark + string(u) + ". " + u.Wording()
}

// Parse reads a use by its short name.
func Parse(name string) (Use, error) {
	for _, u := range Uses() {
		if string(u) == name {
			return u, nil
		}
	}
	return "", fmt.Errorf("permitted use %q is not in the list: choose one of %s", name, Names())
}

// ParseStatement reads a use back from a statement marking; the wording must be the whole text.
func ParseStatement(text string) (Use, bool) {
	for _, u := range Uses() {
		if u.Statement() == text {
			return u, true
		}
	}
	return "", false
}

// Names lists the short names for an error or a help text.
func Names() string {
	names := make([]string, 0, len(Uses()))
	for _, u := range Uses() {
		names = append(names, string(u))
	}
	return strings.Join(names, ", ")
}
