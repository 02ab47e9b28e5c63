package match

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"parley/internal/store"
	"parley/internal/stream"
	"parley/psi"
)

const (
	northsNote = "case 17, call desk +1 202-555-0100"
	southsNote = "ask for Chen"
)

// noted is a pair that both accepted, with a note of each side.
func noted(t *testing.T, learns string, north, south string) (*party, *party) {
	t.Helper()
	n, s := pair(t)
	o := plainOffer()
	o.Mode, o.Learns, o.Note = ModePayload, learns, north
	propose(n, s, o)
	s.update(func(ctx context.Context, tx *store.Tx) error { return s.Accept(ctx, tx, "chen", 1, 0, false, south) })
	deliver(s, n)
	return n, s
}

// notes are what a party reads beside what both hold.
func notes(p *party) (all []string) {
	p.view(func(ctx context.Context, tx *store.Tx) error {
		by, err := tx.MatchedNotes(ctx, p.current)
		for _, sel := range emails(0, 9) {
			if text, is := by[sel]; is {
				all = append(all, sel.Value+": "+text)
			}
		}
		return err
	})
	return all
}

func TestANoteIsReadBesideWhatBothHold(t *testing.T) {
	for _, c := range []struct{ learns, north, south, northReads, southReads string }{
		{LearnBoth, northsNote, southsNote, southsNote, northsNote},
		{LearnBoth, northsNote, "", "", northsNote},
		{LearnProposer, "", southsNote, southsNote, ""},
		{LearnResponder, northsNote, "", "", northsNote},
	} {
		north, south := noted(t, c.learns, c.north, c.south)
		start(north)
		for moved := true; moved; { // both are killed between any two messages
			moved = false
			for p, to := range map[*party]*party{north: south, south: north} {
				for _, l := range p.sent() {
					moved = true
					to.crash()
					to.overlaps = underway{}
					if refused := to.take(l); refused != "" {
						t.Fatalf("%s: %s", l.kind, refused)
					}
				}
			}
		}
		for p, reads := range map[*party]string{north: c.northReads, south: c.southReads} {
			ended(t, p, Done)
			want := ""
			if reads != "" {
				want = "user4@example.org: " + reads + "\nuser5@example.org: " + reads + "\nuser6@example.org: " + reads
			}
			if got := strings.Join(notes(p), "\n"); got != want {
				t.Errorf("%s learns: %s reads\n%s\nwant\n%s", c.learns, p.Self, got, want)
			}
		}
		if text := north.ledger(); c.north != "" && (!strings.Contains(text, `match.note M1 South {"bytes":34,"sha256":"`) || strings.Contains(text, "case 17")) {
			t.Errorf("North's ledger:\n%s", text)
		}
	}
}

func TestANoteThatCannotBeSent(t *testing.T) {
	for name, change := range map[string]func(*Offer){
		"under terms without notes": func(o *Offer) { o.Mode = ModeOverlap },
		"to a side that learns not": func(o *Offer) { o.Learns = LearnProposer },
		"too long":                  func(o *Offer) { o.Note = strings.Repeat("a", MaxNote+1) },
		"that turns the line round": func(o *Offer) { o.Note = "from \u202ehtroN" },
		"of two lines":              func(o *Offer) { o.Note = "case\n17" },
	} {
		north, _ := pair(t)
		o := plainOffer()
		o.Mode, o.Note = ModePayload, northsNote
		change(&o)
		err := north.Store.Update(t.Context(), func(tx *store.Tx) error {
			_, err := north.Propose(t.Context(), tx, "amira", north.peer, o)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "note") {
			t.Errorf("a note %s: %v", name, err)
		}
		if len(north.sent()) > 0 || north.ledger() != "" {
			t.Errorf("a note %s: something was kept", name)
		}
	}
}

// liar attaches a note that no honest node would.
type liar struct {
	psi.Source
	note []byte
}

func (l liar) At(i int) (psi.Item, error) {
	item, err := l.Source.At(i)
	item.Payload = l.note
	return item, err
}

// hearNote has North go through an overlap with a cheat that plays South, whose
// messages are changed on the way.
func hearNote(t *testing.T, note string, change func(number int, message []byte)) *party {
	t.Helper()
	north, south := noted(t, LearnBoth, northsNote, southsNote)
	start(north)
	deliver(north, south)
	deliver(south, north)
	m := south.match()
	seed, err := m.seed()
	if err != nil {
		t.Fatal(err)
	}
	cheat, err := psi.NewOverlap(t.Context(), psi.OverlapOptions{
		Seed: seed, Chunk: chunkOf(m.Terms), Terms: m.Matching.Terms, Payload: MaxNote, MaxPayload: MaxNote,
	}, liar{psi.Items(canonical(emails(4, 9))), []byte(note)})
	if err != nil {
		t.Fatal(err)
	}
	sent := north.sent()
	chunk := sent[len(sent)-1]
	for n := 0; !Ended(north.match().State); n++ {
		said, err := cheat.Next(t.Context(), chunk.body[chunkHead:])
		if err != nil {
			t.Fatal(err)
		}
		change(n, said.Message)
		north.take(saying(southsChunk(chunk, 1+n), said.Message))
		for _, l := range north.sent() {
			chunk = l
		}
	}
	return north
}

// southsChunk is one of South's, made from one of North's.
func southsChunk(l letter, n int) letter {
	l = numbered(l, n-int(binary.BigEndian.Uint64(l.body[24:])))
	binary.BigEndian.PutUint64(l.body[16:], uint64(n+stream.DefaultWindow))
	return l
}

func TestAForeignNoteIsMadeFitToBeShown(t *testing.T) {
	north := hearNote(t, "a\x1b[2J\u202eb", func(int, []byte) {})
	ended(t, north, Done)
	if got := notes(north); len(got) != 3 || !strings.HasSuffix(got[0], ": (unreadable)") {
		t.Errorf("North reads %q", got)
	}
}

func TestANoteThatWasMovedOrAlteredEndsTheMatch(t *testing.T) {
	const head, record, tag = 32, 12 + 2 + MaxNote + 16, 12
	for name, change := range map[string]func([]byte){
		"altered": func(m []byte) {
			for at := head; at < len(m); at += record {
				m[at+tag] ^= 1
			}
		},
		"moved": func(m []byte) {
			first := strings.Clone(string(m[head+tag : head+record]))
			for at := head; at+record < len(m); at += record {
				copy(m[at+tag:at+record], m[at+record+tag:at+2*record])
			}
			copy(m[len(m)-record+tag:], first)
		},
	} {
		north := hearNote(t, southsNote, func(n int, m []byte) {
			if n == 1 {
				change(m)
			}
		})
		// The proof binds every message, so that the cheat alters what it then
		// speaks of itself: whichever is seen first, the match is refused.
		m := ended(t, north, Refused)
		if !strings.Contains(m.Progress.Reason, psi.ErrPayload.Error()) && !strings.Contains(m.Progress.Reason, psi.ErrProof.Error()) {
			t.Errorf("%s: %s", name, m.Progress.Reason)
		}
		if len(north.overlap()) > 0 || len(notes(north)) > 0 {
			t.Errorf("%s: North learnt %v", name, north.overlap())
		}
	}
	if !departs(errors.Join(psi.ErrPayload)) {
		t.Error("a payload that does not open is not the counterpart's fault")
	}
}
