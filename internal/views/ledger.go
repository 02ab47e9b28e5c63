package views

import (
	"encoding/json"
	"fmt"
	"time"

	"parley/internal/store"
)

// Entry is a line of the ledger.
type Entry struct {
	Seq         int64           `json:"seq"`
	At          time.Time       `json:"at"`
	Actor       string          `json:"actor"`
	Through     string          `json:"through,omitempty"` // by which way the actor came in, such as "console" or "api"
	Action      string          `json:"action"`
	Subject     string          `json:"subject,omitempty"`
	Counterpart string          `json:"counterpart,omitempty"`
	Detail      json.RawMessage `json:"detail"` // an object
	Hash        string          `json:"hash"`   // in hex, over the entry and the hash before it
}

// EntryOf is a line of the ledger as it is told.
func EntryOf(e store.Entry) Entry {
	return Entry{e.Seq, e.At, e.Actor, e.Through, e.Action, e.Subject, e.Counterpart, e.Detail, fmt.Sprintf("%x", e.Hash)}
}
