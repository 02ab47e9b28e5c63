package node

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/assess"
	"parley/internal/media"
	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

// Bounds on finding selectors and objects.
const (
	beginsAt    = 3       // letters from which a query may be the beginning of a selector
	ofEachKind  = 100     // selectors of a kind that begin so
	countPlaces = 1_000   // of a selector; more are "1000 or more"
	wordBytes   = 1 << 16 // of an object's texts that are put into the index
	indexBatch  = 1_000   // objects in one transaction
)

// held finds selectors: those that the query is, in normal form, then those that
// begin with it.
func (s search) held(ctx context.Context, tx *store.Tx) (answers []Answer, err error) {
	var all []store.Tally
	for _, sel := range s.selectors {
		some, err := tx.SelectorsFrom(ctx, sel.Kind, sel.Value, 1)
		if err != nil {
			return nil, err
		}
		all = append(all, slices.DeleteFunc(some, func(t store.Tally) bool { return t.Selector != sel })...)
	}
	for _, k := range s.kinds() {
		some, err := tx.SelectorsFrom(ctx, k, s.beginning(k), ofEachKind)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	seen := map[int64]bool{}
	for _, t := range all {
		places, err := tx.PlacesOf(ctx, t.ID, countPlaces)
		if err != nil {
			return nil, err
		}
		if places > 0 && !seen[t.ID] {
			answers = append(answers, Answer{What: "selector", Name: fmt.Sprintf("S%d", t.ID), Text: t.Selector.String(), Where: placesOf(places)})
		}
		seen[t.ID] = true
	}
	return answers, nil
}

func placesOf(n int64) string {
	switch n {
	case 1:
		return "in 1 place"
	case countPlaces:
		return fmt.Sprintf("in %d places or more", n)
	}
	return fmt.Sprintf("in %d places", n)
}

// kinds are those of which the query may be the beginning.
func (s search) kinds() []selector.Kind {
	if len(s.text) < beginsAt {
		return nil
	}
	if k, _, is := strings.Cut(s.text, ":"); is && slices.Contains(selector.Kinds(), selector.Kind(k)) {
		return []selector.Kind{selector.Kind(k)}
	}
	return selector.Kinds()
}

// beginning is the query as the normal forms of a kind begin.
func (s search) beginning(k selector.Kind) string {
	text := strings.TrimPrefix(s.text, string(k)+":")
	if k == selector.Phone {
		return strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "").Replace(text)
	}
	return strings.ToLower(text)
}

// watched finds selectors on the watch list.
func (s search) watched(ctx context.Context, tx *store.Tx) (answers []Answer, err error) {
	var all []store.Watch
	for _, sel := range s.selectors {
		some, err := tx.WatchesFrom(ctx, sel.Kind, sel.Value, 1)
		if err != nil {
			return nil, err
		}
		all = append(all, slices.DeleteFunc(some, func(w store.Watch) bool { return w.Selector != sel })...)
	}
	for _, k := range s.kinds() {
		some, err := tx.WatchesFrom(ctx, k, s.beginning(k), ofEachKind)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	seen := map[int64]bool{}
	for _, w := range all {
		if !seen[w.ID] {
			answers = append(answers, Answer{What: "watch", Name: "", Text: w.Selector.String(), Where: "watched by " + w.Owner, At: w.AddedAt})
		}
		seen[w.ID] = true
	}
	return answers, nil
}

// objects finds objects by their words: those that are in the index, and before
// them those that came since, as far as one batch goes.
func (s search) objects(ctx context.Context, tx *store.Tx, limit int) (answers []Answer, behind int64, err error) {
	if len(s.words) == 0 || limit == 0 {
		return nil, 0, nil
	}
	late, behind, err := tx.Unindexed(ctx, indexBatch)
	if err != nil {
		return nil, 0, err
	}
	behind = max(0, behind-int64(len(late)))
	slices.Reverse(late)
	late = slices.DeleteFunc(late, func(o store.Object) bool { return !haveAll(s.words, strings.Fields(searchWords(o))) })
	known, err := tx.ObjectsWith(ctx, s.words, limit)
	if err != nil {
		return nil, 0, err
	}
	type ident struct {
		typ  string
		uuid [16]byte
	}
	seen := map[ident]bool{} // of several versions the newest is shown
	for _, o := range append(late, known...) {
		id := ident{o.Type, o.UUID}
		if seen[id] || len(answers) == limit {
			continue
		}
		seen[id] = true
		h, err := s.object(ctx, tx, o)
		if err != nil {
			return nil, 0, err
		}
		answers = append(answers, h)
	}
	return answers, behind, nil
}

// object says what an object is, who gave it, and what it says.
func (s search) object(ctx context.Context, tx *store.Tx, row store.Object) (Answer, error) {
	h := Answer{What: row.Type, Name: fmt.Sprintf("O%d", row.Seq), Where: "ours", At: row.Modified}
	if row.Origin != 0 {
		from, err := tx.CounterpartByID(ctx, row.Origin)
		if err != nil {
			return h, err
		}
		h.Where = "given by " + from.Name
	}
	o, err := stix.ParseObject(row.Body)
	if err != nil {
		return h, fmt.Errorf("object number %d: %w", row.Seq, err)
	}
	if c, is, err := assess.ReadClaim(o); is && err == nil {
		h.What, h.Of = string(c.Role), string(c.PropositionRef)
		if c.Role == assess.Proposition {
			h.Of = string(o.ID())
		}
	}
	for _, property := range []string{"name", "content", "value", "description", "abstract", "explanation"} {
		if text, has := o.String(property); has && h.Text == "" {
			h.Text = brief(text)
		}
	}
	return h, nil
}

// searchWords are an object's words, folded: of what people wrote in it, not of ids,
// patterns and figures.
func searchWords(row store.Object) string {
	o, err := stix.ParseObject(row.Body)
	if err != nil {
		return "" // whoever opens it is told
	}
	var texts []string
	for _, property := range []string{"name", "description", "content", "abstract", "explanation", "subject", "body", "display_name"} {
		if text, has := o.String(property); has {
			texts = append(texts, text)
		}
	}
	for _, property := range []string{"aliases", "labels", "goals", "authors"} {
		some, _ := o.Strings(property)
		texts = append(texts, some...)
	}
	text := strings.Join(texts, " ")
	return media.Fold(text[:min(len(text), wordBytes)])
}

// IndexWords puts the words of the next objects into the index, so that they are
// found, and says by how many objects it is behind still. It changes nothing that
// anybody else reads, and is in no ledger.
func (n *Node) IndexWords(ctx context.Context) (behind int64, err error) {
	var some []store.Object
	err = n.store.View(ctx, func(tx *store.Tx) error {
		some, behind, err = tx.Unindexed(ctx, indexBatch)
		return err
	})
	if err != nil || len(some) == 0 {
		return 0, err
	}
	words := make([]string, len(some))
	for i, o := range some {
		words[i] = searchWords(o)
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error { return tx.IndexWords(ctx, some, words) })
	return max(0, behind-int64(len(some))), err
}

// wordLoop keeps the index of words up with what comes in.
func (s *Server) wordLoop(ctx context.Context) {
	wait := time.NewTimer(0)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
		}
		next := time.Second
		behind, err := s.node.IndexWords(ctx)
		if err != nil && ctx.Err() == nil {
			s.node.log.Warn("objects cannot be put into the index of words", "error", err)
		} else if behind > 0 {
			next = time.Millisecond // others write in between
		}
		wait.Reset(next)
	}
}
