package store

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestAssurancesAreKept(t *testing.T) {
	s := fresh(t)
	south, west := counterpart(t, s, "South"), counterpart(t, s, "West")
	a := Assurance{
		Counterpart: south, Undertaking: "treatment", Evidence: "a letter", SHA256: []byte("hash"), From: noon, Until: noon.Add(time.Hour), AddedBy: "amira", AddedAt: noon,
	}
	b := Assurance{Counterpart: south, Undertaking: "no-onward", Evidence: "a handshake", From: noon, AddedBy: "bilal", AddedAt: noon}
	change(t, s, func(ctx context.Context, tx *Tx) (err error) {
		if a.ID, err = tx.AddAssurance(ctx, a); err != nil {
			return err
		}
		b.ID, err = tx.AddAssurance(ctx, b)
		return err
	})
	a.EndedBy, a.EndedAt, a.Reason = "bilal", noon.Add(time.Minute), "withdrawn"
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.EndAssurance(ctx, a) })
	look(t, s, func(ctx context.Context, tx *Tx) error {
		one, err1 := tx.Assurance(ctx, a.ID)
		all, err2 := tx.Assurances(ctx, south)
		none, err3 := tx.Assurances(ctx, west)
		same(t, "one", a, one)
		same(t, "all", []Assurance{a, b}, all)
		if _, err := tx.Assurance(ctx, 99); !errors.Is(err, ErrNotFound) || len(none) != 0 {
			t.Errorf("one that is not there: %v; of West: %v", err, none)
		}
		return errors.Join(err1, err2, err3)
	})
	err := s.Update(t.Context(), func(tx *Tx) error { return tx.EndAssurance(t.Context(), Assurance{ID: 99}) })
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("ending one that is not there: %v", err)
	}
}
