package match

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"parley/internal/store"
	"parley/internal/stream"
)

// wide is a pair whose counts have more pieces than may be under way: a piece
// has some eight thousand selectors. Their sets share three.
func wide(t *testing.T, mode string, each int) (north, south *party) {
	t.Helper()
	north = newParty(t, "North", "South", emails(0, each)...)
	south = newParty(t, "South", "North", emails(each-3, 2*each-3)...)
	o := plainOffer()
	o.Mode, o.MaxItems = mode, each
	propose(north, south, o)
	accept(south, false)
	deliver(south, north)
	return north, south
}

// TestACountComesInPieces, through a kill of either side before each of them and
// after each was worked on and not kept; and both sides can say how far it is.
func TestACountComesInPieces(t *testing.T) {
	const each = 8200 // two pieces for a query, two for an answer
	north, south := wide(t, ModeCount, each)
	start(north)
	told := map[string]bool{}
	for quiet := false; !quiet; {
		quiet = true
		for _, way := range [][2]*party{{north, south}, {south, north}} {
			some := way[0].sent()
			if len(some) > stream.DefaultWindow+1 { // credit beside the chunks
				t.Fatalf("%d messages under way", len(some))
			}
			for _, l := range some {
				quiet = false
				in := way[1].arrive(way[1].peer.ID, l)
				if m := way[1].match(); m.State == Accepted || m.State == Counting {
					if _, err := way[1].Handle(t.Context(), in); err != nil { // and is killed
						t.Fatal(err)
					}
					way[1].crash()
				}
				if refused := way[1].apply(in); refused != "" {
					t.Fatal(refused)
				}
				if f := way[1].match().Progress.Flow; f != nil && f.Stage == stageCount {
					told[way[1].Self] = true
					if f.Done < 1 || f.Done >= f.Total || f.Total != each {
						t.Errorf("%s is at %d of %d", way[1].Self, f.Done, f.Total)
					}
				}
			}
		}
	}
	for _, p := range []*party{north, south} {
		if m := ended(t, p, Done); m.Progress.Count != 3 || m.Progress.Alarm != "" || !told[p.Self] {
			t.Errorf("%s: count %d, alarm %q, progress told: %v", p.Self, m.Progress.Count, m.Progress.Alarm, told[p.Self])
		}
		if p.pieces() != 0 {
			t.Errorf("%s keeps %d pieces", p.Self, p.pieces())
		}
	}
}

// pieces is how many pieces of messages a party keeps for the current match.
func (p *party) pieces() (n int) {
	p.view(func(ctx context.Context, tx *store.Tx) error {
		for _, ours := range []bool{true, false} {
			all, err := tx.MatchingPieces(ctx, p.current, ours, maxPieces)
			if err != nil {
				return err
			}
			n += len(all)
		}
		return nil
	})
	return n
}

// TestAWaitingAnswerHoldsTheEndBack: who has learnt the count is not done while
// the other side waits for the answer, and an overlap begins behind it.
func TestAWaitingAnswerHoldsTheEndBack(t *testing.T) {
	for mode, c := range map[string]struct {
		state string
		wait  int
	}{ModeCount: {Counting, 1}, ModeOverlap: {Overlapping, 2}} {
		o := plainOffer()
		o.Mode = mode
		north, south := agreed(t, o, false)
		start(north)
		deliver(north, south)
		north.update(func(ctx context.Context, tx *store.Tx) error {
			row, err := tx.Stream(ctx, north.peer.ID, first(north).Run)
			if err != nil {
				return err
			}
			row.Credit = row.Sent // as from a South that uses what came, and gives no more
			return tx.SetStream(ctx, row)
		})
		reply := south.sentOne()
		binary.BigEndian.PutUint64(reply.head[16:], 1)
		if refused := north.take(reply); refused != "" {
			t.Fatal(refused)
		}
		if m := north.match(); m.State != c.state || m.Progress.Ending != (mode == ModeCount) || m.Progress.Count != 3 || north.pieces() != c.wait {
			t.Fatalf("%s: North is %s with a count of %d and %d pieces", mode, m.State, m.Progress.Count, north.pieces())
		}
		north.crash()
		north.overlaps = underway{}
		credit := letter{kind: stream.KindCredit, body: binary.BigEndian.AppendUint64(bytes.Clone(first(north).Run), 5)}
		if refused := north.take(credit); refused != "" {
			t.Fatal(refused)
		}
		if said := strings.Contains(north.ledger(), "match.count.sent M1"); said != (mode == ModeCount) {
			t.Errorf("%s: the ledger says when it was done: %v\n%s", mode, said, north.ledger())
		}
		exchange(north, south)
		ended(t, north, Done)
		ended(t, south, Done)
	}
}

// TestPiecesThatDoNotFitEndTheMatch, before more than one of them is kept.
func TestPiecesThatDoNotFitEndTheMatch(t *testing.T) {
	full := bytes.Repeat([]byte{1}, stream.MaxChunk)
	head := func(kind byte, size int) []byte { return binary.BigEndian.AppendUint32([]byte{kind}, uint32(size)) }
	for what, data := range map[string][]byte{
		"no kind":                       head(0, 100),
		"an unknown kind":               head(4, 100),
		"less than a head":              {1, 0, 0},
		"the kind of another turn":      append(head(3, 100), make([]byte, 100)...),
		"four gigabytes":                append(head(1, 1<<32-1), full[:stream.MaxChunk-pieceHead]...),
		"more than the terms allow":     append(head(1, 1<<20), full[:stream.MaxChunk-pieceHead]...),
		"a piece that is not full":      append(head(1, 3000), make([]byte, 100)...),
		"more than it said":             append(head(1, 100), make([]byte, 200)...),
		"nothing":                       head(1, 0),
		"a message of a single byte":    append(head(1, 1), 7),
		"the rest of a message at once": full[:1000],
	} {
		north, south := agreed(t, plainOffer(), false)
		start(north)
		l := north.packed(north.sentOne())
		breaks(t, south, north, saying(l, data), what)
		if n := south.pieces(); n != 0 {
			t.Errorf("%s: %d pieces are kept", what, n)
		}
	}
}

func TestCutGivesFullPieces(t *testing.T) {
	for _, n := range []int{0, 1, stream.MaxChunk - pieceHead, stream.MaxChunk - pieceHead + 1, 3*stream.MaxChunk - pieceHead} {
		all := cut(KindCountAnswer, make([]byte, n))
		for i, p := range all[:len(all)-1] {
			if len(p) != stream.MaxChunk {
				t.Errorf("%d bytes: piece %d has %d", n, i, len(p))
			}
		}
		if whole := slices.Concat(all...); len(whole) != n+pieceHead || whole[0] != 3 || binary.BigEndian.Uint32(whole[1:]) != uint32(n) {
			t.Errorf("%d bytes: the pieces have %d together", n, len(whole))
		}
	}
}
