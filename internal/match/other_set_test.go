package match

import (
	"strings"
	"testing"

	"parley/psi"
	"parley/selector"
)

// cheat is a side that keeps to the protocol but not to its set.
func cheat(t *testing.T, p *party, set []selector.Selector) (*psi.CountParty, *psi.Overlap) {
	t.Helper()
	m := p.match()
	seed, err := m.seed()
	if err != nil {
		t.Fatal(err)
	}
	count, err := psi.NewCountParty(seed, canonical(set))
	if err != nil {
		t.Fatal(err)
	}
	overlap, err := psi.NewOverlap(t.Context(), psi.OverlapOptions{
		Seed: seed, Initiator: m.Role == Initiator, Chunk: chunkOf(m.Terms), Terms: m.Matching.Terms,
	}, psi.Items(canonical(set)))
	if err != nil {
		t.Fatal(err)
	}
	return count, overlap
}

func TestASetOfAnotherSizeIsRefused(t *testing.T) {
	must := func(b []byte, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	large := emails(0, 101) // the terms allow 100
	for _, c := range []struct {
		name string
		n    int // messages taken before
		make func(run RunID, waiting letter, north, south *party) letter
	}{
		{"a count query larger than the terms allow", 2, func(run RunID, l letter, north, south *party) letter {
			count, _ := cheat(t, north, large)
			return letter{kind: l.kind, body: encodeMessage(run, count.Query())}
		}},
		{"a count answer from a set larger than the terms allow", 3, func(run RunID, l letter, north, south *party) letter {
			_, all := parts(t, northsQuery(t))
			count, _ := cheat(t, south, large)
			return letter{kind: l.kind, body: encodeMessage(run, must(count.Answer(all[0], 1000)), count.Query())}
		}},
		{"a count query of another set than the count answer's", 3, func(run RunID, l letter, north, south *party) letter {
			_, all := parts(t, l)
			count, _ := cheat(t, south, emails(4, 8))
			return letter{kind: l.kind, body: encodeMessage(run, all[0], count.Query())}
		}},
		{"a count answer of another set than the count query's", 4, func(run RunID, l letter, north, south *party) letter {
			_, all := parts(t, southsReply(t))
			count, _ := cheat(t, north, emails(0, 8))
			return letter{kind: l.kind, body: encodeMessage(run, must(count.Answer(all[1], 1000)))}
		}},
		{"an overlap of another set than the count's, from who begins it", 5, func(_ RunID, l letter, north, south *party) letter {
			_, overlap := cheat(t, north, emails(0, 8))
			return saying(l, must(overlap.Begin()))
		}},
		{"an overlap of another set than the count's, from the other", 6, func(_ RunID, l letter, north, south *party) letter {
			_, first := cheat(t, north, emails(0, 7))
			_, overlap := cheat(t, south, emails(4, 10))
			turn, err := overlap.Next(t.Context(), must(first.Begin()))
			return saying(l, must(turn.Message, err))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			north, south, waiting, to := after(t, c.n)
			other := map[*party]*party{north: south, south: north}[to]
			bad := c.make(to.match().Terms.Run, waiting[0], north, south)
			breaks(t, to, other, bad, c.name)
			if why := to.match().Progress.Reason; !strings.Contains(why, "their set has") {
				t.Errorf("it was refused for another reason: %s", why)
			}
		})
	}
}

// northsQuery is the count query of the run that all pairs make.
func northsQuery(t *testing.T) letter {
	t.Helper()
	_, _, waiting, _ := after(t, 2)
	return waiting[0]
}

// southsReply is the answer to it.
func southsReply(t *testing.T) letter {
	t.Helper()
	_, _, waiting, _ := after(t, 3)
	return waiting[0]
}

// A set of the same size but other items in the overlap than in the count is
// an alarm: the result is kept, and a person decides what it is worth.
func TestAnotherSetOfTheSameSizeIsAnAlarm(t *testing.T) {
	_, south, waiting, _ := after(t, uptoCount)
	north, _, _, _ := after(t, uptoCount)
	_, overlap := cheat(t, north, emails(2, 9)) // all five of South's
	said, err := overlap.Begin()
	for number := 0; said != nil; number++ {
		if err != nil {
			t.Fatal(err)
		}
		if refused := south.take(saying(numbered(waiting[0], number), said)); refused != "" {
			t.Fatal(refused)
		}
		said = nil
		if south.match().State != Done {
			var turn psi.Turn
			turn, err = overlap.Next(t.Context(), south.sentOne().body[chunkHead:])
			said = turn.Message
		}
	}
	m := ended(t, south, Done)
	if m.Progress.Count != 3 || m.Progress.Overlap != 5 || m.Progress.Alarm == "" || !strings.Contains(south.ledger(), `"alarm":`) {
		t.Errorf("count %d, overlap %d, alarm %q", m.Progress.Count, m.Progress.Overlap, m.Progress.Alarm)
	}
}
