package marking

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/stix"
)

// IEP is an Information Exchange Policy 2.0 (FIRST, November 2019) in the form that OASIS's extension
// gives it.
type IEP struct {
	EncryptInTransit           string // must, may
	PermittedActions           string // one of [PermittedActions]
	AffectedPartyNotifications string // may, must-not
	ProviderAttribution        string // may, must, must-not
	UnmodifiedResale           string // may, must-not
	Start, End                 time.Time
}

// PermittedActions lists what a policy may permit, the least first.
func PermittedActions() []string {
	return []string{
		"none", "contact-for-instruction", "internally-visible-actions", "externally-visible-indirect-actions", "externally-visible-direct-actions",
	}
}

// refuses says whether the policy has something to say at a moment. One that is over, or not yet begun,
// leaves open what holds: it is not taken for leave.
func (p *IEP) refuses(at time.Time) string {
	const day = "2006-01-02"
	switch {
	case at.Before(p.Start):
		return "is an exchange policy that holds only from " + p.Start.UTC().Format(day)
	case !p.End.IsZero() && at.After(p.End):
		return "is an exchange policy that ended on " + p.End.UTC().Format(day)
	}
	return ""
}

// iepContent is the extension as it is written.
type iepContent struct {
	Kind          string          `json:"extension_type"`
	Encrypt       string          `json:"encrypt_in_transit"`
	Actions       string          `json:"permitted_actions"`
	Notifications string          `json:"affected_party_notifications"`
	TLP           string          `json:"tlp"`
	Attribution   string          `json:"provider_attribution"`
	Resale        string          `json:"unmodified_resale"`
	ID            string          `json:"iep_id"`
	Version       float64         `json:"iep_version"`
	Name          string          `json:"name"`
	Description   string          `json:"description"`
	Start         stix.Timestamp  `json:"start_date"`
	End           *stix.Timestamp `json:"end_date"`
}

func (m *Marking) iep(content []byte) error {
	var x iepContent
	if err := strict(content, &x, &x.Kind); err != nil {
		return fmt.Errorf("has an exchange policy that %w", err)
	}
	for _, c := range []struct {
		name, value string
		allowed     []string
	}{
		{"encrypt_in_transit", x.Encrypt, []string{"must", "may"}},
		{"permitted_actions", x.Actions, PermittedActions()},
		{"affected_party_notifications", x.Notifications, []string{"may", "must-not"}},
		{"provider_attribution", x.Attribution, []string{"may", "must", "must-not"}},
		{"unmodified_resale", x.Resale, []string{"may", "must-not"}},
	} {
		if !slices.Contains(c.allowed, c.value) {
			return fmt.Errorf("has an exchange policy whose %s is %.40q", c.name, c.value)
		}
	}
	switch _, err := uuid.Parse(x.ID); {
	case err != nil:
		return fmt.Errorf("has an exchange policy whose iep_id is no UUID")
	case x.Version != 2:
		return fmt.Errorf("has an exchange policy of version %v, not 2.0", x.Version)
	case x.Start.IsZero():
		return fmt.Errorf("has an exchange policy without a start_date")
	case x.End != nil && x.End.Compare(x.Start) < 0:
		return fmt.Errorf("has an exchange policy that ends before it starts")
	}
	m.IEP = &IEP{
		EncryptInTransit: x.Encrypt, PermittedActions: x.Actions, AffectedPartyNotifications: x.Notifications,
		ProviderAttribution: x.Attribution, UnmodifiedResale: x.Resale, Start: x.Start.Time(),
	}
	if x.End != nil {
		m.IEP.End = x.End.Time()
	}
	return m.label(x.TLP)
}
