package node

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"runtime/debug"
	"time"

	"parley/internal/store"
	"parley/internal/triage"
)

// subject is how the ledger names evidence.
func subject(evidence int64) string { return fmt.Sprintf("E%d", evidence) }

// Program names the version of the program that is running.
func Program() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			version += " " + s.Value
		}
	}
	return version
}

// Custody is the chain of custody of one piece of evidence: what it was when it came,
// and all that the ledger says was done with it since, in order. Each line of the
// ledger holds the hash of the one before, so what is left out or changed later shows.
type Custody struct {
	Evidence store.Evidence
	Links    []store.Entry
	Sound    error // what is wrong with the ledger's chain, or nil
}

// Custody reads the chain of custody of evidence.
func (n *Node) Custody(ctx context.Context, evidence int64) (c Custody, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		if c.Evidence, err = tx.Evidence(ctx, evidence); err != nil {
			return err
		}
		if c.Links, err = tx.About(ctx, subject(evidence)); err != nil {
			return err
		}
		_, c.Sound = tx.VerifyLedger(ctx, nil)
		return nil
	})
	return c, err
}

// opened notes that somebody had a place in evidence opened.
func (n *Node) opened(ctx context.Context, evidence int64, what string, number int64) error {
	return n.store.Update(ctx, func(tx *store.Tx) error {
		return n.record(ctx, tx, "evidence.open", subject(evidence), "", map[string]int64{what: number})
	})
}

// CustodyLink is a link of the chain as it is shown.
type CustodyLink struct {
	Entry  int64           `json:"entry"` // of the ledger
	At     time.Time       `json:"at"`
	Who    string          `json:"who"`
	What   string          `json:"what"`
	Detail json.RawMessage `json:"detail"`
	Hash   string          `json:"hash"` // of the entry
}

// Chain gives the links as they are shown.
func (c Custody) Chain() []CustodyLink {
	links := make([]CustodyLink, len(c.Links))
	for i, l := range c.Links {
		links[i] = CustodyLink{l.Seq, l.At, l.Actor, l.Action, l.Detail, hex.EncodeToString(l.Hash)}
	}
	return links
}

// triaged gives when the last triage that came to its end began and ended.
func (c Custody) triaged() (from, to time.Time) {
	to = c.Evidence.TriagedAt
	from = to
	for _, l := range c.Links {
		if l.Action == "triage.begin" && !l.At.After(to) {
			from = l.At
		}
	}
	return from, to
}

// nameAt is the name of the file at a place, without the way to it.
func nameAt(place string) string {
	p, err := triage.ParsePlace(place)
	if err != nil || len(p.Chain) == 0 {
		return place
	}
	return path.Base(p.Chain[len(p.Chain)-1])
}
