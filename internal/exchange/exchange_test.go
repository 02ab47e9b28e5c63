package exchange

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"parley/internal/store"
	"parley/stix"
	"parley/taxii"
)

// note writes the n-th note in version v, with a text of some length.
func note(n, v, length int) string {
	return fmt.Sprintf(`{"type":"note","spec_version":"2.1","id":"note--%08x-0000-4000-8000-000000000000",`+
		`"created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.%03dZ","content":"%s"}`, n, v, strings.Repeat("secret words ", length/13+1))
}

func notes(from, to int) (all []string) {
	for n := from; n < to; n++ {
		all = append(all, note(n, 0, 0))
	}
	return all
}

// add adds objects and gives the status, which must be as many succeeded and failed.
func (h *house) add(at taxii.Place, succeeded, failed int, texts ...string) taxii.Status {
	h.t.Helper()
	s, err := h.Add(h.t.Context(), at, incoming(texts))
	if err != nil || s.Check() != nil || s.SuccessCount != succeeded || s.FailureCount != failed {
		h.t.Fatalf("%d succeeded and %d failed, want %d and %d: %v", s.SuccessCount, s.FailureCount, succeeded, failed, err)
	}
	return s
}

// all counts the versions in a collection.
func (h *house) all(at taxii.Place) int {
	h.t.Helper()
	page, err := h.Page(h.t.Context(), at, taxii.Query{Limit: 1_000_000, Versions: taxii.Versions{All: true}})
	if err != nil {
		h.t.Fatal(err)
	}
	return len(page.Records)
}

// TestALargeEnvelopeWaitsSealed reads one of several chunks: it comes back whole and in order, and
// while it waits its words are in no file.
func TestALargeEnvelopeWaitsSealed(t *testing.T) {
	h := newHouse(t)
	at, _ := h.consumer("Siem")
	var texts []string
	for n := range 100 {
		texts = append(texts, note(n, 0, 120<<10))
	}
	texts[50] = `{"type":"note"}`
	looked := false
	watched := func(yield func(taxii.Incoming, error) bool) {
		for in, err := range incoming(texts) {
			if in.ID == "objects[50]" {
				looked = true
				nothingReadable(t, h.opt.Dir)
			}
			if !yield(in, err) {
				return
			}
		}
	}
	status, err := h.Add(t.Context(), at, watched)
	if err != nil || status.SuccessCount != 99 || status.FailureCount != 1 || status.Failures[0].ID != "objects[50]" || !looked {
		t.Fatalf("%d succeeded, %v", status.SuccessCount, err)
	}
	page, err := h.Page(t.Context(), at, taxii.Query{Limit: 1000, Content: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range page.Records {
		if n := i + i/50; string(r.Bytes) != texts[n] && string(r.Bytes) != texts[n+1] {
			t.Fatalf("record %d is not object %d", i, n)
		}
	}
	if left, err := os.ReadDir(h.opt.Dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// nothingReadable sees that no file of a folder, nor one that is open without a name, holds the words.
func nothingReadable(t *testing.T, dir string) {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("this system does not show the files of a process: ", err)
	}
	found := false
	for _, f := range open {
		name := "/proc/self/fd/" + f.Name()
		if target, err := os.Readlink(name); err != nil || !strings.HasPrefix(target, dir) {
			continue
		}
		found = true
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(text) == 0 || strings.Contains(string(text), "secret words") {
			t.Errorf("%s holds %d bytes, and the words can be read", name, len(text))
		}
	}
	if !found {
		t.Error("the envelope waits in no file")
	}
}

// TestABrokenEnvelopeLeavesNothing ends in an error after more than fits into memory.
func TestABrokenEnvelopeLeavesNothing(t *testing.T) {
	h := newHouse(t)
	at, _ := h.consumer("Siem")
	broken := errors.New("it breaks off here")
	var objects iter.Seq2[taxii.Incoming, error] = func(yield func(taxii.Incoming, error) bool) {
		for in := range incoming([]string{note(1, 0, 3<<20), note(2, 0, 3<<20), note(3, 0, 0)}) {
			if !yield(in, nil) {
				return
			}
		}
		yield(taxii.Incoming{}, broken)
	}
	if _, err := h.Add(t.Context(), at, objects); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if n := h.all(at); n != 0 {
		t.Errorf("%d objects are kept", n)
	}
	if left, err := os.ReadDir(h.opt.Dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestConsumersDoNotSeeEachOther(t *testing.T) {
	h := newHouse(t)
	rescue, _ := h.consumer("Rescue")
	siem, _ := h.consumer("Siem")
	made := h.add(rescue, 2, 0, notes(0, 2)...)
	prying := siem
	prying.Collection = rescue.Collection
	ctx := t.Context()
	tries := map[string]func() error{
		"page": func() error { _, err := h.Page(ctx, prying, taxii.Query{Limit: 1}); return err },
		"add":  func() error { _, err := h.Add(ctx, prying, incoming(notes(5, 6))); return err },
		"delete": func() error {
			_, err := h.Delete(ctx, prying, taxii.Query{IDs: []stix.ID{"note--00000000-0000-4000-8000-000000000000"}})
			return err
		},
		"status": func() error { _, err := h.Status(ctx, siem.Requester, Root, made.ID); return err },
		"a root": func() error { _, err := h.Collections(ctx, siem.Requester, "other"); return err },
		"nobody": func() error { _, err := h.Collections(ctx, taxii.Requester{Name: "Nobody"}, Root); return err },
	}
	for name, try := range tries {
		if err := try(); !errors.Is(err, taxii.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	seen, err := h.Collections(ctx, siem.Requester, Root)
	if err != nil || len(seen) != 1 || seen[0].ID != siem.Collection {
		t.Errorf("Siem sees %+v, %v", seen, err)
	}
	if n := h.all(rescue); n != 2 {
		t.Errorf("Rescue has %d objects", n)
	}
}

func TestWhoIsLetIn(t *testing.T) {
	h := newHouse(t)
	_, token := h.consumer("Rescue")
	_, other := h.consumer("Siem")
	_, gone := h.consumer("Gone")
	h.change(func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.ConsumerByToken(ctx, digestOf(gone))
		if err != nil {
			return err
		}
		c.Suspended = true
		return tx.SetConsumer(ctx, c)
	})
	basic := func(name, token string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(name, token) }
	}
	header := func(values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header["Authorization"] = values }
	}
	for name, x := range map[string]struct {
		sign func(*http.Request)
		who  string
		err  error
	}{
		"basic":              {basic("Rescue", token), "Rescue", nil},
		"bearer":             {header("Bearer " + token), "Rescue", nil},
		"a scheme of OASIS":  {header("Token " + token), "Rescue", nil},
		"nothing":            {header(), "", taxii.ErrUnauthenticated},
		"another's token":    {basic("Rescue", other), "", taxii.ErrUnauthenticated},
		"no name":            {basic("", token), "", taxii.ErrUnauthenticated},
		"a wrong token":      {header("Bearer " + token[1:]), "", taxii.ErrUnauthenticated},
		"an empty token":     {header("Bearer "), "", taxii.ErrUnauthenticated},
		"a digest":           {header("Bearer " + string(digestOf(token))), "", taxii.ErrUnauthenticated},
		"two headers":        {header("Bearer "+token, "Bearer "+token), "", taxii.ErrUnauthenticated},
		"another scheme":     {header("Digest " + token), "", taxii.ErrUnauthenticated},
		"who is suspended":   {basic("Gone", gone), "", taxii.ErrForbidden},
		"another's, as Gone": {basic("Gone", token), "", taxii.ErrUnauthenticated},
	} {
		r, err := http.NewRequest(http.MethodGet, "https://exchange.example/taxii2/", nil)
		if err != nil {
			t.Fatal(err)
		}
		x.sign(r)
		who, err := h.Authenticate(t.Context(), r)
		if who.Name != x.who || !errors.Is(err, x.err) {
			t.Errorf("%s: %q, %v", name, who.Name, err)
		}
	}
	h.change(func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.ConsumerByToken(ctx, digestOf(token))
		if !c.SeenAt.Equal(noon) {
			t.Errorf("Rescue was seen at %s", c.SeenAt)
		}
		return err
	})
}

func TestCollectionsHaveBounds(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.MaxMembers, o.MaxVersions, o.MaxBytes = 5, 2, 2000 })
	at, _ := h.consumer("Siem")
	h.add(at, 2, 1, note(1, 1, 0), note(1, 2, 0), note(1, 3, 0))
	h.add(at, 0, 1, note(2, 0, 2000))
	h.add(at, 3, 1, notes(10, 14)...)
	h.add(at, 1, 0, note(1, 1, 0)) // what is there already is no more of it
	if n := h.all(at); n != 5 {
		t.Errorf("%d objects are kept", n)
	}
}

// TestPutIsAllOrNothing puts what cannot be put beside what could.
func TestPutIsAllOrNothing(t *testing.T) {
	h := newHouse(t)
	at, _ := h.consumer("Rescue")
	var objects []stix.Object
	for in := range incoming([]string{note(1, 0, 0), note(2, 0, 0)}) {
		objects = append(objects, in.Object)
	}
	into := func(objects []stix.Object) (last time.Time, err error) {
		err = h.store.Update(t.Context(), func(tx *store.Tx) error {
			c, err := collection(t.Context(), tx, at)
			if err != nil {
				return err
			}
			last, err = Put(t.Context(), tx, c, objects, h.opt)
			return err
		})
		return last, err
	}
	last, err := into(objects)
	if want := noon.Add(2 * time.Microsecond); err != nil || !last.Equal(want) {
		t.Fatalf("the last was added at %s, want %s; %v", last, want, err)
	}
	other, err := stix.ParseObject([]byte(strings.Replace(note(2, 0, 0), "secret", "other", 1)))
	if err != nil {
		t.Fatal(err)
	}
	third, err := stix.ParseObject([]byte(note(3, 0, 0)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := into([]stix.Object{third, other}); err == nil || !strings.Contains(err.Error(), string(other.ID())) {
		t.Errorf("other content for a version: %v", err)
	}
	if _, err := into(objects); err != nil {
		t.Errorf("the same again: %v", err)
	}
	if n := h.all(at); n != 2 {
		t.Errorf("%d objects are there", n)
	}
}

// TestTheLedgerSaysWhoReadAndSent reads twice and sends once.
func TestTheLedgerSaysWhoReadAndSent(t *testing.T) {
	h := newHouse(t)
	at, _ := h.consumer("Siem")
	h.add(at, 2, 1, note(1, 0, 0), note(2, 0, 0), "{}")
	for range 2 {
		if _, err := h.Page(t.Context(), at, taxii.Query{Limit: 10, Content: true}); err != nil {
			t.Fatal(err)
		}
		if err := h.WriteDown(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.Page(t.Context(), at, taxii.Query{Limit: 10}); err != nil { // the manifest alone
		t.Fatal(err)
	}
	if err := h.WriteDown(t.Context()); err != nil {
		t.Fatal(err)
	}
	var said []string
	h.change(func(ctx context.Context, tx *store.Tx) error {
		entries, err := tx.Entries(ctx, 0, 100)
		for _, e := range entries {
			said = append(said, fmt.Sprint(e.Actor, " ", e.Action, " ", e.Subject, " ", string(e.Detail)))
		}
		c, err2 := collection(ctx, tx, at)
		if !c.Collected.Equal(noon.Add(time.Microsecond)) {
			t.Errorf("it was read through %s", c.Collected)
		}
		return errors.Join(err, err2)
	})
	want := []string{
		`Siem collection.add open {"objects":3,"added":2,"refused":1,"conflicts":0}`,
		`Siem collection.read open {"through":"2026-03-01T12:00:00.000001Z"}`,
	}
	if strings.Join(said, "\n") != strings.Join(want, "\n") {
		t.Errorf("the ledger says\n%s", strings.Join(said, "\n"))
	}
}

// TestWhatWasPassedOverWasNotRead: a consumer has read what it was given without a gap.
func TestWhatWasPassedOverWasNotRead(t *testing.T) {
	h := newHouse(t)
	at, _ := h.consumer("Siem")
	note := func(n int) string {
		return fmt.Sprintf(`{"type":"note","spec_version":"2.1","id":"note--%08d-0000-4000-8000-000000000000","created":"2026-01-01T00:00:00.000Z",`+
			`"modified":"2026-01-01T00:00:00.000Z","content":"x","object_refs":["note--%08d-0000-4000-8000-000000000000"]}`, n, n)
	}
	h.add(at, 3, 0, note(1), note(2), note(3))
	added := func(n int) time.Time { return noon.Add(time.Duration(n-1) * time.Microsecond) }
	for _, c := range []struct {
		name  string
		query taxii.Query
		want  time.Time
	}{
		{"the headers alone", taxii.Query{Content: true, Peek: true, Limit: 9}, time.Time{}},
		{"the manifest", taxii.Query{Limit: 9}, time.Time{}},
		{"one object", taxii.Query{Content: true, Limit: 9, IDs: []stix.ID{"note--00000003-0000-4000-8000-000000000000"}}, time.Time{}},
		{"one type", taxii.Query{Content: true, Limit: 9, Types: []string{"note"}}, time.Time{}},
		{"the last of them", taxii.Query{Content: true, Limit: 9, After: added(2)}, time.Time{}},
		{"the first of them", taxii.Query{Content: true, Limit: 1}, added(1)},
		{"what comes after the second", taxii.Query{Content: true, Limit: 9, After: added(2)}, added(1)},
		{"what comes after the first", taxii.Query{Content: true, Limit: 9, After: added(1)}, added(3)},
		{"what comes after all", taxii.Query{Content: true, Limit: 9, After: added(9)}, added(3)},
	} {
		if _, err := h.Page(t.Context(), at, c.query); err != nil {
			t.Fatal(err)
		}
		if err := h.WriteDown(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.change(func(ctx context.Context, tx *store.Tx) error {
			got, err := collection(ctx, tx, at)
			if !got.Collected.Equal(c.want) {
				t.Errorf("%s: it was read through %s, want %s", c.name, got.Collected, c.want)
			}
			return err
		})
	}
	// A tool may go on from its own clock, as long as nothing was added in between.
	h.now = noon.Add(time.Hour)
	h.add(at, 1, 0, note(4))
	if _, err := h.Page(t.Context(), at, taxii.Query{Content: true, Limit: 9, After: noon.Add(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	if err := h.WriteDown(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.change(func(ctx context.Context, tx *store.Tx) error {
		got, err := collection(ctx, tx, at)
		if !got.Collected.Equal(h.now) {
			t.Errorf("it was read through %s, want %s", got.Collected, h.now)
		}
		return err
	})
}
