package marking

import (
	"slices"
	"time"
)

// Whole is what several markings ask together.
type Whole struct {
	TLP               TLP    // the narrowest label
	PAP               PAP    // the narrowest level
	PermittedActions  string // of exchange policies, the least; "" where there is none
	Notifications     string // of affected parties: may, must-not, or ""
	Attribution       string // of the provider: may, must, must-not, or ""; both must and must-not is must-not
	Resale            string // may, must-not, or ""
	Encrypt           string // may, must, or ""
	Classification    string // of access control markings, the highest; "" where there is none
	NoForeign         bool
	DisplayOnly       bool
	Determinations    []string
	Caveats           []string
	Sensitivities     []string
	OriginatorControl bool
	EmbargoUntil      time.Time // the last
	Statements        []string
}

// Strictest puts markings together so that whoever keeps to the whole keeps to each.
func Strictest(all ...Marking) Whole {
	var w Whole
	for _, m := range all {
		if w.TLP.Wider(m.TLP) {
			w.TLP = m.TLP
		}
		if w.PAP.Wider(m.PAP) {
			w.PAP = m.PAP
		}
		if m.Statement != "" {
			w.Statements = append(w.Statements, m.Statement)
		}
		if m.IEP != nil {
			w.policy(m.IEP)
		}
		if m.ACS != nil {
			w.access(m.ACS)
		}
		if m.Handling != nil {
			w.OriginatorControl = w.OriginatorControl || m.Handling.OriginatorControl
			if m.Handling.EmbargoUntil.After(w.EmbargoUntil) {
				w.EmbargoUntil = m.Handling.EmbargoUntil
			}
		}
	}
	return w
}

func (w *Whole) policy(p *IEP) {
	w.PermittedActions = stricter(w.PermittedActions, p.PermittedActions, PermittedActions()...)
	w.Notifications = stricter(w.Notifications, p.AffectedPartyNotifications, "must-not", "may")
	w.Attribution = stricter(w.Attribution, p.ProviderAttribution, "must-not", "must", "may")
	w.Resale = stricter(w.Resale, p.UnmodifiedResale, "must-not", "may")
	w.Encrypt = stricter(w.Encrypt, p.EncryptInTransit, "must", "may")
}

func (w *Whole) access(a *ACS) {
	w.Classification = stricter(w.Classification, a.Classification, "TS", "S", "C", "U")
	w.NoForeign = w.NoForeign || a.NoForeign()
	w.DisplayOnly = w.DisplayOnly || a.DisplayOnly()
	w.Determinations = append(w.Determinations, a.Determination...)
	w.Caveats = append(w.Caveats, a.Caveats...)
	w.Sensitivities = append(w.Sensitivities, a.Sensitivities...)
}

// stricter gives the one of two words that stands first in a list; "" stands nowhere.
func stricter(a, b string, order ...string) string {
	at := func(s string) int {
		if i := slices.Index(order, s); i >= 0 {
			return i
		}
		return len(order)
	}
	if at(b) < at(a) {
		return b
	}
	return a
}
