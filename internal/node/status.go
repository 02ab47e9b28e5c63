package node

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"parley/internal/match"
	"parley/internal/release"
	"parley/internal/store"
)

// Status is a node at a glance.
type Status struct {
	Party        string              `json:"party"`
	Home         string              `json:"home"`
	Users        []User              `json:"users"`
	Counts       store.Counts        `json:"counts"`
	Counterparts []CounterpartStatus `json:"counterparts"`
	Waiting      Waiting             `json:"waiting"`
	Ledger       LedgerHead          `json:"ledger"`
}

// CounterpartStatus is how things stand with one counterpart.
type CounterpartStatus struct {
	Name     string `json:"name"`
	Open     bool   `json:"open"`
	Verified bool   `json:"verified"`
	Messages int64  `json:"messages_waiting"`
	Parcels  int64  `json:"parcels_waiting"`
	Sent     int64  `json:"messages_sent"`
	Bytes    int64  `json:"bytes_sent"`
	Broken   string `json:"broken,omitempty"` // why the channel cannot go on
}

// Waiting counts what waits for one of our people.
type Waiting struct {
	Warnings  int `json:"warnings"`
	Overdue   int `json:"overdue"`
	Proposals int `json:"proposals"`
	Releases  int `json:"releases"`
	Reviews   int `json:"reviews"` // warnings that one person sent, not yet looked at by another
	// Corrections are warnings whose basis was withdrawn, and of which somebody who
	// was told has not heard.
	Corrections int `json:"corrections"`
}

// LedgerHead is the newest entry's number and hash: note it down elsewhere and
// a ledger that is cut short will show.
type LedgerHead struct {
	Entries int64  `json:"entries"`
	Hash    string `json:"hash"`
}

// Status reads how the node stands.
func (n *Node) Status(ctx context.Context) (Status, error) {
	s := Status{Party: n.Settings.Party, Home: n.home, Users: n.Users()}
	err := n.store.View(ctx, func(tx *store.Tx) error {
		var err error
		if s.Counts, err = tx.Counts(ctx); err != nil {
			return err
		}
		if s.Counterparts, err = n.counterpartStatus(ctx, tx); err != nil {
			return err
		}
		if s.Waiting, err = n.waiting(ctx, tx); err != nil {
			return err
		}
		head, err := tx.Head(ctx)
		s.Ledger = LedgerHead{head.Seq, hex.EncodeToString(head.Hash)}
		return err
	})
	return s, err
}

func (n *Node) counterpartStatus(ctx context.Context, tx *store.Tx) ([]CounterpartStatus, error) {
	all, err := tx.Counterparts(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]CounterpartStatus, len(all))
	for i, c := range all {
		st := CounterpartStatus{Name: c.Name, Open: c.Open(), Verified: !c.VerifiedAt.IsZero()}
		if st.Messages, st.Parcels, err = tx.Waiting(ctx, c.ID); err != nil {
			return nil, err
		}
		if st.Sent, st.Bytes, err = tx.Crossed(ctx, c.ID); err != nil {
			return nil, err
		}
		if st.Broken, err = tx.Broken(ctx, c.ID); err != nil {
			return nil, err
		}
		list[i] = st
	}
	return list, nil
}

func (n *Node) waiting(ctx context.Context, tx *store.Tx) (w Waiting, err error) {
	warnings, err := tx.Warnings(ctx)
	if err != nil {
		return w, err
	}
	for _, row := range warnings {
		a, err := readAlert(row)
		if err != nil {
			return w, err
		}
		due := a.Clock(n.now())
		if len(due) > 0 {
			w.Warnings++
		}
		if len(due) > 0 && due[0].Overdue {
			w.Overdue++
		}
		if a.Unreviewed() {
			w.Reviews++
		}
		if err := n.rest(ctx, tx, &a); err != nil {
			return w, err
		}
		if len(a.CorrectionDue) > 0 {
			w.Corrections++
		}
	}
	matchings, err := tx.Matchings(ctx)
	if err != nil {
		return w, err
	}
	for _, m := range matchings {
		if m.State == match.Offered {
			w.Proposals++
		}
	}
	releases, err := tx.Releases(ctx)
	if err != nil {
		return w, err
	}
	for _, r := range releases {
		if release.WaitsForPerson(r.State) {
			w.Releases++
		}
	}
	return w, nil
}

// mayAudit are the roles that may read the ledger: all but the one that only reads.
func mayAudit() []Role { return append(acting(), Auditor) }

// MayAudit tells whether a user may read the ledger.
func MayAudit(u User) bool { return slices.ContainsFunc(mayAudit(), u.Is) }

// Ledger lists entries from a number on, at most limit (0: all).
func (n *Node) Ledger(ctx context.Context, from int64, limit int) (all []store.Entry, err error) {
	if err := n.must(mayAudit()...); err != nil {
		return nil, err
	}
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Entries(ctx, from, limit)
		return err
	})
	return all, err
}

// LedgerEnd is the number of the newest entry, whether or not the chain holds.
func (n *Node) LedgerEnd(ctx context.Context) (last int64, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		head, err := tx.Head(ctx)
		last = head.Seq
		return err
	})
	return last, err
}

// VerifyLedger walks the chain; a hash noted down earlier must be part of it.
func (n *Node) VerifyLedger(ctx context.Context, known string) (head LedgerHead, err error) {
	if err := n.must(mayAudit()...); err != nil {
		return head, err
	}
	return n.verifyLedger(ctx, known)
}

func (n *Node) verifyLedger(ctx context.Context, known string) (head LedgerHead, err error) {
	hash, err := hex.DecodeString(known)
	if err != nil {
		return head, invalid("the hash %.80q is not hexadecimal", known)
	}
	err = n.store.View(ctx, func(tx *store.Tx) error {
		e, err := tx.VerifyLedger(ctx, hash)
		head = LedgerHead{e.Seq, hex.EncodeToString(e.Hash)}
		return err
	})
	return head, err
}

func (n *Node) checkFiles() error {
	for _, name := range []string{"", keysFile, storeFile} {
		info, err := os.Stat(filepath.Join(n.home, name))
		if err != nil {
			return err
		}
		if extra := info.Mode().Perm() & 0o077; extra != 0 {
			return fmt.Errorf("%s can be read by others (mode %o): run chmod go= on it", filepath.Join(n.home, name), info.Mode().Perm())
		}
	}
	return nil
}

func (n *Node) checkReleasers() error {
	releasers := 0
	for _, u := range n.Users() {
		if u.Is(Releaser) {
			releasers++
		}
	}
	if releasers < 2 {
		return fmt.Errorf("%d of %d users can clear a release: add another with 'parley user add NAME --role releaser'", releasers, len(n.Users()))
	}
	return nil
}

// toolsOnly tells whether no channel with a counterpart was ever begun: it is a consumer or a source.
func toolsOnly(c store.Counterpart) bool {
	return !c.Open() && len(c.Mine) == 0 && len(c.Introduction) == 0
}

func checkCounterpart(c store.Counterpart) error {
	if !c.Open() {
		return fmt.Errorf("no introduction from %s yet: read theirs with 'parley counterpart add'", c.Name)
	}
	if c.VerifiedAt.IsZero() {
		return fmt.Errorf("the spoken fingerprint was not compared: read it to each other, then 'parley counterpart verify %s DIGITS'", c.Name)
	}
	return nil
}

func (n *Node) checkChannel(ctx context.Context, c store.Counterpart) error {
	var (
		why   string
		early int64
	)
	err := n.store.View(ctx, func(tx *store.Tx) (err error) {
		if early, err = tx.CountEarly(ctx, c.ID); err != nil {
			return err
		}
		why, err = tx.Broken(ctx, c.ID)
		return err
	})
	if err == nil && why == "" && early > 0 {
		why = fmt.Sprintf("%d parcels wait for one before them: if it stays so, the relay lost it, or this node was put back to an old copy", early)
	}
	if err == nil && why != "" {
		err = fmt.Errorf("it cannot go on (%s): write introductions anew on both sides, with 'parley introduce --to %s --anew'", why, c.Name)
	}
	return err
}

func (n *Node) checkClocks(ctx context.Context) error {
	all, err := n.Warnings(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		if due := a.Clock(n.now()); len(due) > 0 && due[0].Overdue {
			return fmt.Errorf("warning W%d is overdue: to %s since %s", a.Number, due[0].Step, due[0].Due.UTC().Format(time.RFC3339))
		}
	}
	return nil
}
