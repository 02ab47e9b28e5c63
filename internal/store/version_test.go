package store

import (
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"
)

// TestWhichVersionShows: the newest, below the microsecond too; but what is
// revoked stays so, whichever version came first and whatever a later one says.
func TestWhichVersionShows(t *testing.T) {
	s := fresh(t)
	version := func(n, hour int, finer string, revoked bool, body string) Object {
		o := object(n, hour)
		o.Finer, o.Revoked, o.Body = finer, revoked, []byte(body)
		return o
	}
	put(
		t, s,
		version(1, 1, "2", false, "finer"), version(1, 1, "", false, "round"), version(1, 1, "19", false, "between"),
		version(2, 1, "", true, "revoked"), version(2, 2, "", false, "taken back"),
		version(3, 2, "", false, "later"), version(3, 1, "", true, "revoked, and came second"),
		version(4, 1, "", true, "revoked"), version(4, 2, "", true, "revoked again"),
	)
	want := map[int]string{1: "finer", 2: "revoked", 3: "revoked, and came second", 4: "revoked again"}
	look(t, s, func(ctx context.Context, tx *Tx) error {
		for _, types := range [][]string{nil, {"indicator"}} {
			all, err := tx.Objects(ctx, types...)
			if err != nil || len(all) != len(want) {
				t.Errorf("%d objects, %v; want %d", len(all), err, len(want))
			}
			for _, o := range all {
				if n := int(o.UUID[15]); string(o.Body) != want[n] {
					t.Errorf("object %d in the list: %s, want %s", n, o.Body, want[n])
				}
			}
		}
		for n, body := range want {
			o, err := tx.Object(ctx, "indicator", object(n, 0).UUID)
			if err != nil || string(o.Body) != body {
				t.Errorf("object %d: %s, %v; want %s", n, o.Body, err, body)
			}
		}
		all, err := tx.ObjectVersions(ctx, "indicator", object(1, 0).UUID)
		var bodies []string
		for _, o := range all {
			bodies = append(bodies, string(o.Body))
		}
		if order := []string{"round", "between", "finer"}; !slices.Equal(bodies, order) {
			t.Errorf("versions %q, want %q", bodies, order)
		}
		return err
	})
}

// TestOtherContentStandsBeside: of an object without versions the first that
// came is the object.
func TestOtherContentStandsBeside(t *testing.T) {
	s := fresh(t)
	first, other := object(1, 0), object(1, 0)
	first.Modified, other.Modified = time.Time{}, time.Time{}
	other.Other, other.Body = "0a1b", []byte("more is said")
	put(t, s, first, other, other)
	wantBodies(t, s, (*Tx).Objects, nil, first)
	wantBodies(t, s, (*Tx).Versions, []string{"indicator"}, first, other)
}

func TestVersionsThatAreHeld(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	theirs, report := object(1, 3), object(1, 1)
	theirs.Origin, report.Type = south, "report"
	seqs := put(t, s, object(1, 2), object(2, 1), theirs, report, object(1, 1), object(3, 1))
	look(t, s, func(ctx context.Context, tx *Tx) error {
		held, err := tx.HeldVersions(ctx, 0, [][16]byte{object(2, 0).UUID, object(1, 0).UUID, object(9, 0).UUID})
		var got []int64
		for _, o := range held {
			got = append(got, o.Seq)
			if o.Body != nil {
				t.Errorf("number %d came with its body", o.Seq)
			}
		}
		if want := []int64{seqs[1], seqs[3], seqs[4], seqs[0]}; !slices.Equal(got, want) {
			t.Errorf("held are %v, want %v: ours of these ids, oldest first", got, want)
		}
		none, err2 := tx.HeldVersions(ctx, 0, nil)
		if len(none) != 0 || err2 != nil {
			t.Errorf("of no ids: %v, %v", none, err2)
		}
		return err
	})
}

// TestAStoreFromBeforeIsBroughtForward fills a store as the schema before
// versions below the microsecond had it, and opens it.
func TestAStoreFromBeforeIsBroughtForward(t *testing.T) {
	path := filepath.Join(t.TempDir(), "node.db")
	key := testKey
	db, err := openWriter(path, &key, Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir, goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	old, next := object(1, 1), object(1, 1)
	if _, err := db.ExecContext(t.Context(), `INSERT INTO object (uuid, type, modified, revoked, origin, added_at, body) VALUES ($1, $2, $3, 0, 0, $4, $5)`,
		old.UUID[:], old.Type, micros(old.Modified), micros(noon), old.Body); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), path, testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if seqs := put(t, s, old); seqs[0] != 1 {
		t.Errorf("what it held got the number %d", seqs[0])
	}
	next.Finer, next.Body = "5", []byte("half a microsecond later")
	put(t, s, next)
	wantBodies(t, s, (*Tx).Versions, []string{"indicator"}, old, next)
	wantBodies(t, s, (*Tx).Objects, nil, next)
}

// TestAStoreWithoutTwoNumbersIsBroughtForward: programs were in use that knew the
// schemas 13 and 14, and not 10 and 11.
func TestAStoreWithoutTwoNumbersIsBroughtForward(t *testing.T) {
	path := filepath.Join(t.TempDir(), "node.db")
	key := testKey
	db, err := openWriter(path, &key, Options{})
	if err != nil {
		t.Fatal(err)
	}
	known, all := fstest.MapFS{}, 0
	files, err := migrations.ReadDir("migrations/sqlite")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		number, err := goose.NumericComponent(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		if all++; number == 10 || number == 11 || number > 14 {
			continue
		}
		text, err := migrations.ReadFile("migrations/sqlite/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		known[f.Name()] = &fstest.MapFile{Data: text}
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, known, goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), path, testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	look(t, s, func(ctx context.Context, tx *Tx) error {
		n, err := tx.number(ctx, `SELECT count(*) FROM goose_db_version WHERE version_id > 0`)
		if n != int64(all) {
			t.Errorf("%d migrations are noted, want %d", n, all)
		}
		return err
	})
}

// TestWhatWatchedSelectorsStandIn: each source once; not in evidence that is
// still being read, not in lists of our own, not in notes that came with nothing.
func TestWhatWatchedSelectorsStandIn(t *testing.T) {
	s := fresh(t)
	closed, open := evidence(t, s, "closed.zip", true), evidence(t, s, "open.zip", false)
	seq := put(t, s, object(1, 1))[0]
	find(
		t, s,
		Finding{Selector: email("maya"), Evidence: open, Place: "a"},
		Finding{Selector: email("maya"), Object: seq, List: "report.json", Place: "b"},
		Finding{Selector: email("maya"), Object: seq, List: "report.json", Place: "c"},
		Finding{Selector: email("maya"), Evidence: closed, Place: "d"},
		Finding{Selector: email("maya"), List: "watch.csv", Place: "e"},
		Finding{Selector: email("maya"), Object: seq, Place: "f"},
		Finding{Selector: email("other"), Evidence: closed, Place: "g"},
		Finding{Selector: phone(1), Evidence: closed, Place: "h"},
	)
	change(t, s, func(ctx context.Context, tx *Tx) error {
		for _, w := range []Watch{{Selector: phone(1)}, {Selector: email("maya")}, {Selector: phone(2)}} {
			if _, err := tx.AddWatch(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
	look(t, s, func(ctx context.Context, tx *Tx) error {
		got, err := tx.Sightings(ctx)
		want := []Finding{
			{ID: 2, Selector: email("maya"), Object: seq, List: "report.json"},
			{ID: 4, Selector: email("maya"), Evidence: closed},
			{ID: 8, Selector: phone(1), Evidence: closed},
		}
		if !slices.Equal(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
		return err
	})
}

func TestWhatAListSaidAlready(t *testing.T) {
	s := fresh(t)
	said := Finding{Selector: email("maya"), List: "watch.csv", Place: "line 2", Raw: "Maya@example.org", Context: "the hall"}
	id := evidence(t, s, "phone.zip", true)
	inEvidence := said
	inEvidence.Evidence, inEvidence.List = id, "other.csv"
	find(t, s, said, inEvidence)
	look(t, s, func(ctx context.Context, tx *Tx) error {
		for name, c := range map[string]struct {
			change func(*Finding)
			want   bool
		}{
			"the same":         {func(*Finding) {}, true},
			"on another line":  {func(f *Finding) { f.Place = "line 9" }, true},
			"on another list":  {func(f *Finding) { f.List = "b.csv" }, false},
			"in evidence only": {func(f *Finding) { f.List = "other.csv" }, false},
			"with other words": {func(f *Finding) { f.Context = "the ferry" }, false},
			"of another":       {func(f *Finding) { f.Selector = email("other") }, false},
		} {
			f := said
			c.change(&f)
			if got, err := tx.OnList(ctx, f); got != c.want || err != nil {
				t.Errorf("%s: %v, %v", name, got, err)
			}
		}
		return nil
	})
}

// TestSelectorsOfAMatchWithTheirPlaces: what the counterpart holds too, and where
// each was found first.
func TestSelectorsOfAMatchWithTheirPlaces(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	id := evidence(t, s, "phone.zip", true)
	find(
		t, s,
		Finding{Selector: email("a"), List: "watch.csv", Place: "watch.csv line 2", Raw: "A@example.org"},
		Finding{Selector: email("a"), Evidence: id, Place: "sms.db"},
		Finding{Selector: email("b"), Evidence: id, Place: "sms.db"},
		Finding{Selector: phone(1), Evidence: id, Place: "calls.db"},
	)
	var match int64
	change(t, s, func(ctx context.Context, tx *Tx) (err error) {
		if match, err = tx.AddMatching(ctx, Matching{Run: make([]byte, 16), Counterpart: south, Role: "proposer", State: "done", Terms: []byte("{}"), Progress: []byte("{}"), UpdatedAt: noon}); err != nil {
			return err
		}
		all, err := tx.Selectors(ctx, Scope{})
		if err != nil {
			return err
		}
		var ids []int64
		for _, t := range all {
			ids = append(ids, t.ID)
		}
		if err := tx.SetMatchingItems(ctx, match, ids); err != nil {
			return err
		}
		return tx.MarkMatched(ctx, match, []int{0, 2}) // a@ and the number
	})
	if got := tallies(t, s, Scope{Match: match}); len(got) != 2 || got[email("a").Value] != 2 || got[phone(1).Value] != 1 {
		t.Errorf("of the match: %v", got)
	}
	if got := tallies(t, s, Scope{Match: match + 1}); len(got) != 0 {
		t.Errorf("of another match: %v", got)
	}
	look(t, s, func(ctx context.Context, tx *Tx) error {
		all, err := tx.PlacedSelectors(ctx, Scope{})
		var got []string
		for _, p := range all {
			got = append(got, p.Selector.Value+" "+p.First.Place)
		}
		if want := []string{"a@example.org watch.csv line 2", "b@example.org sms.db", phone(1).Value + " calls.db"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		return err
	})
}

// TestNewestVersions are all of them, the last added first, over several readings
// of the table, until it is enough.
func TestNewestVersions(t *testing.T) {
	s := fresh(t)
	const count = 2*newestAtOnce + 3
	for n := range count {
		put(t, s, object(n%200, n/200))
	}
	look(t, s, func(ctx context.Context, tx *Tx) error {
		var all []int64
		err := tx.NewestVersions(ctx, func(o Object) (bool, error) {
			all = append(all, o.Seq)
			return true, nil
		})
		if err != nil || len(all) != count || !slices.IsSortedFunc(all, func(a, b int64) int { return int(b - a) }) {
			t.Errorf("%d versions, %v; want %d from the last to the first", len(all), err, count)
		}
		seen := 0
		err = tx.NewestVersions(ctx, func(Object) (bool, error) {
			seen++
			return seen < newestAtOnce+1, nil
		})
		if err != nil || seen != newestAtOnce+1 {
			t.Errorf("%d were read after it was enough, %v", seen, err)
		}
		return nil
	})
}
