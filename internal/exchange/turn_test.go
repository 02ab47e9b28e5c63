package exchange

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"parley/internal/store"
	"parley/stix"
	"parley/taxii"
)

// TestEnvelopesOfAConsumerAreReadInTurn: the second waits until the first was read, and one of another
// consumer does not.
func TestEnvelopesOfAConsumerAreReadInTurn(t *testing.T) {
	h := newHouse(t)
	siem, _ := h.consumer("Siem")
	rescue, _ := h.consumer("Rescue")
	begun, goOn, second := make(chan struct{}), make(chan struct{}), make(chan struct{})
	ended := make(chan error, 2)
	add := func(at taxii.Place, n int, before func()) {
		_, err := h.Add(t.Context(), at, func(yield func(taxii.Incoming, error) bool) {
			before()
			incoming(notes(n, n+1))(yield)
		})
		ended <- err
	}
	go add(siem, 1, func() { close(begun); <-goOn })
	<-begun
	go add(siem, 2, func() { close(second) })
	h.add(rescue, 1, 0, note(1, 0, 0))
	select {
	case <-second:
		t.Error("two envelopes of one consumer were read at once")
	default:
	}
	close(goOn)
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	if got := h.all(siem); got != 2 {
		t.Errorf("%d objects were added", got)
	}
}

// TestWhoGoesAwayGivesUpItsTurn and leaves the others theirs.
func TestWhoGoesAwayGivesUpItsTurn(t *testing.T) {
	all := turns{all: make(chan struct{}, 1)}
	done, err := all.take(t.Context(), "Siem")
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, who := range []string{"Siem", "Rescue"} {
		if _, err := all.take(gone, who); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", who, err)
		}
	}
	done()
	for _, who := range []string{"Siem", "Rescue"} {
		done, err := all.take(t.Context(), who)
		if err != nil {
			t.Fatal(err)
		}
		done()
	}
}

// TestAConsumerIsSuspendedWhileItSends: nothing of an envelope is added that is still coming then.
func TestAConsumerIsSuspendedWhileItSends(t *testing.T) {
	h := newHouse(t)
	at, _ := h.consumer("Siem")
	_, err := h.Add(t.Context(), at, func(yield func(taxii.Incoming, error) bool) {
		h.change(func(ctx context.Context, tx *store.Tx) error {
			c, err := tx.Counterpart(ctx, "Siem")
			if err != nil {
				return err
			}
			who, err := tx.Consumer(ctx, c.ID)
			who.Suspended = true
			return errors.Join(err, tx.SetConsumer(ctx, who))
		})
		incoming(notes(1, 3))(yield)
	})
	if !errors.Is(err, taxii.ErrForbidden) || h.all(at) != 0 {
		t.Errorf("%d objects were added: %v", h.all(at), err)
	}
}

// TestATooLargeObjectIsRefusedAlone: those beside it are added, and the answer says which it was.
func TestATooLargeObjectIsRefusedAlone(t *testing.T) {
	h := newHouse(t)
	at, _ := h.consumer("Siem")
	envelope := `{"objects":[` + strings.Join([]string{note(1, 0, 0), note(2, 0, store.MaxBody+1), note(3, 0, 0)}, ",") + `]}`
	var members iter.Seq2[taxii.Incoming, error] = func(yield func(taxii.Incoming, error) bool) {
		_, err := stix.ReadItems(strings.NewReader(envelope), stix.Limits{ObjectBytes: 2 * store.MaxBody}, func(item stix.Item) error {
			yield(taxii.Incoming{Object: item.Object, ID: string(item.Object.ID()), Version: versionOf(item.Object).String(), Err: item.Err}, nil)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	s, err := h.Add(t.Context(), at, members)
	if err != nil || s.SuccessCount != 2 || s.FailureCount != 1 || !strings.HasPrefix(s.Failures[0].ID, "note--00000002") || h.all(at) != 2 {
		t.Errorf("%d succeeded, %d failed: %v", s.SuccessCount, s.FailureCount, err)
	}
}
