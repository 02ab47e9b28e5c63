package node

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"parley/internal/match"
	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
)

var aNumber = regexp.MustCompile(`^([A-Za-z])([1-9][0-9]{0,17})$`)

// numbered finds what has the number, or the STIX id, that was looked for.
func (s search) numbered(ctx context.Context, tx *store.Tx) (answers []Answer, err error) {
	if id, bad := stix.ParseID(s.text); bad == nil {
		o, err := tx.Object(ctx, id.Type(), id.UUID())
		if errors.Is(err, store.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		h, err := s.object(ctx, tx, o)
		return []Answer{h}, err
	}
	found := aNumber.FindStringSubmatch(s.text)
	if found == nil {
		return nil, nil
	}
	id, err := strconv.ParseInt(found[2], 10, 64)
	if err != nil {
		return nil, nil // too long for a number of ours
	}
	h, err := s.ofNumber(ctx, tx, strings.ToUpper(found[1]), id)
	if errors.Is(err, store.ErrNotFound) || h.What == "" {
		return nil, nil
	}
	return []Answer{h}, err
}

func (s search) ofNumber(ctx context.Context, tx *store.Tx, letter string, id int64) (h Answer, err error) {
	switch letter {
	case "W":
		var row store.Warning
		if row, err = tx.Warning(ctx, id); err == nil {
			h, _, err = s.warning(row)
		}
	case "R":
		var row store.Release
		if row, err = tx.Release(ctx, id); err == nil {
			h, _, err = s.release(row)
		}
	case "M":
		var m match.Matching
		if m, err = s.node.match.Get(ctx, tx, id); err == nil {
			h, _ = s.match(m)
		}
	case "E":
		var e store.Evidence
		if e, err = tx.Evidence(ctx, id); err == nil {
			h, _ = s.evidence(e)
		}
	case "C":
		var c store.Counterpart
		if c, err = tx.CounterpartByID(ctx, id); err == nil {
			h, _ = s.party(c)
		}
	case "I":
		var in store.Incoming
		if in, err = tx.Incoming(ctx, id); err == nil {
			h = Answer{What: "message", Name: fmt.Sprintf("I%d", id), Text: in.Kind, Where: in.State, At: in.ReceivedAt}
		}
	case "F":
		var f store.Finding
		if f, err = tx.Finding(ctx, id); err == nil {
			h = Answer{What: "finding", Name: fmt.Sprintf("F%d", id), Text: f.Selector.String(), Where: f.Place}
		}
	case "O":
		var o store.Object
		if o, err = tx.ObjectBySeq(ctx, id); err == nil {
			h, err = s.object(ctx, tx, o)
		}
	}
	return h, err
}

// named finds what people work with by its words, the newest of each kind.
func (s search) named(ctx context.Context, tx *store.Tx) (answers []Answer, err error) {
	if len(s.words) == 0 {
		return nil, nil
	}
	keep := func(h Answer, is bool) {
		if is {
			answers = append(answers, h)
		}
	}
	warnings, err := tx.Warnings(ctx)
	if err != nil {
		return nil, err
	}
	for _, row := range first(warnings) {
		h, is, err := s.warning(row)
		if err != nil {
			return nil, err
		}
		keep(h, is)
	}
	matches, err := s.node.match.List(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, m := range first(matches) {
		keep(s.match(m))
	}
	releases, err := tx.Releases(ctx)
	if err != nil {
		return nil, err
	}
	for _, row := range first(releases) {
		h, is, err := s.release(row)
		if err != nil {
			return nil, err
		}
		keep(h, is)
	}
	evidence, err := tx.AllEvidence(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range evidence[max(0, len(evidence)-namedRows):] {
		keep(s.evidence(e))
	}
	parties, err := tx.Counterparts(ctx)
	for _, c := range first(parties) {
		keep(s.party(c))
	}
	return answers, err
}

func first[T any](rows []T) []T { return rows[:min(len(rows), namedRows)] }

func (s search) warning(row store.Warning) (Answer, bool, error) {
	a, err := readAlert(row)
	h := Answer{What: "warning", Name: fmt.Sprintf("W%d", row.ID), Text: brief(a.Subject), Where: row.State, At: row.UpdatedAt}
	return h, s.in(a.Subject, a.Recipient, a.Text, row.State), err
}

func (s search) match(m match.Matching) (Answer, bool) {
	h := Answer{What: "match", Name: fmt.Sprintf("M%d", m.ID), Text: brief(m.Terms.Purpose), Where: fmt.Sprintf("%s, %s and %s", m.State, m.Terms.From, m.Terms.To), At: m.UpdatedAt}
	return h, s.in(m.Terms.Purpose, m.Terms.From, m.Terms.To, m.State)
}

func (s search) release(row store.Release) (Answer, bool, error) {
	o, err := release.ReadOrder(row)
	h := Answer{What: "release", Name: fmt.Sprintf("R%d", row.ID), Text: brief(o.Title), Where: fmt.Sprintf("%s, by %s", row.State, row.Author), At: row.UpdatedAt}
	return h, s.in(o.Title, o.Text, o.Descriptor, row.Author, row.State), err
}

func (s search) evidence(e store.Evidence) (Answer, bool) {
	h := Answer{What: "evidence", Name: fmt.Sprintf("E%d", e.ID), Text: brief(e.Name), Where: "imported by " + e.Operator, At: e.ImportedAt}
	return h, s.in(e.Name, e.Note, e.Operator)
}

func (s search) party(c store.Counterpart) (Answer, bool) {
	return Answer{What: "counterpart", Name: fmt.Sprintf("C%d", c.ID), Text: brief(c.Name), At: c.AddedAt}, s.in(c.Name)
}

// recorded finds lines of the ledger, the newest first, for those who may read it.
func (s search) recorded(ctx context.Context, tx *store.Tx) (answers []Answer, err error) {
	if !MayAudit(s.node.User) {
		return nil, nil
	}
	head, err := tx.Head(ctx)
	if err != nil {
		return nil, err
	}
	all, err := tx.Entries(ctx, max(1, head.Seq-namedRows+1), namedRows)
	for i := len(all) - 1; i >= 0; i-- {
		if e := all[i]; e.Subject == s.text || s.in(e.Actor, e.Action, e.Subject, e.Counterpart, string(e.Detail)) {
			answers = append(answers, Answer{What: "ledger", Name: strconv.FormatInt(e.Seq, 10), Text: e.Action + " " + e.Subject, Where: "by " + e.Actor, At: e.At})
		}
	}
	return answers, err
}
