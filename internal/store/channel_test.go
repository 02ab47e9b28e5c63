package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// channelled is a store whose channel with South has a bit of everything.
func channelled(t *testing.T) (s *Store, south, west int64) {
	t.Helper()
	s = fresh(t)
	south, west = counterpart(t, s, "South"), counterpart(t, s, "West")
	for _, id := range []int64{south, west} {
		change(t, s, func(ctx context.Context, tx *Tx) error { return tx.SetSession(ctx, id, []byte("session")) })
		enqueue(t, s, id, "acknowledged", "sealed")
		sealAll(t, s, id, 0)
		change(t, s, func(ctx context.Context, tx *Tx) error { return tx.Acknowledge(ctx, id, 1, noon) })
		enqueue(t, s, id, "waiting")
		receive(t, s, id, 0, "release.bundle")
		change(t, s, func(ctx context.Context, tx *Tx) error {
			part := Fragment{Message: 1, Kind: "note", Total: 9, Data: []byte("half"), At: noon}
			m := Matching{Run: fmt.Appendf(nil, "run of %9d", id), Counterpart: id, Role: "initiator", State: "counting", Terms: []byte("{}"), Secret: []byte("seed"), Progress: []byte("{}")}
			_, err := tx.AddMatching(ctx, m)
			return errors.Join(err, tx.PutEarly(ctx, id, []byte("early"), []byte("parcel")), tx.AddFragment(ctx, id, part))
		})
		for i, state := range []string{"sent", "sent", "cleared"} {
			change(t, s, func(ctx context.Context, tx *Tx) error {
				r := Release{Counterpart: id, Request: []byte("{}"), Bundle: []byte("b"), Digest: []byte("d"), Map: []byte("{}"), Stripped: []byte("[]"), Findings: []byte("[]"), Author: "chen"}
				var err error
				if r.ID, err = tx.AddRelease(ctx, r); err != nil {
					return err
				}
				r.State = state
				if state == "sent" {
					r.Outbox = 1 + int64(i)
					if id == west {
						r.Outbox += 3
					}
				}
				return tx.SetRelease(ctx, r)
			})
		}
	}
	return s, south, west
}

// picture is what a counterpart's channel holds, in words.
func picture(t *testing.T, s *Store, id int64) (lines []string) {
	t.Helper()
	look(t, s, func(ctx context.Context, tx *Tx) error {
		c, err1 := tx.CounterpartByID(ctx, id)
		messages, parcels, err2 := tx.Waiting(ctx, id)
		early, err3 := tx.CountEarly(ctx, id)
		lines = append(lines, fmt.Sprintf("open %v, %d messages, %d parcels, %d early", c.Open(), messages, parcels, early))
		inbox, err4 := tx.Inbox(ctx, 0)
		for _, in := range inbox {
			if in.Counterpart == id {
				lines = append(lines, fmt.Sprintf("came %s %s %q", in.Kind, in.State, in.Body))
			}
		}
		matches, err5 := tx.Matchings(ctx)
		for _, m := range matches {
			if m.Counterpart == id {
				lines = append(lines, fmt.Sprintf("match %s %q", m.State, m.Secret))
			}
		}
		releases, err6 := tx.Releases(ctx)
		for _, r := range releases {
			if r.Counterpart == id {
				lines = append(lines, fmt.Sprintf("release %s, in the outbox %v", r.State, r.Outbox != 0))
			}
		}
		return errors.Join(err1, err2, err3, err4, err5, err6)
	})
	return lines
}

func TestAClosedChannelCallsNothingAppliedThatWasNot(t *testing.T) {
	s, south, west := channelled(t)
	whole := []string{
		"open true, 1 messages, 1 parcels, 1 early", `came note arriving "half"`, `came release.bundle new "release.bundle"`,
		`match counting "seed"`, "release cleared, in the outbox false", "release sent, in the outbox true", "release sent, in the outbox true",
	}
	for _, id := range []int64{south, west} {
		if got := picture(t, s, id); !slices.Equal(got, whole) {
			t.Fatalf("before: %q", got)
		}
	}
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.CloseChannel(ctx, south) })
	closed := []string{
		"open false, 0 messages, 0 parcels, 0 early", `came release.bundle new "release.bundle"`,
		`match aborted ""`, "release cleared, in the outbox false", "release cleared, in the outbox false", "release sent, in the outbox true",
	}
	if got := picture(t, s, south); !slices.Equal(got, closed) {
		t.Errorf("South: %q, want %q", got, closed)
	}
	if got := picture(t, s, west); !slices.Equal(got, whole) {
		t.Errorf("West: %q, want %q", got, whole)
	}
	if n := logSize(t, s); n != 0 {
		t.Errorf("the log still has %d bytes, and old keys in it", n)
	}
	receive(t, s, south, 0, "note") // the new channel counts its messages anew
}

func TestAChannelBreaksOnce(t *testing.T) {
	s, south, west := channelled(t)
	change(t, s, func(ctx context.Context, tx *Tx) error {
		first, err1 := tx.BreakChannel(ctx, south, "they broke the protocol")
		second, err2 := tx.BreakChannel(ctx, south, "and again")
		if !first || second {
			t.Errorf("it broke: %v, %v", first, second)
		}
		return errors.Join(err1, err2)
	})
	why := func(id int64) (text string) {
		look(t, s, func(ctx context.Context, tx *Tx) (err error) {
			text, err = tx.Broken(ctx, id)
			return err
		})
		return text
	}
	if got := []string{why(south), why(west)}; !slices.Equal(got, []string{"they broke the protocol", ""}) {
		t.Errorf("broken: %q", got)
	}
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.CloseChannel(ctx, south) })
	if got := why(south); got != "" {
		t.Errorf("the next channel is broken as well: %q", got)
	}
}

func TestMatchesAndAllElseAreTwoQueues(t *testing.T) {
	s := fresh(t)
	receive(t, s, counterpart(t, s, "South"), 0, "match.propose", "release.bundle", "match.abort", "warning", "matchless")
	next := func(matches bool) (kinds []string) {
		change(t, s, func(ctx context.Context, tx *Tx) error {
			for {
				in, err := tx.NextOf(ctx, matches)
				if errors.Is(err, ErrNotFound) {
					return nil
				}
				if err != nil {
					return err
				}
				if string(in.Body) != in.Kind {
					t.Errorf("%s came without its body", in.Kind)
				}
				kinds = append(kinds, in.Kind)
				if err := tx.Settle(ctx, in.ID, Applied, ""); err != nil {
					return err
				}
			}
		})
		return kinds
	}
	if got := next(true); !slices.Equal(got, []string{"match.propose", "match.abort"}) {
		t.Errorf("matches: %v", got)
	}
	if got := next(false); !slices.Equal(got, []string{"warning", "release.bundle", "matchless"}) {
		t.Errorf("all else: %v", got)
	}
}

func TestWhatMayGoBetterLater(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"nothing": {nil, false}, "a double": {fmt.Errorf("keep: %w", ErrExists), false}, "a thing that is not there": {ErrNotFound, false},
		"another content": {ErrVersion, false}, "a broken chain": {ErrChain, false}, "a full disk": {fmt.Errorf("keep: %w", ErrFull), true},
		"another writer": {ErrBusy, true}, "an end": {context.Canceled, true}, "a closed store": {sql.ErrConnDone, true},
		"our own refusal": {errors.New("no such kind"), false},
	} {
		if got := Transient(c.err); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
