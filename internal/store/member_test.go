package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// member is version v of the object n, added at the moment at, counted in microseconds.
func member(typ string, n, v, at int, rank Rank) Member {
	return Member{
		UUID: [16]byte{byte(n >> 8), byte(n)}, Type: typ, Spec: "2.1", Version: noon.Add(time.Duration(v) * time.Second).Format("2006-01-02T15:04:05.000Z"),
		Added: noon.Add(time.Duration(at) * time.Microsecond), Rank: rank, Body: fmt.Appendf(nil, `{"object":%d,"version":%d}`, n, v),
	}
}

const only = Newest | Last | First | LastAll | FirstAll

func add(t testing.TB, s *Store, collection int64, members ...Member) {
	t.Helper()
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.AddMembers(ctx, collection, members) })
}

// members reads with bodies, and gives each as its body.
func members(t testing.TB, s *Store, sc MemberScope, limit int) (bodies []string) {
	t.Helper()
	look(t, s, func(ctx context.Context, tx *Tx) error {
		found, err := tx.Members(ctx, sc, limit)
		if err != nil {
			return err
		}
		if err := tx.Bodies(ctx, found); err != nil {
			return err
		}
		for _, m := range found {
			bodies = append(bodies, string(m.Body))
		}
		return nil
	})
	return bodies
}

func TestMembersAreFoundByScope(t *testing.T) {
	s := fresh(t)
	c, other := collection(t, s, "Siem"), collection(t, s, "Desk")
	add(t, s, other, member("note", 9, 0, 1, only))
	add(t, s, c,
		member("note", 1, 1, 2, Newest|First|FirstAll), member("malware", 2, 1, 3, only), member("note", 3, 1, 4, only))
	add(t, s, c, member("note", 1, 2, 5, Newest|Last|LastAll))
	for name, x := range map[string]struct {
		scope MemberScope
		limit int
		want  []string
	}{
		"the usual":     {MemberScope{Ranks: []Rank{Newest | Last}}, 9, []string{"2 1", "3 1", "1 2"}},
		"a page":        {MemberScope{Ranks: []Rank{Newest | Last}}, 2, []string{"2 1", "3 1"}},
		"after":         {MemberScope{Ranks: []Rank{Newest | Last}, After: noon.Add(3 * time.Microsecond)}, 9, []string{"3 1", "1 2"}},
		"a type":        {MemberScope{Ranks: []Rank{Newest | Last}, Types: []string{"note", "note"}}, 9, []string{"3 1", "1 2"}},
		"two types":     {MemberScope{Ranks: []Rank{Newest | Last}, Types: []string{"note", "malware"}}, 2, []string{"2 1", "3 1"}},
		"all":           {MemberScope{}, 9, []string{"1 1", "2 1", "3 1", "1 2"}},
		"all of a type": {MemberScope{Types: []string{"note"}}, 9, []string{"1 1", "3 1", "1 2"}},
		"first":         {MemberScope{Ranks: []Rank{Newest | First}}, 9, []string{"1 1", "2 1", "3 1"}},
		"first or last": {MemberScope{Ranks: []Rank{Newest | First, Newest | Last}}, 9, []string{"1 1", "2 1", "3 1", "1 2"}},
		"a second":      {MemberScope{Seconds: []string{"2026-03-01T12:00:02"}}, 9, []string{"1 2"}},
		"another STIX":  {MemberScope{Specs: []string{"2.0"}}, 9, nil},
		"this STIX":     {MemberScope{Specs: []string{"2.0", "2.1"}, Ranks: []Rank{LastAll}}, 9, []string{"2 1", "3 1", "1 2"}},
	} {
		x.scope.Collection = c
		var want []string
		for _, w := range x.want {
			var n, v int
			fmt.Sscan(w, &n, &v)
			want = append(want, fmt.Sprintf(`{"object":%d,"version":%d}`, n, v))
		}
		if got := members(t, s, x.scope, x.limit); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestMembersAreAddedInTheirOrder(t *testing.T) {
	s := fresh(t)
	c := collection(t, s, "Siem")
	add(t, s, c, member("note", 1, 0, 5, only))
	for name, wrong := range map[string][]Member{
		"earlier":     {member("note", 2, 0, 4, only)},
		"at the same": {member("note", 2, 0, 5, only)},
		"two at one":  {member("note", 2, 0, 6, only), member("note", 3, 0, 6, only)},
	} {
		err := s.Update(t.Context(), func(tx *Tx) error { return tx.AddMembers(t.Context(), c, wrong) })
		if !errors.Is(err, ErrClock) {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := s.Update(t.Context(), func(tx *Tx) error {
		return tx.AddMembers(t.Context(), c, []Member{{Added: noon.Add(time.Hour), Body: make([]byte, MaxBody+1)}})
	})
	if err == nil {
		t.Error("a body over the limit was kept")
	}
	if got := members(t, s, MemberScope{Collection: c}, 9); len(got) != 1 {
		t.Errorf("there are %q", got)
	}
}

// TestLargeBodiesComeBack has bodies that fill packs, rows and more than one row.
func TestLargeBodiesComeBack(t *testing.T) {
	s := fresh(t)
	c := collection(t, s, "Siem")
	var all []Member
	for i, size := range []int{0, 1, packBytes - 1, packBytes, 3 * pieceSize, 10} {
		m := member("artifact", i, 0, i+1, only)
		m.Body = noise(size)
		all = append(all, m)
	}
	add(t, s, c, all...)
	for i, got := range members(t, s, MemberScope{Collection: c}, 9) {
		if got != string(all[i].Body) {
			t.Errorf("body %d came back with %d bytes", i, len(got))
		}
	}
}

// noise is what no compression makes smaller.
func noise(size int) []byte {
	b, x := make([]byte, size), uint64(88172645463325252)
	for i := range b {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		b[i] = byte(x >> 24)
	}
	return b
}

// TestMembersAgreeWithAModel adds, removes, settles and gives up changes at random, through two stores
// that have the file open, as a command beside a server has, and compares with a plain list.
func TestMembersAgreeWithAModel(t *testing.T) {
	one := fresh(t)
	other, err := Open(t.Context(), one.Path(), testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	clock, runs := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		runs++
		c := collection(t, one, fmt.Sprint("Siem ", runs))
		var model []Member
		draw := func() (some []Member) {
			for range rapid.IntRange(1, packMembers+6).Draw(r, "members") {
				clock++
				some = append(some, member("note", rapid.IntRange(1, 40).Draw(r, "object"), clock, clock, only))
			}
			return some
		}
		store := func() *Store { return rapid.SampledFrom([]*Store{one, other}).Draw(r, "store") }
		r.Repeat(map[string]func(*rapid.T){
			"add": func(r *rapid.T) {
				some := draw()
				change(t, store(), func(ctx context.Context, tx *Tx) error {
					if rapid.Bool().Draw(r, "looked before") {
						if _, err := membersOf(ctx, tx, c, [][16]byte{{0, 1}}); err != nil {
							return err
						}
					}
					return tx.AddMembers(ctx, c, some)
				})
				model = append(model, some...)
			},
			"give up": func(r *rapid.T) {
				some, before := draw(), clock
				gaveUp := errors.New("given up")
				err := store().Update(t.Context(), func(tx *Tx) error {
					if err := tx.AddMembers(t.Context(), c, some); err != nil {
						return err
					}
					found, err := membersOf(t.Context(), tx, c, [][16]byte{some[0].UUID})
					if err != nil || !slices.ContainsFunc(found, func(m Member) bool { return m.Added.Equal(some[0].Added) }) {
						r.Fatalf("what a transaction added it does not find: %v", err)
					}
					return gaveUp
				})
				if !errors.Is(err, gaveUp) {
					r.Fatal(err)
				}
				clock = before - len(some) // the same moments are given again, to other members
			},
			"remove": func(r *rapid.T) {
				if len(model) == 0 {
					return
				}
				n := rapid.IntRange(0, len(model)-1).Draw(r, "which")
				change(t, store(), func(ctx context.Context, tx *Tx) error {
					found, err := membersOf(ctx, tx, c, [][16]byte{model[n].UUID})
					if err != nil {
						return err
					}
					found = slices.DeleteFunc(found, func(m Member) bool { return !m.Added.Equal(model[n].Added) })
					return tx.RemoveMembers(ctx, c, found)
				})
				model = slices.Delete(model, n, n+1)
			},
			"settle": func(*rapid.T) {
				change(t, store(), func(ctx context.Context, tx *Tx) error { return tx.SettleIDs(ctx, c) })
			},
			"compare": func(r *rapid.T) { sameAsModel(t, r, store(), c, model) },
		})
		sameAsModel(t, r, one, c, model)
		sameAsModel(t, r, other, c, model)
	})
}

func sameAsModel(t *testing.T, r *rapid.T, s *Store, c int64, model []Member) {
	var want []string
	for _, m := range model {
		want = append(want, string(m.Body))
	}
	if got := members(t, s, MemberScope{Collection: c}, len(model)+1); !slices.Equal(got, want) {
		r.Fatalf("got %q, want %q", got, want)
	}
	id := [16]byte{0, byte(rapid.IntRange(1, 40).Draw(r, "looked for"))}
	look(t, s, func(ctx context.Context, tx *Tx) error {
		found, err := membersOf(ctx, tx, c, [][16]byte{id})
		if err != nil {
			return err
		}
		n := 0
		for _, m := range model {
			if m.UUID == id {
				if n >= len(found) || !found[n].Added.Equal(m.Added) {
					r.Fatalf("an entry of object %d is not found", id[1])
				}
				n++
			}
		}
		held, err := tx.Collection(ctx, collectionID(c))
		if n != len(found) || int(held.Members) != len(model) {
			r.Fatalf("%d found, %d expected; the collection counts %d of %d", len(found), n, held.Members, len(model))
		}
		return err
	})
}

// TestAnOldSnapshotFindsWhatSettledSince looks ids up in a snapshot that is older than the index, and in
// one that is as old as the members in memory.
func TestAnOldSnapshotFindsWhatSettledSince(t *testing.T) {
	s := fresh(t)
	c := collection(t, s, "Siem")
	add(t, s, c, member("note", 1, 0, 1, only), member("note", 2, 0, 2, only))
	old, done := make(chan struct{}), make(chan struct{})
	result := make(chan string, 1)
	go func() {
		err := s.View(t.Context(), func(tx *Tx) error {
			if _, err := tx.LastAdded(t.Context()); err != nil { // the snapshot is taken
				return err
			}
			close(old)
			<-done
			found, err := membersOf(t.Context(), tx, c, [][16]byte{{0, 1}, {0, 2}, {0, 3}})
			result <- fmt.Sprint(len(found), " ", err)
			return nil
		})
		if err != nil {
			result <- err.Error()
		}
	}()
	<-old
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.SettleIDs(ctx, c) })
	add(t, s, c, member("note", 3, 0, 3, only))
	change(t, s, func(ctx context.Context, tx *Tx) error {
		found, err := membersOf(ctx, tx, c, [][16]byte{{0, 1}, {0, 2}, {0, 3}})
		if len(found) != 3 {
			t.Errorf("the newest snapshot finds %d", len(found))
		}
		return err
	})
	close(done)
	if got := <-result; got != "2 <nil>" {
		t.Errorf("the old snapshot finds %s", got)
	}
}

func TestIDsSettleOnceThereAreMany(t *testing.T) {
	s := fresh(t)
	c := collection(t, s, "Siem")
	add(t, s, c, member("note", 1, 0, 1, only))
	if s.ManyRecent(c) {
		t.Error("one id is many")
	}
	populate(t, s, c, 2, 2+settleAt)
	look(t, s, func(ctx context.Context, tx *Tx) error {
		found, err := membersOf(ctx, tx, c, [][16]byte{posted(2).UUID, member("note", 1, 0, 1, only).UUID, {0xff}})
		if len(found) != 2 {
			t.Errorf("%d found", len(found))
		}
		return err
	})
	if s.ManyRecent(c) {
		t.Error("populate left ids to settle")
	}
}

func TestReportsOnRequestsAreKeptForAWhile(t *testing.T) {
	s := fresh(t)
	north, south := counterpart(t, s, "North"), counterpart(t, s, "South")
	report := noise(2*pieceSize + 7)
	change(t, s, func(ctx context.Context, tx *Tx) error {
		return tx.AddRequest(ctx, Request{UUID: [16]byte{1}, Counterpart: north, Report: report, DoneAt: noon})
	})
	request := func(who int64) (r Request, err error) {
		err = s.View(t.Context(), func(tx *Tx) error { r, err = tx.Request(t.Context(), who, [16]byte{1}); return err })
		return r, err
	}
	if r, err := request(north); err != nil || string(r.Report) != string(report) || !r.DoneAt.Equal(noon) {
		t.Errorf("%d bytes at %s, %v", len(r.Report), r.DoneAt, err)
	}
	if _, err := request(south); !errors.Is(err, ErrNotFound) {
		t.Errorf("another sees it: %v", err)
	}
	for i, moment := range []time.Time{noon, noon.Add(time.Second)} {
		change(t, s, func(ctx context.Context, tx *Tx) error { return tx.DropRequests(ctx, moment) })
		if _, err := request(north); errors.Is(err, ErrNotFound) != (i == 1) {
			t.Errorf("%s: %v", moment, err)
		}
	}
}

// membersOf lists every member of some objects, as the exchange finds them.
func membersOf(ctx context.Context, tx *Tx, collection int64, uuids [][16]byte) ([]Member, error) {
	moments, err := tx.MomentsOf(ctx, collection, uuids)
	if err != nil || len(moments) == 0 {
		return nil, err
	}
	return tx.MembersAt(ctx, collection, moments, uuids)
}
