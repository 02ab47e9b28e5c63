package release

import "parley/internal/permit"

// Use is what a counterpart may do with a tearline.
type Use = permit.Use

// The permitted uses.
const (
	ProtectLife       = permit.ProtectLife
	Detection         = permit.Detection
	InvestigationLead = permit.InvestigationLead
	Moderation        = permit.Moderation
	Background        = permit.Background
)

// Uses lists every permitted use, the narrowest first.
func Uses() []Use { return permit.Uses() }

// ParseUse reads a use by its short name.
func ParseUse(name string) (Use, error) { return permit.Parse(name) }
