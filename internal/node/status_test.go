package node

import (
	"context"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/match"
	"parley/internal/store"
	"parley/selector"
)

func TestStatus(t *testing.T) {
	at := meet(t)
	n := at.North
	watched(t, n, "the hall", true, 147)
	report := reported(t, n, 1, 147)
	drafted(t, n, at.South, order(report, 147))
	released(t, n, at.South, order(report, 147))
	reported(t, at.South, 1, 150)
	_, err := at.South.ProposeMatch(t.Context(), "North", match.Offer{
		Kinds: []selector.Kind{selector.Phone}, Purpose: "threat to life", MaxItems: 10, Mode: match.ModeCount,
	})
	must(t, err)
	at.carry(t, at.South, n)
	released(t, n, at.South, order(report, 147))
	at.clock.move(30 * 24 * time.Hour)

	s, err := n.Status(t.Context())
	must(t, err)
	head, err := n.VerifyLedger(t.Context(), "")
	must(t, err)
	if s.Party != "North" || len(s.Users) != 3 || s.Ledger != head || s.Counts.Objects == 0 {
		t.Errorf("%+v", s)
	}
	if s.Waiting.Warnings != 1 || s.Waiting.Overdue != 1 || s.Waiting.Proposals != 1 || s.Waiting.Releases != 1 {
		t.Errorf("waiting: %+v", s.Waiting)
	}
	if len(s.Counterparts) != 2 {
		t.Fatalf("%d counterparts", len(s.Counterparts))
	}
	for _, c := range s.Counterparts {
		if !c.Open || !c.Verified {
			t.Errorf("%+v", c)
		}
		if c.Name == "South" && (c.Messages != 1 || c.Sent == 0 || c.Bytes == 0) {
			t.Errorf("%+v, want one message waiting and some sent", c)
		}
		if c.Name == "Uvar" && (c.Messages != 0 || c.Sent != 0) {
			t.Errorf("%+v, want nothing", c)
		}
	}
}

func TestTheLedgerIsPartOfItself(t *testing.T) {
	at := meet(t)
	before, err := at.North.VerifyLedger(t.Context(), "")
	must(t, err)
	imported(t, at.North, "x.json", seen(101))
	after, err := at.North.VerifyLedger(t.Context(), before.Hash)
	if err != nil || after.Entries != before.Entries+1 {
		t.Errorf("%+v after %+v, %v", after, before, err)
	}
	_, err = at.North.VerifyLedger(t.Context(), hex.EncodeToString(make([]byte, 32)))
	wants(t, "a hash that was never its head", err, store.ErrChain)
	var refused Invalid
	if _, err := at.North.VerifyLedger(t.Context(), "no hash"); !errors.As(err, &refused) {
		t.Errorf("a hash that is none: %v", err)
	}
	some, err := at.North.Ledger(t.Context(), after.Entries, 5)
	if err != nil || len(some) != 1 || some[0].Action != "import.bundle" || some[0].Actor != "amira" {
		t.Errorf("%+v, %v", some, err)
	}
}

// nowhere is a proxy that nobody runs: a test reaches no relay.
const nowhere = "socks5://127.0.0.1:1"

// symptom is what doctor says of one thing.
func symptom(t *testing.T, n *Node, what string) Symptom {
	t.Helper()
	for _, s := range n.Doctor(t.Context(), nowhere) {
		if s.What == what {
			return s
		}
	}
	t.Fatalf("doctor does not look at %s", what)
	return Symptom{}
}

func TestDoctorFindsNothingWrong(t *testing.T) {
	at := meet(t)
	for _, s := range at.North.Doctor(t.Context(), nowhere) {
		if relay := strings.HasPrefix(s.What, "relay to "); s.OK == relay || s.Detail == "" {
			t.Errorf("%+v", s) // the relays of this test are not there
		}
	}
}

// TestDoctorAsksNoConsumerForAnIntroduction: it has a token in place of a channel.
func TestDoctorAsksNoConsumerForAnIntroduction(t *testing.T) {
	at := meet(t)
	if _, err := at.North.AddConsumer(t.Context(), "Rescue", ConsumerOptions{}); err != nil {
		t.Fatal(err)
	}
	if s := symptom(t, at.North, "counterpart Rescue"); !s.OK || !strings.Contains(s.Detail, "no channel") {
		t.Errorf("%+v", s)
	}
}

// TestDoctorFindsEachThing makes each thing wrong once.
func TestDoctorFindsEachThing(t *testing.T) {
	for _, c := range []struct {
		what, says string
		spoil      func(*testing.T, *table)
	}{
		{"files", "chmod", func(t *testing.T, at *table) { must(t, os.Chmod(filepath.Join(at.North.Home(), keysFile), 0o644)) }},
		{"files", "chmod", func(t *testing.T, at *table) { must(t, os.Chmod(filepath.Join(at.North.Home(), storeFile), 0o640)) }},
		{"files", "chmod", func(t *testing.T, at *table) { must(t, os.Chmod(at.North.Home(), 0o755)) }},
		{"files", "no such file", func(t *testing.T, at *table) { must(t, os.Remove(filepath.Join(at.North.Home(), keysFile))) }},
		{"second person", "add another", func(_ *testing.T, at *table) {
			v := *at.North.vault
			v.Slots = v.Slots[:1]
			at.North.vault = &v
		}},
		{"counterpart South", "no introduction", func(t *testing.T, at *table) {
			counterpart(t, at.North, "South", func(c *store.Counterpart) { c.Session = nil })
		}},
		{"counterpart South", "not compared", func(t *testing.T, at *table) {
			counterpart(t, at.North, "South", func(c *store.Counterpart) { c.VerifiedAt = time.Time{} })
		}},
		{"relay to South", "introduction", func(t *testing.T, at *table) {
			counterpart(t, at.North, "South", func(c *store.Counterpart) { c.Introduction = []byte("torn") })
		}},
		{"clocks", "overdue", func(t *testing.T, at *table) {
			watched(t, at.North, "the hall", true, 101)
			imported(t, at.North, "x.json", seen(101))
			at.clock.move(30 * 24 * time.Hour)
		}},
	} {
		t.Run(c.what+" "+c.says, func(t *testing.T) {
			at := meet(t)
			if s := symptom(t, at.North, c.what); !s.OK && !strings.Contains(s.Detail, "connection refused") {
				t.Fatalf("before anything was spoilt: %+v", s)
			}
			c.spoil(t, at)
			if s := symptom(t, at.North, c.what); s.OK || !strings.Contains(s.Detail, c.says) {
				t.Errorf("%+v, want it to say %q", s, c.says)
			}
		})
	}
}

// counterpart changes what a node holds of another.
func counterpart(t *testing.T, n *Node, name string, spoil func(*store.Counterpart)) {
	t.Helper()
	change(t, n, func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.Counterpart(ctx, name)
		if err != nil {
			return err
		}
		spoil(&c)
		return tx.SetCounterpart(ctx, c)
	})
}
