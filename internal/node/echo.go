package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"parley/internal/assess"
	"parley/internal/echo"
	"parley/internal/release"
	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

// echoKeyName is the setting that holds the key of fingerprints.
const echoKeyName = "echo/key"

// Bounds on what is looked for in one text.
const (
	mostCandidates = 8 // releases that share the most marks
	mostEchoes     = 4 // of them that are noted for one object
)

// echoKey reads the key, or draws one.
func (n *Node) echoKey(ctx context.Context, tx *store.Tx) (k echo.Key, err error) {
	held, err := tx.Setting(ctx, echoKeyName)
	if err == nil && len(held) != len(k) {
		return k, fmt.Errorf("the key of fingerprints has %d bytes, not %d", len(held), len(k))
	}
	if err == nil {
		return echo.Key(held), nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return k, err
	}
	if _, err := io.ReadFull(n.rand, k[:]); err != nil {
		return k, fmt.Errorf("draw the key of fingerprints: %w", err)
	}
	return k, tx.SetSetting(ctx, echoKeyName, k[:])
}

// keepGiven keeps the fingerprints of what a release gives away. Selectors that a
// match had shown were no news, and are none. Of releases with the same words the
// first stands for all.
func (n *Node) keepGiven(ctx context.Context, tx *store.Tx, r store.Release) error {
	k, err := n.echoKey(ctx, tx)
	if err != nil {
		return err
	}
	got, err := release.Verify(r.Bundle)
	if err != nil {
		return err
	}
	o, err := release.ReadOrder(r)
	if err != nil {
		return err
	}
	known := []selector.Selector{}
	if o.Match != 0 {
		if known, err = tx.Overlap(ctx, o.Match); err != nil {
			return err
		}
	}
	given := slices.DeleteFunc(n.tearline(got).Selectors, func(s selector.Selector) bool { return slices.Contains(known, s) })
	marks := k.Marks(wordsOf(got.Objects...))
	before, err := tx.SharedMarks(ctx, marks, echo.MostHolders, 1)
	if err != nil {
		return err
	}
	twin := int64(0)
	if len(before) > 0 && echo.Twin(before[0].Shared, marks) {
		twin = before[0].Release
	}
	return tx.AddGiven(ctx, r.ID, twin, marks, k.Selectors(given), echo.MostHolders)
}

// leastProse is how many words make a sentence of a property: fewer are names and
// words of the standard, in which all tearlines are alike.
const leastProse = 5

// wordsOf are the sentences in some objects.
func wordsOf(objects ...stix.Object) string {
	var all strings.Builder
	for _, o := range objects {
		if o.Type() == "marking-definition" {
			continue // everybody's words
		}
		// Walk's own error cannot happen: the function given never fails.
		_ = o.Walk(func(path, text string) error {
			if isProse(path) && len(strings.Fields(text)) >= leastProse {
				all.WriteString(text)
				all.WriteByte('\n')
			}
			return nil
		})
	}
	return all.String()
}

// heard is something that we are told.
type heard struct {
	object    int64  // its number
	claim     string // the note that says it, or empty
	from      string // who told us, for the ledger
	words     string
	selectors []selector.Selector
}

// listen looks whether something repeats what we gave, and notes it.
func (n *Node) listen(ctx context.Context, tx *store.Tx, h heard) (found int, err error) {
	gave, err := tx.Gave(ctx)
	if err != nil || !gave {
		return 0, err
	}
	k, err := n.echoKey(ctx, tx)
	if err != nil {
		return 0, err
	}
	repeats, err := candidates(ctx, tx, k, h)
	if err != nil {
		return 0, err
	}
	for _, c := range repeats {
		if found == mostEchoes {
			break
		}
		if c.Words > 0 { // so far they are marks: now the words themselves
			text, err := n.givenWords(ctx, tx, c.Release)
			if err != nil {
				return found, err
			}
			c.Words = echo.Shared(h.words, text).Words
		}
		if !echo.Probable(echo.Strength{Words: c.Words, Selectors: c.Selectors, Of: len(h.selectors)}) {
			continue
		}
		c.Object, c.Claim, c.FoundAt = h.object, h.claim, n.now()
		id, added, err := tx.AddEcho(ctx, c)
		if err != nil {
			return found, err
		}
		if !added {
			continue
		}
		found++
		err = n.recordAs(ctx, tx, h.from, "echo.found", fmt.Sprintf("X%d", id), "", echoNote{c.Release, c.Words, c.Selectors})
		if err != nil {
			return found, err
		}
	}
	return found, nil
}

type echoNote struct {
	Release   int64 `json:"release"`
	Words     int   `json:"words"`
	Selectors int   `json:"selectors"`
}

// candidates are releases that share enough with something to be looked at, those
// that share the most first. Words are counted in marks.
func candidates(ctx context.Context, tx *store.Tx, k echo.Key, h heard) (all []store.Echo, err error) {
	words, err := tx.SharedMarks(ctx, k.Marks(h.words), echo.MostHolders, mostCandidates)
	if err != nil {
		return nil, err
	}
	selectors, err := tx.SharedSelectors(ctx, k.Selectors(h.selectors), mostCandidates)
	if err != nil {
		return nil, err
	}
	for _, g := range words {
		if g.Shared >= echo.LeastMarks {
			all = append(all, store.Echo{Release: g.Release, Words: int(g.Shared)})
		}
	}
	for _, g := range selectors {
		i := slices.IndexFunc(all, func(e store.Echo) bool { return e.Release == g.Release })
		if i < 0 {
			i = len(all)
			all = append(all, store.Echo{Release: g.Release})
		}
		all[i].Selectors = int(g.Shared)
	}
	return all, nil
}

// givenWords are the words of a release of ours.
func (n *Node) givenWords(ctx context.Context, tx *store.Tx, id int64) (string, error) {
	r, err := tx.Release(ctx, id)
	if err != nil {
		return "", err
	}
	got, err := release.Verify(r.Bundle)
	if err != nil {
		return "", fmt.Errorf("read release R%d: %w", id, err)
	}
	return wordsOf(got.Objects...), nil
}

// heardIn is what one object says that came by itself.
func heardIn(o stix.Object, findings []store.Finding, from string) heard {
	h := heard{from: from, words: wordsOf(o)}
	for _, f := range findings {
		if !slices.Contains(h.selectors, f.Selector) {
			h.selectors = append(h.selectors, f.Selector)
		}
	}
	if c, is, err := assess.ReadClaim(o); err == nil && is && c.Role == assess.Claimed {
		h.claim = string(o.ID())
	}
	return h
}

// Echo is something that came and probably repeats what we gave.
type Echo struct {
	Number      int64     `json:"number"`
	Object      stix.ID   `json:"object"`
	From        string    `json:"from"` // who gave it; empty: we brought it in ourselves
	Letter      int64     `json:"letter,omitempty"`
	Claim       stix.ID   `json:"claim,omitempty"`
	Release     int64     `json:"release"`
	To          string    `json:"to"` // whom that release went to
	Words       int       `json:"words"`
	Selectors   int       `json:"selectors"`
	Runs        []string  `json:"runs"` // the words, as they came; when one is shown
	FoundAt     time.Time `json:"found_at"`
	DismissedAt time.Time `json:"dismissed_at,omitzero"`
	By          string    `json:"by,omitempty"`
	Reason      string    `json:"reason,omitempty"`
}

// Echoes lists the newest, at most limit (0: all).
func (n *Node) Echoes(ctx context.Context, limit int) (all []Echo, err error) {
	all = []Echo{}
	err = n.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Echoes(ctx, limit)
		if err != nil {
			return err
		}
		for _, row := range rows {
			e, _, err := n.echoOf(ctx, tx, row)
			if err != nil {
				return err
			}
			all = append(all, e)
		}
		return nil
	})
	return all, err
}

// Echo reads one, with the words that are the same.
func (n *Node) Echo(ctx context.Context, id int64) (e Echo, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		row, err := tx.Echo(ctx, id)
		if err != nil {
			return err
		}
		var words string
		if e, words, err = n.echoOf(ctx, tx, row); err != nil {
			return err
		}
		given, err := n.givenWords(ctx, tx, row.Release)
		e.Runs = append(e.Runs, echo.Shared(words, given).Runs...)
		return err
	})
	return e, err
}

// echoOf is an echo for people, and the words of what came.
func (n *Node) echoOf(ctx context.Context, tx *store.Tx, row store.Echo) (e Echo, words string, err error) {
	e = Echo{
		Number: row.ID, Claim: stix.ID(row.Claim), Release: row.Release, Words: row.Words, Selectors: row.Selectors, Runs: []string{},
		FoundAt: row.FoundAt, DismissedAt: row.DismissedAt, By: row.Actor, Reason: row.Reason,
	}
	held, err := tx.ObjectBySeq(ctx, row.Object)
	if err != nil {
		return e, "", err
	}
	o, err := stix.ParseObject(held.Body)
	if err != nil {
		return e, "", fmt.Errorf("echo X%d: %w", row.ID, err)
	}
	e.Object, words = o.ID(), wordsOf(o)
	from, err := names(ctx, tx)
	if err != nil {
		return e, "", err
	}
	e.From = from[held.Origin]
	r, err := tx.Release(ctx, row.Release)
	if err != nil {
		return e, "", err
	}
	e.To = from[r.Counterpart]
	gifts, err := tx.GiftsOf(ctx, row.Object)
	if err != nil || len(gifts) == 0 || o.Type() != "report" {
		return e, words, err
	}
	e.Letter = gifts[len(gifts)-1].Inbox // what came with it was heard as one
	in, err := tx.Incoming(ctx, e.Letter)
	if err != nil {
		return e, "", err
	}
	got, err := release.Verify(in.Body)
	return e, wordsOf(got.Objects...), err
}

// DismissEcho is an analyst's word that something is no echo: its claim counts again.
func (n *Node) DismissEcho(ctx context.Context, id int64, why string) error {
	if err := n.must(Analyst); err != nil {
		return err
	}
	if strings.TrimSpace(why) == "" {
		return invalid("say why it is no echo: the reason is kept")
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		e, err := tx.Echo(ctx, id)
		if err != nil {
			return err
		}
		if !e.DismissedAt.IsZero() {
			return fmt.Errorf("echo X%d was dismissed by %s: %w", id, e.Actor, release.ErrStep)
		}
		e.DismissedAt, e.Actor, e.Reason = n.now(), n.User.Name, why
		if err := tx.DismissEcho(ctx, e); err != nil {
			return err
		}
		return n.record(ctx, tx, "echo.dismiss", fmt.Sprintf("X%d", id), "", reason{why})
	})
}
