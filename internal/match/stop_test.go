package match

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley/internal/store"
	"parley/internal/stream"
	"parley/psi"
)

func goOn(p *party) error { return p.Continue(p.t.Context(), "amira", p.current) }

func TestAHoldStopsAfterTheCount(t *testing.T) {
	o := plainOffer()
	o.Hold = true
	north, south := agreed(t, o, false)
	start(north)
	if got := exchange(north, south); !slices.Equal(got, []string{KindCountQuery, KindCountReply, KindCountAnswer}) {
		t.Errorf("messages: %v", got)
	}
	for _, p := range []*party{north, south} {
		if m := p.match(); m.State != Counted || m.Progress.Count != 3 {
			t.Errorf("%s: %s, count %d", p.Self, m.State, m.Progress.Count)
		}
	}
	if err := goOn(north); err != nil {
		t.Fatal(err)
	}
	if got := exchange(north, south); !slices.Equal(got, chunks(7)) {
		t.Errorf("messages: %v", got)
	}
	ended(t, north, Done)
	ended(t, south, Done)
	if err := goOn(north); !errors.Is(err, ErrState) {
		t.Errorf("to go on once more: got %v, want %v", err, ErrState)
	}
}

func TestAHoldOfTheOtherSideKeepsTheQueryWaiting(t *testing.T) {
	north, south := agreed(t, plainOffer(), true)
	start(north)
	if got := exchange(north, south); got[len(got)-1] != stream.KindChunk {
		t.Errorf("messages: %v", got)
	}
	if n, s := north.match(), south.match(); n.State != Overlapping || s.State != Counted || s.Progress.Asked == 0 {
		t.Errorf("North is %s, South %s with the query %d", n.State, s.State, s.Progress.Asked)
	}
	south.crash() // the query waits on the disk
	if err := goOn(south); err != nil {
		t.Fatal(err)
	}
	if got := exchange(north, south); !slices.Equal(got, chunks(6)) {
		t.Errorf("messages: %v", got)
	}
	ended(t, north, Done)
	ended(t, south, Done)
	if got := south.overlap(); !slices.Equal(got, emails(4, 7)) {
		t.Errorf("the overlap is %v", got)
	}
}

func TestAHoldMayBeLiftedBeforeTheQueryComes(t *testing.T) {
	o := plainOffer()
	o.Hold = true
	north, south := agreed(t, o, true)
	start(north)
	exchange(north, south)
	if err := goOn(south); err != nil {
		t.Fatal(err)
	}
	if sent := south.sent(); len(sent) != 0 {
		t.Errorf("South sent %v without being asked", sent)
	}
	if err := goOn(north); err != nil {
		t.Fatal(err)
	}
	exchange(north, south)
	ended(t, north, Done)
	ended(t, south, Done)
}

func TestACountOnlyMatchCannotGoOn(t *testing.T) {
	o := plainOffer()
	o.Mode, o.Hold = ModeCount, true
	north, south := agreed(t, o, true)
	start(north)
	exchange(north, south)
	for _, p := range []*party{north, south} {
		if err := goOn(p); err == nil {
			t.Errorf("%s went on", p.Self)
		}
		ended(t, p, Done)
	}
}

func TestDecline(t *testing.T) {
	north, south := pair(t)
	propose(north, south, plainOffer())
	south.update(func(ctx context.Context, tx *store.Tx) error {
		return south.Decline(ctx, tx, "chen", 1, "not for this purpose")
	})
	deliver(south, north)
	for _, p := range []*party{north, south} {
		if m := ended(t, p, Declined); m.Progress.Reason != "not for this purpose" {
			t.Errorf("%s: the reason is %q", p.Self, m.Progress.Reason)
		}
		if text := p.ledger(); !strings.Contains(text, "match.decline M1") || !strings.Contains(text, "not for this purpose") {
			t.Errorf("%s: the ledger is\n%s", p.Self, text)
		}
	}
	err := south.Store.Update(t.Context(), func(tx *store.Tx) error { return south.Accept(t.Context(), tx, "chen", 1, 0, false, "") })
	if !errors.Is(err, ErrState) {
		t.Errorf("to accept afterwards: got %v, want %v", err, ErrState)
	}
}

// after brings a match to where n of its messages were taken.
func after(t *testing.T, n int) (north, south *party, waiting []letter, to *party) {
	t.Helper()
	north, south = pair(t)
	north.update(func(ctx context.Context, tx *store.Tx) error {
		_, err := north.Propose(ctx, tx, "amira", north.peer, plainOffer())
		return err
	})
	from, to := north, south
	for taken := 0; ; {
		waiting = from.sent()
		if len(waiting) == 0 && from == north && north.match().State == Accepted {
			start(north)
			continue
		}
		for len(waiting) > 0 {
			if taken == n {
				return north, south, waiting, to
			}
			if refused := to.take(waiting[0]); refused != "" {
				t.Fatalf("%s: %s", waiting[0].kind, refused)
			}
			waiting, taken = waiting[1:], taken+1
			if taken == 1 {
				accept(south, false)
			}
		}
		from, to = to, from
	}
}

// A run has so many messages until the count is known, and so many in all: the
// overlap of the pair's sets is 7 chunks, hello, tags and turn of each side and
// one answer more.
const (
	uptoCount = 5
	wholeRun  = uptoCount + 7
)

// chunks are the kinds of so many messages of a stream.
func chunks(n int) []string { return slices.Repeat([]string{stream.KindChunk}, n) }

func TestEitherSideAbortsAtEveryStep(t *testing.T) {
	for n := range wholeRun {
		for _, who := range []string{"North", "South"} {
			t.Run(fmt.Sprint(who, " after ", n), func(t *testing.T) {
				north, south, waiting, to := after(t, n)
				p, other := north, south
				if who == "South" {
					p, other = south, north
				}
				if err := abort(p); errors.Is(err, store.ErrNotFound) && n == 0 || errors.Is(err, ErrState) && p.match().State == Done {
					return // there is nothing to abort yet, or any more
				} else if err != nil {
					t.Fatal(err)
				}
				for _, l := range waiting { // what was on its way still comes
					refused := to.take(l)
					if to == p && refused == "" && l.kind != stream.KindChunk && !slices.Contains(streamed, l.kind) { // a chunk that comes late is dropped in silence
						t.Errorf("%s took %s after it aborted", p.Self, l.kind)
					}
				}
				for _, l := range p.sent() {
					other.take(l)
				}
				m := ended(t, p, Aborted)
				if m.Progress.Reason != "changed our mind" {
					t.Errorf("the reason is %q", m.Progress.Reason)
				}
				if o := other.match(); o.State != Done {
					ended(t, other, Aborted)
				}
				if n < wholeRun-1 && len(p.overlap()) > 0 { // the last message but one tells North
					t.Errorf("%s aborted and learnt %v", p.Self, p.overlap())
				}
				if n > uptoCount && !strings.Contains(p.ledger(), `"flow":{"stage":"`) {
					t.Errorf("the ledger of %s does not say how far it had gone:\n%s", p.Self, p.ledger())
				}
				if err := abort(p); !errors.Is(err, ErrState) {
					t.Errorf("the second time: got %v, want %v", err, ErrState)
				}
			})
		}
	}
}

func TestAnAbortForgetsTheQueryThatWaited(t *testing.T) {
	for _, who := range []string{"North", "South"} {
		north, south := agreed(t, plainOffer(), true)
		start(north)
		exchange(north, south)
		p := map[string]*party{"North": north, "South": south}[who]
		if err := abort(p); err != nil {
			t.Fatal(err)
		}
		exchange(north, south)
		ended(t, north, Aborted)
		ended(t, south, Aborted)
	}
}

// A query that waits was looked at from outside only. When the person goes on
// and it turns out to be none, the match ends, and both are told.
func TestAQueryThatWaitedAndIsNone(t *testing.T) {
	north, south := asked(t)
	l := north.sentOne()
	copy(l.body[len(l.body)-32:], bytes.Repeat([]byte{0xff}, 32)) // the last element is no group element
	if refused := south.take(l); refused != "" {
		t.Fatal(refused)
	}
	if err := goOn(south); !errors.Is(err, psi.ErrMessage) {
		t.Errorf("got %v, want %v", err, psi.ErrMessage)
	}
	exchange(north, south)
	ended(t, south, Refused)
	if m := ended(t, north, Aborted); m.Progress.Reason != toldBroken {
		t.Errorf("North is told %q", m.Progress.Reason)
	}
}

func TestReasonsAreShort(t *testing.T) {
	for _, reason := range []string{strings.Repeat("a", maxReason+1), "two\nlines", "\x1b[31mred", "\u202edeb", string([]byte{0xff})} {
		north, south := pair(t)
		propose(north, south, plainOffer())
		err := south.Store.Update(t.Context(), func(tx *store.Tx) error { return south.Decline(t.Context(), tx, "chen", 1, reason) })
		if err == nil || south.match().State != Offered {
			t.Errorf("our own reason %.10q was sent", reason)
		}
		// A counterpart that says it all the same is shown something harmless.
		run := north.match().Terms.Run
		if refused := north.take(letter{kind: KindDecline, body: encodeMessage(run, []byte(reason))}); refused != "" {
			t.Errorf("%.10q: %s", reason, refused)
		}
		if got := north.match().Progress.Reason; len(got) > maxReason+len("…") || !printable(got) {
			t.Errorf("%.10q is shown as %.10q of %d bytes", reason, got, len(got))
		}
	}
}
