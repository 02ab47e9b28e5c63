package store

import (
	"context"
	"slices"
	"testing"
	"time"

	"parley/selector"
)

// Objects are found by all of the words that they have, the newest first, once
// their words are in the index; nothing is put there twice.
func TestObjectsAreFoundByTheirWords(t *testing.T) {
	s := fresh(t)
	put := func(n byte) (seq int64) {
		change(t, s, func(ctx context.Context, tx *Tx) error {
			var err error
			seq, _, err = tx.PutObject(ctx, Object{UUID: [16]byte{n}, Type: "note", Modified: time.Unix(int64(n), 0), Body: []byte("{}"), AddedAt: time.Unix(1, 0)})
			return err
		})
		return seq
	}
	lamp, door := put(1), put(2)
	index := func(words ...string) {
		change(t, s, func(ctx context.Context, tx *Tx) error {
			some, _, err := tx.Unindexed(ctx, 100)
			if err != nil {
				return err
			}
			return tx.IndexWords(ctx, some, words)
		})
	}
	index("a lamp behind the door", "the door نافذة")
	window := put(3)
	index("الباب door")
	for words, want := range map[string][]int64{
		"door": {window, door, lamp}, "lamp": {lamp}, "lam*": {lamp}, "lam": nil, "نافذة": {door}, "doo*": {window, door, lamp}, `d" OR "lamp`: nil, "words": nil,
	} {
		var got []int64
		look(t, s, func(ctx context.Context, tx *Tx) error {
			all, err := tx.ObjectsWith(ctx, []string{words}, 10)
			for _, o := range all {
				got = append(got, o.Seq)
			}
			return err
		})
		if !slices.Equal(got, want) {
			t.Errorf("%q finds %v, not %v", words, got, want)
		}
	}
	look(t, s, func(ctx context.Context, tx *Tx) error {
		both, err := tx.ObjectsWith(ctx, []string{"door", "lamp"}, 10)
		if len(both) != 1 || both[0].Seq != lamp {
			t.Errorf("two words find %v", both)
		}
		if some, behind, err := tx.Unindexed(ctx, 10); len(some) != 0 || behind != 0 || err != nil {
			t.Errorf("%d objects are behind, %v", behind, err)
		}
		return err
	})
	change(t, s, func(ctx context.Context, tx *Tx) error { // another process was first
		return tx.IndexWords(ctx, []Object{{Seq: lamp}}, []string{"second"})
	})
	look(t, s, func(ctx context.Context, tx *Tx) error {
		all, err := tx.ObjectsWith(ctx, []string{"second"}, 10)
		if len(all) != 0 {
			t.Errorf("words were put in twice: %v", all)
		}
		return err
	})
}

// Selectors are found by how their normal form begins, and their places counted
// up to a limit.
func TestSelectorsFrom(t *testing.T) {
	s := fresh(t)
	change(t, s, func(ctx context.Context, tx *Tx) error {
		var all []Finding
		for _, v := range []string{"desk@hall.example", "desk@inn.example", "door@hall.example"} {
			all = append(all, Finding{Selector: selector.Selector{Kind: selector.Email, Value: v}, List: "a", Place: "1"},
				Finding{Selector: selector.Selector{Kind: selector.Email, Value: v}, List: "a", Place: "2"})
		}
		return tx.PutFindings(ctx, all)
	})
	look(t, s, func(ctx context.Context, tx *Tx) error {
		all, err := tx.SelectorsFrom(ctx, selector.Email, "desk@", 10)
		if err != nil || len(all) != 2 || all[0].Selector.Value != "desk@hall.example" {
			t.Errorf("found %v, %v", all, err)
		}
		if n, err := tx.PlacesOf(ctx, all[0].ID, 10); n != 2 || err != nil {
			t.Errorf("%d places, %v", n, err)
		}
		if n, err := tx.PlacesOf(ctx, all[0].ID, 1); n != 1 || err != nil {
			t.Errorf("%d places of at most one, %v", n, err)
		}
		return nil
	})
}

// A filter is its owner's until it is shared, and is renamed and removed.
func TestFilters(t *testing.T) {
	s := fresh(t)
	var id int64
	change(t, s, func(ctx context.Context, tx *Tx) (err error) {
		id, err = tx.AddFilter(ctx, Filter{Owner: "amira", Query: "lamp", MadeAt: time.Unix(5, 0)})
		return err
	})
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.NameFilter(ctx, id, "lamps", true) })
	look(t, s, func(ctx context.Context, tx *Tx) error {
		f, err := tx.Filter(ctx, id)
		if err != nil || f.Name != "lamps" || !f.Shared || f.Query != "lamp" || !f.MadeAt.Equal(time.Unix(5, 0)) {
			t.Errorf("it is %+v, %v", f, err)
		}
		of, err1 := tx.FiltersOf(ctx, "bilal")
		shared, err2 := tx.SharedFilters(ctx)
		if len(of) != 0 || len(shared) != 1 || err1 != nil || err2 != nil {
			t.Errorf("bilal has %v, everybody %v", of, shared)
		}
		return nil
	})
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.RemoveFilter(ctx, id) })
}
