package store

import (
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"testing"
	"time"
)

// large is how many members the benchmarks of collections begin with.
var large = flag.Int("members", 100_000, "how many members a collection has for the benchmarks")

// posted is member n, with a body like those of published objects.
func posted(n int) Member {
	m := Member{
		Type: []string{"indicator", "relationship", "malware", "ipv4-addr"}[n%4], Spec: "2.1",
		Version: "2026-01-01T00:00:00.000Z", Rank: Newest | Last | First | LastAll | FirstAll,
		Added: noon.Add(time.Duration(n+1) * time.Microsecond),
	}
	binary.BigEndian.PutUint64(m.UUID[:], uint64(n)*0x9e3779b97f4a7c15) // spread like random ids
	binary.BigEndian.PutUint64(m.UUID[8:], uint64(n)*0xc2b2ae3d27d4eb4f)
	text := fmt.Sprintf(`{"type":%q,"spec_version":"2.1","id":"%s--%x","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z",`, m.Type, m.Type, m.UUID)
	for i := range 12 {
		text += fmt.Sprintf(`"x_property_%d":"what analyst %x wrote of %x and %d more","`, i, uint64(n*i)*0x9e3779b97f4a7c15, uint64(n+i)*0xc2b2ae3d27d4eb4f, n)
	}
	m.Body = append([]byte(text), `"labels":["x"]}`...)
	return m
}

// populate adds members from one number up to another, a thousand at a time, as the exchange does.
func populate(t testing.TB, s *Store, collection int64, from, to int) {
	t.Helper()
	const batch = 1000
	for n := from; n < to; n += batch {
		if b, ok := t.(*testing.B); ok {
			b.StopTimer()
		}
		all := make([]Member, 0, batch)
		for i := n; i < min(n+batch, to); i++ {
			all = append(all, posted(i))
		}
		if b, ok := t.(*testing.B); ok {
			b.StartTimer()
		}
		change(t, s, func(ctx context.Context, tx *Tx) error {
			ids := make([][16]byte, len(all))
			for i := range all {
				ids[i] = all[i].UUID
			}
			if held, err := membersOf(ctx, tx, collection, ids); err != nil || len(held) > 0 {
				return fmt.Errorf("%d are there already: %w", len(held), err)
			}
			return tx.AddMembers(ctx, collection, all)
		})
		if s.ManyRecent(collection) {
			change(t, s, func(ctx context.Context, tx *Tx) error { return tx.SettleIDs(ctx, collection) })
		}
	}
}

// collectionID is the id of the collection of a counterpart, which is the first of its kind to have one.
func collectionID(n int64) [16]byte { return [16]byte{byte(n >> 8), byte(n)} }

// collection adds one.
func collection(t testing.TB, s *Store, name string) (id int64) {
	t.Helper()
	c := counterpart(t, s, name)
	change(t, s, func(ctx context.Context, tx *Tx) (err error) {
		id, err = tx.AddCollection(ctx, Collection{UUID: collectionID(c), Counterpart: c, Alias: "released", CanRead: true, AddedAt: noon})
		return err
	})
	return id
}

func BenchmarkMembersIn(b *testing.B) {
	n := *large
	for b.Loop() {
		b.StopTimer()
		s := fresh(b)
		c := collection(b, s, "Siem")
		b.StartTimer()
		populate(b, s, c, 0, n)
	}
	b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "members/s")
}

// BenchmarkMembersOut reads a collection to its end, in pages of a thousand.
func BenchmarkMembersOut(b *testing.B) {
	s := fresh(b)
	c := collection(b, s, "Siem")
	populate(b, s, c, 0, *large)
	for _, bodies := range []bool{false, true} {
		b.Run(fmt.Sprintf("bodies=%v", bodies), func(b *testing.B) {
			for b.Loop() {
				sc, got := MemberScope{Collection: c, Ranks: []Rank{Newest | Last}}, 0
				for more := true; more; {
					look(b, s, func(ctx context.Context, tx *Tx) error {
						page, err := tx.Members(ctx, sc, 1000)
						if err != nil || len(page) == 0 {
							more = false
							return err
						}
						got, sc.After = got+len(page), page[len(page)-1].Added
						if bodies {
							return tx.Bodies(ctx, page)
						}
						return nil
					})
				}
				if got != *large {
					b.Fatalf("%d came", got)
				}
			}
			b.ReportMetric(float64(b.N**large)/b.Elapsed().Seconds(), "members/s")
		})
	}
}

// BenchmarkMembersOf looks for a thousand objects by their ids.
func BenchmarkMembersOf(b *testing.B) {
	s := fresh(b)
	c := collection(b, s, "Siem")
	populate(b, s, c, 0, *large)
	ids := make([][16]byte, 1000)
	for i := range ids {
		ids[i] = posted(i * 7919 % *large).UUID
	}
	look(b, s, func(ctx context.Context, tx *Tx) error {
		for b.Loop() {
			found, err := membersOf(ctx, tx, c, ids)
			if err != nil || len(found) != len(ids) {
				return fmt.Errorf("%d found: %w", len(found), err)
			}
		}
		return nil
	})
	b.ReportMetric(float64(b.N*len(ids))/b.Elapsed().Seconds(), "ids/s")
}
