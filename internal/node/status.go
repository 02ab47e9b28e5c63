package node

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"parley/internal/channel"
	"parley/internal/match"
	"parley/internal/relay"
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

// Symptom is one thing that doctor looked at.
type Symptom struct {
	What   string `json:"what"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// Doctor looks at everything that can be wrong with a node: its files, its
// store page by page, its ledger, its counterparts, its relays, its clocks.
func (n *Node) Doctor(ctx context.Context, proxy string) []Symptom {
	var all []Symptom
	add := func(what string, err error, good string) {
		s := Symptom{What: what, OK: err == nil, Detail: good}
		if err != nil {
			s.Detail = err.Error()
		}
		all = append(all, s)
	}
	add("files", n.checkFiles(), "only this user can read the data folder")
	add("store", n.store.Check(ctx), "every page and index holds")
	head, err := n.verifyLedger(ctx, "")
	add("ledger", err, fmt.Sprintf("%d entries, chain unbroken", head.Entries))
	add("second person", n.checkReleasers(), "somebody other than the author can clear a release")
	counterparts, err := n.Counterparts(ctx)
	add("counterparts", err, fmt.Sprintf("%d known", len(counterparts)))
	for _, c := range counterparts {
		if toolsOnly(c) {
			add("counterpart "+c.Name, nil, "no channel: it reads and writes over the exchange, or its server is read")
			continue
		}
		add("counterpart "+c.Name, checkCounterpart(c), "channel open, fingerprint compared")
		if c.Open() {
			add("channel with "+c.Name, n.checkChannel(ctx, c), "nothing has broken it")
			add("relay to "+c.Name, n.checkRelays(ctx, c, proxy), "reached, and healthy")
		}
	}
	add("clocks", n.checkClocks(ctx), "no warning is overdue")
	add("reviews", n.checkReviews(ctx), "every warning that one person sent was looked at by another, or has a day for it")
	return all
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

// relayWait is how long doctor waits for a relay.
const relayWait = 10 * time.Second

func (n *Node) checkRelays(ctx context.Context, c store.Counterpart, proxy string) error {
	theirs, err := channel.ParseIntroduction(c.Introduction)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, relayWait)
	defer cancel()
	for _, relays := range [][]string{theirs.Relays, c.Relays} {
		r, err := reach(relays, relay.ClientOptions{Proxy: proxy})
		if err != nil {
			return err
		}
		err = r.client.Health(ctx)
		r.client.Close()
		if err != nil {
			return err
		}
	}
	return nil
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
