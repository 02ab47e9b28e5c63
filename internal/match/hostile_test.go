package match

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parley/internal/store"
	"parley/internal/stream"
	"parley/psi"
)

// standing is what of a match must not change when a message is ignored.
func standing(p *party) string {
	var all []store.Matching
	err := p.Store.View(p.t.Context(), func(tx *store.Tx) (err error) {
		all, err = tx.Matchings(p.t.Context())
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return fmt.Sprintf("%+v %v", all, p.overlap())
}

// ignores sees that a message is refused and changes nothing.
func ignores(t *testing.T, p *party, from int64, l letter, what string) {
	t.Helper()
	before, ledger := standing(p), p.ledger()
	if refused := p.apply(p.arrive(from, l)); refused == "" {
		t.Errorf("%s: %s took it", what, p.Self)
	}
	if standing(p) != before || p.ledger() != ledger {
		t.Errorf("%s: %s is changed", what, p.Self)
	}
	for _, sent := range p.sent() {
		t.Errorf("%s: %s answers with %s", what, p.Self, sent.kind)
	}
}

// parts takes a true message apart.
func parts(t *testing.T, l letter) (RunID, [][]byte) {
	t.Helper()
	for n := range 3 {
		if run, all, err := decodeMessage(l.body, n); err == nil {
			return run, all
		}
	}
	t.Fatalf("%s has no parts", l.kind)
	return RunID{}, nil
}

func TestMessagesThatDoNotFitChangeNothing(t *testing.T) {
	for n := range uptoCount {
		north, south, waiting, to := after(t, n)
		l := waiting[0]
		if slices.Contains(streamed, l.kind) {
			continue // what breaks the stream ends the match
		}
		t.Run(l.kind, func(t *testing.T) {
			other := map[*party]*party{north: south, south: north}[to]
			west := to.meet("West")
			run, all := parts(t, l)
			run[3] ^= 1
			long := append(bytes.Clone(l.body[:16]), 0xff, 0xff, 0xff, 0xff)
			for what, body := range map[string][]byte{
				"nothing": nil, "half a run's number": l.body[:9], "a run's number alone": l.body[:16], "a byte less": l.body[:len(l.body)-1],
				"a byte more": append(bytes.Clone(l.body), 0), "another run": encodeMessage(run, all...), "a part of four gigabytes": long,
				"a part too many": encodeMessage(RunID(l.body[:16]), append(all, nil)...), "garbage": bytes.Repeat([]byte("rubbish"), 99),
			} {
				ignores(t, to, to.peer.ID, letter{kind: l.kind, body: body}, what)
			}
			for _, kind := range []string{"match.", "match.unknown", "match.count.query\x00"} {
				ignores(t, to, to.peer.ID, letter{kind: kind, body: l.body}, kind)
			}
			ignores(t, to, west.ID, l, "from another counterpart")
			if n > 0 {
				ignores(t, other, other.peer.ID, l, "to the side that sends it")
			}
			if refused := to.take(l); refused != "" {
				t.Fatalf("the true message, after all that: %s", refused)
			}
			to.sent() // its answer goes its way
			ignores(t, to, to.peer.ID, l, "the true message again")
		})
	}
}

// receiver is the side that a message of the run goes to.
func receiver(l letter, north, south *party) *party {
	if l.kind == KindAccept || l.kind == KindCountReply {
		return north
	}
	return south
}

// due is the state in which each message of the count is expected.
var due = map[string]string{KindCountQuery: Accepted, KindCountReply: Counting, KindCountAnswer: Counting}

// TestAMessageOfTheCountOutOfTurnIsNotUsed: it is late and dropped, or of no
// stream and ignored, or it ends the match.
func TestAMessageOfTheCountOutOfTurnIsNotUsed(t *testing.T) {
	every := record(t, false)[:uptoCount] // the same seeds, so these are messages of the very runs below
	for n := 1; n < uptoCount; n++ {
		for i, l := range every {
			if i == n || !slices.Contains(streamed, l.kind) {
				continue
			}
			north, south, _, _ := after(t, n)
			to := receiver(l, north, south)
			to.sent()
			before := to.match()
			if before.State == due[l.kind] {
				continue
			}
			refused := to.take(l)
			after := to.match()
			if after.State != before.State && (after.State != Refused || refused == "") || after.Progress.Count != before.Progress.Count {
				t.Errorf("%s after %d messages: %q, and the match is %s, was %s", l.kind, n, refused, after.State, before.State)
			}
			for _, said := range to.sent() {
				if said.kind != KindAbort {
					t.Errorf("%s after %d messages is answered with %s", l.kind, n, said.kind)
				}
			}
		}
	}
}

// breaks sees that a message ends the match as refused, and that the other
// side is told no more than that.
func breaks(t *testing.T, p, other *party, l letter, what string) {
	t.Helper()
	if refused := p.take(l); refused == "" {
		t.Errorf("%s: %s took it", what, p.Self)
		return
	}
	m := ended(t, p, Refused)
	if !strings.Contains(p.ledger(), "match.refused M1") || m.Progress.Reason == "" {
		t.Errorf("%s: the ledger of %s does not say why", what, p.Self)
	}
	if len(p.overlap()) > 0 {
		t.Errorf("%s: %s learnt %v", what, p.Self, p.overlap())
	}
	for _, sent := range p.sent() {
		if sent.kind != KindAbort || !strings.Contains(string(sent.body), toldBroken) || bytes.Contains(sent.body, []byte("element")) {
			t.Errorf("%s: %s says %s %q", what, p.Self, sent.kind, sent.body)
		}
		other.take(sent)
	}
	if o := other.match(); o.State != Done {
		ended(t, other, Aborted)
	}
	if refused := p.take(l); refused == "" && l.kind != stream.KindChunk && !slices.Contains(streamed, l.kind) { // a chunk that comes late is dropped in silence
		t.Errorf("%s: the same again is taken", what)
	}
}

func TestMessagesThatBreakTheProtocolEndTheMatch(t *testing.T) {
	for n := 1; n < uptoCount; n++ {
		_, _, sample, _ := after(t, n)
		run, all := parts(t, sample[0])
		for what, bad := range breaches(sample[0].kind, all) {
			t.Run(sample[0].kind+" with "+what, func(t *testing.T) {
				north, south, waiting, to := after(t, n)
				other := map[*party]*party{north: south, south: north}[to]
				breaks(t, to, other, letter{kind: waiting[0].kind, body: encodeMessage(run, bad...)}, what)
			})
		}
	}
}

// breaches are wrong parts for a message whose true ones are given.
func breaches(kind string, all [][]byte) map[string][][]byte {
	with := func(i int, part []byte) [][]byte {
		changed := append([][]byte(nil), all...)
		changed[i] = part
		return changed
	}
	bad := map[string][][]byte{}
	for i := range all {
		garbage := bytes.Repeat([]byte{0xa5}, len(all[i]))
		bad[fmt.Sprint("no part ", i)] = with(i, nil)
		bad[fmt.Sprint("half of part ", i)] = with(i, all[i][:len(all[i])/2])
		if kind != KindAccept || i == 0 { // any 32 bytes may be a key, until it is used
			bad[fmt.Sprint("garbage for part ", i)] = with(i, garbage)
		}
		if len(all[i]) > 32+32 { // an element of the group that is none
			spoilt := bytes.Clone(all[i])
			copy(spoilt[32:64], bytes.Repeat([]byte{0xff}, 32))
			bad[fmt.Sprint("an element that is none in part ", i)] = with(i, spoilt)
		}
	}
	if len(all) == 2 && kind != KindAccept {
		bad["its parts swapped"] = [][]byte{all[1], all[0]}
		bad["the answer twice"] = [][]byte{all[0], all[0]}
	}
	return bad
}

func TestTermsThatWereAlteredAreNotAccepted(t *testing.T) {
	north, south, waiting, _ := after(t, 1)
	run, all := parts(t, waiting[0])
	other := sha256.Sum256([]byte("other terms"))
	breaks(t, north, south, letter{kind: KindAccept, body: encodeMessage(run, other[:], all[1])}, "the hash of other terms")
}

// A key that is not the one of the overlap's answers is found out when they
// come: a side cannot change its key after it has seen a query.
func TestAnotherKeyIsFoundOut(t *testing.T) {
	otherKey, err := psi.PublicKey(psi.Seed{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	t.Run("of the side that proposes", func(t *testing.T) {
		north, south, waiting, _ := after(t, 0)
		run, all := parts(t, waiting[0])
		if refused := south.take(letter{kind: KindPropose, body: encodeMessage(run, all[0], otherKey)}); refused != "" {
			t.Fatal(refused)
		}
		accept(south, false)
		deliver(south, north)
		start(north)
		deliver(north, south)
		deliver(south, north)
		last := north.sent()
		if refused := south.take(last[0]); refused != "" {
			t.Fatal(refused)
		}
		breaks(t, south, north, last[1], "a commitment under another key")
	})
	t.Run("of the side that accepts", func(t *testing.T) {
		north, south, waiting, _ := after(t, 1)
		run, all := parts(t, waiting[0])
		if refused := north.take(letter{kind: KindAccept, body: encodeMessage(run, all[0], otherKey)}); refused != "" {
			t.Fatal(refused)
		}
		start(north)
		deliver(north, south)
		deliver(south, north)
		deliver(north, south)
		breaks(t, north, south, south.sentOne(), "a commitment under another key")
	})
}

// chunkHead is what stands before a chunk's bytes: run, credit, number, end mark.
const chunkHead = 16 + 8 + 8 + 1

// saying is a chunk with other bytes in it.
func saying(l letter, data []byte) letter {
	return letter{kind: l.kind, body: append(bytes.Clone(l.body[:chunkHead]), data...)}
}

// numbered is the chunk that comes n after one, from a side that has used as
// many more.
func numbered(l letter, n int) letter {
	body := bytes.Clone(l.body)
	for _, at := range []int{16, 24} { // credit, number
		binary.BigEndian.PutUint64(body[at:], binary.BigEndian.Uint64(body[at:])+uint64(n))
	}
	return letter{kind: l.kind, body: body}
}

// What a counterpart writes into a stream is refused for what it is, and ends
// the match on both sides.
func TestChunksThatBreakTheProtocolEndTheMatch(t *testing.T) {
	for n := uptoCount; n < wholeRun; n++ {
		for what, spoil := range map[string]func(letter) letter{
			"another number":     func(l letter) letter { return numbered(l, 9) },
			"nothing of psi":     func(l letter) letter { return saying(l, []byte("rubbish")) },
			"a byte less":        func(l letter) letter { return letter{kind: l.kind, body: l.body[:len(l.body)-1]} },
			"a byte more":        func(l letter) letter { return letter{kind: l.kind, body: append(bytes.Clone(l.body), 0)} },
			"too much credit":    func(l letter) letter { l.body[17] = 1; return l },
			"another first byte": func(l letter) letter { l.body[chunkHead] ^= 1; return l },
		} {
			t.Run(fmt.Sprint(what, " after ", n), func(t *testing.T) {
				north, south, waiting, to := after(t, n)
				other := map[*party]*party{north: south, south: north}[to]
				if n == wholeRun-1 {
					other.sent()
				}
				l := spoil(letter{kind: waiting[0].kind, body: bytes.Clone(waiting[0].body)})
				if refused := to.take(l); refused == "" {
					t.Fatal("it was taken")
				}
				ended(t, to, Refused)
				for _, sent := range to.sent() {
					other.take(sent)
				}
				if m := other.match(); m.State != Done {
					ended(t, other, Aborted)
				}
			})
		}
	}
}

// Whatever bit of a message is flipped, the receiver goes on or ends the match
// and never fails; a flip cannot happen in a channel, a counterpart can do it.
func TestFlippedBits(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for n := range wholeRun {
		for range 5 {
			_, _, waiting, to := after(t, n)
			l := waiting[0]
			at, bit := rnd.IntN(len(l.body)), rnd.IntN(8)
			l.body[at] ^= 1 << bit
			refused := to.take(l)
			if n == 0 {
				continue
			}
			if m := to.match(); m.State == Refused || m.State == Aborted {
				ended(t, to, m.State)
			} else if refused != "" && Ended(m.State) {
				t.Errorf("%s, bit %d of byte %d: %s, and the match is %s", l.kind, bit, at, refused, m.State)
			}
		}
	}
}
