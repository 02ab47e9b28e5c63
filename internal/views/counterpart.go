package views

import (
	"time"

	"parley/internal/store"
)

// Counterpart is a party that this node was introduced to.
type Counterpart struct {
	Number   int64     `json:"number"` // C1 in the console
	Name     string    `json:"name"`
	Open     bool      `json:"open"`     // the channel is set up
	Verified bool      `json:"verified"` // the fingerprint was read aloud
	Spoken   string    `json:"fingerprint,omitempty"`
	Relays   []string  `json:"relays"`
	AddedAt  time.Time `json:"added_at"`
}

// CounterpartOf is a counterpart as it is told: without its keys.
func CounterpartOf(c store.Counterpart) Counterpart {
	return Counterpart{c.ID, c.Name, c.Open(), !c.VerifiedAt.IsZero(), c.Spoken, c.Relays, c.AddedAt}
}
