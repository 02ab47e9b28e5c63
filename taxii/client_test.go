package taxii_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"parley/stix"
	"parley/taxii"
)

func TestClientDoesEverything(t *testing.T) {
	s := newStation(t, func(_ *taxii.MemoryOptions, o *taxii.ServerOptions) {
		o.Authenticator = mustCredentials(t, taxii.CredentialsOptions{Passwords: map[string]string{"north": "secret"}})
	})
	for name, opts := range map[string]taxii.ClientOptions{"plain": {}, "gzip": {GzipPosts: true}} {
		t.Run(name, func(t *testing.T) {
			opts.Authorize = taxii.BasicAuth("north", "secret")
			client := serve(t, s.server, opts)
			d, err := client.Discover(background)
			if err != nil || d.Default != "/api1/" {
				t.Fatalf("discovery %+v: %v", d, err)
			}
			root, err := client.Root(background, d.Default)
			if err != nil || root.Title != "Trust group" || root.MaxContentLength == 0 {
				t.Fatalf("root %+v: %v", root, err)
			}
			all, err := client.Collections(background, d.Default)
			if err != nil || len(all) != 4 {
				t.Fatalf("collections %+v: %v", all, err)
			}
			feed := client.Feed(d.Default, "open")
			info, err := feed.Info(background)
			if err != nil || info.ID != openID || !info.CanWrite {
				t.Fatalf("collection %+v: %v", info, err)
			}
			indicator := parsed(t, object("indicator", 1, v(1)), object("indicator", 1, v(2)), object("malware", 2, v(1)))
			status, err := feed.Add(background, indicator)
			if err != nil || status.SuccessCount != 3 {
				t.Fatalf("status %+v: %v", status, err)
			}
			if kept, err := client.Status(background, d.Default, status.ID); err != nil || kept.TotalCount != 3 {
				t.Fatalf("status %+v: %v", kept, err)
			}
			if got := idsOf(t, feed.Objects(background, taxii.Filter{Types: []string{"indicator"}, Versions: taxii.Versions{All: true}, PageSize: 1})); len(got) != 2 {
				t.Errorf("objects %v", got)
			}
			id := indicator[0].ID()
			got, err := feed.Object(background, id, taxii.Filter{Versions: taxii.Versions{First: true}})
			if err != nil || len(got) != 1 || string(got[0].Bytes()) != object("indicator", 1, v(1)) {
				t.Errorf("object %v: %v", got, err)
			}
			versions, err := feed.Versions(background, id, taxii.Filter{PageSize: 1})
			if diff := cmp.Diff([]string{v(1), v(2)}, versions); err != nil || diff != "" {
				t.Errorf("versions %v: %s", err, diff)
			}
			at, _ := stix.ParseTimestamp(v(2))
			if err := feed.Delete(background, id, taxii.Filter{Versions: taxii.Versions{At: []stix.Timestamp{at}}}); err != nil {
				t.Error(err)
			}
			records := []string{}
			for part, err := range feed.Manifest(background, taxii.Filter{}, taxii.Bookmark{}) {
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range part.Items {
					records = append(records, r.ID+" "+r.Version)
				}
			}
			if diff := cmp.Diff([]string{idOf("indicator", 1) + " " + v(1), idOf("malware", 2) + " " + v(1)}, records); diff != "" {
				t.Errorf("manifest %s", diff)
			}
			for _, o := range indicator[1:] {
				if err := feed.Delete(background, o.ID(), taxii.Filter{}); err != nil {
					t.Error(err)
				}
			}
			if _, err := feed.Object(background, id, taxii.Filter{}); !errors.Is(err, taxii.ErrNotFound) {
				t.Errorf("a deleted object: %v", err)
			}
		})
	}
	if _, err := serve(t, s.server, taxii.ClientOptions{}).Discover(background); !errors.Is(err, taxii.ErrUnauthenticated) {
		t.Errorf("without credentials: %v", err)
	}
}

func idsOf(t testing.TB, objects iter.Seq2[stix.Object, error]) (ids []string) {
	t.Helper()
	for o, err := range objects {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, string(o.ID()))
	}
	return ids
}

func TestClientResumesFromABookmark(t *testing.T) {
	s := newStation(t)
	s.post(objects(10)...)
	feed := serve(t, s.server, taxii.ClientOptions{}).Feed("/api1/", openID)
	var saved []byte
	got := []string{}
	// Each round reads one page, as if the program ended after it.
	round := func() (more bool) {
		var from taxii.Bookmark
		if saved != nil {
			if err := json.Unmarshal(saved, &from); err != nil {
				t.Fatal(err)
			}
		}
		for part, err := range feed.Pages(background, taxii.Filter{PageSize: 4}, from) {
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range part.Items {
				got = append(got, string(item.Object.ID()))
			}
			var err error
			if saved, err = json.Marshal(part.Bookmark); err != nil {
				t.Fatal(err)
			}
			return part.Bookmark.Next != ""
		}
		return false
	}
	for round() {
	}
	if len(got) != 10 {
		t.Fatalf("read %d of 10", len(got))
	}
	if round(); len(got) != 10 {
		t.Fatalf("nothing is new, and %d came", len(got)-10)
	}
	s.post(object("malware", 1, v(1)))
	if round(); len(got) != 11 || got[10] != idOf("malware", 1) {
		t.Fatalf("one is new: %v", got[10:])
	}
}

func TestClientGoesOnWhenTheServerForgotItsCursor(t *testing.T) {
	s := newStation(t)
	s.post(objects(10)...)
	feed := serve(t, s.server, taxii.ClientOptions{}).Feed("/api1/", openID)
	var bookmark taxii.Bookmark
	for part, err := range feed.Pages(background, taxii.Filter{PageSize: 4}, taxii.Bookmark{}) {
		if err != nil {
			t.Fatal(err)
		}
		bookmark = part.Bookmark
		break
	}
	other, err := taxii.NewServer(s.memory, taxii.ServerOptions{}) // with another key
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for part, err := range serve(t, other, taxii.ClientOptions{}).Feed("/api1/", openID).Pages(background, taxii.Filter{PageSize: 4}, bookmark) {
		if err != nil {
			t.Fatal(err)
		}
		n += len(part.Items)
	}
	if n != 6 {
		t.Errorf("%d objects came after the first 4 of 10", n)
	}
}

func TestClientPagesByAddedAfterWhenThereIsNoNext(t *testing.T) {
	s := newStation(t)
	s.post(objects(10)...)
	withoutNext := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("next") {
			t.Error("a next came from nowhere")
		}
		a := s.ask("GET", r.URL.String(), "")
		for name, values := range a.header {
			w.Header()[name] = values
		}
		w.Header().Del("Content-Length")
		if page := a.list(); page.Next != "" {
			a.body = strings.Replace(a.body, `"next":"`+page.Next+`",`, "", 1)
		}
		fmt.Fprint(w, a.body)
	})
	feed := serve(t, withoutNext, taxii.ClientOptions{}).Feed("/api1/", openID)
	if got := idsOf(t, feed.Objects(background, taxii.Filter{PageSize: 3})); len(got) != 10 {
		t.Errorf("%d of 10 objects came", len(got))
	}
}

func TestClientReadsPastABadObject(t *testing.T) {
	feed := serve(t, script(envelope(object("indicator", 1, v(1)), `{"type":"indicator"}`, object("indicator", 2, v(1)))), taxii.ClientOptions{}).Feed("/api1/", openID)
	good, bad := 0, 0
	for _, err := range feed.Objects(background, taxii.Filter{}) {
		var fault *stix.Fault
		switch {
		case err == nil:
			good++
		case errors.As(err, &fault) && strings.HasPrefix(fault.Path, "objects[1]"):
			bad++
		default:
			t.Fatal(err)
		}
	}
	if good != 2 || bad != 1 {
		t.Errorf("%d good, %d bad", good, bad)
	}
}

func TestClientWaits(t *testing.T) {
	const id = "2d086da7-4bdc-4f91-900e-d77486753710"
	polls, slept := 0, []time.Duration{}
	pending := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", taxii.MediaType)
		if r.Method == "POST" {
			w.WriteHeader(202)
		}
		state := `"pending","total_count":1,"success_count":0,"failure_count":0,"pending_count":1`
		if polls++; polls > 4 {
			state = `"complete","total_count":1,"success_count":1,"failure_count":0,"pending_count":0`
		}
		fmt.Fprintf(w, `{"id":%q,"status":%s}`, id, state)
	})
	opts := taxii.ClientOptions{Sleep: func(_ context.Context, d time.Duration) error { slept = append(slept, d); return nil }}
	client := serve(t, pending, opts)
	status, err := client.Feed("/api1/", openID).Add(background, parsed(t, object("indicator", 1, v(1))))
	if err != nil || status.Status != taxii.Pending {
		t.Fatalf("%+v: %v", status, err)
	}
	if status, err = client.Wait(background, "/api1/", status); err != nil || status.SuccessCount != 1 {
		t.Fatalf("%+v: %v", status, err)
	}
	if len(slept) != 4 || slept[0] != time.Second || !slices.IsSorted(slept) {
		t.Errorf("slept %v", slept)
	}
	polls = -1000
	opts.MaxPolls = 5
	if _, err := serve(t, pending, opts).Wait(background, "/api1/", taxii.Status{ID: id, Status: taxii.Pending}); err == nil || !strings.Contains(err.Error(), "still pending") {
		t.Errorf("a request that never ends: %v", err)
	}
	ctx, cancel := context.WithCancel(background)
	cancel()
	if _, err := serve(t, pending, taxii.ClientOptions{}).Wait(ctx, "/api1/", taxii.Status{ID: id, Status: taxii.Pending}); !errors.Is(err, context.Canceled) {
		t.Errorf("ended early: %v", err)
	}
}

func TestClientAddsInEnvelopesThatFit(t *testing.T) {
	var sizes []int64
	s := newStation(t, func(m *taxii.MemoryOptions, _ *taxii.ServerOptions) { m.Roots[0].MaxContentLength = 2000 })
	watched := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			sizes = append(sizes, r.ContentLength)
		}
		s.server.ServeHTTP(w, r)
	})
	feed := serve(t, watched, taxii.ClientOptions{EnvelopeSize: 10}).Feed("/api1/", openID)
	large := object("malware", 1, v(1), `"x":"`+strings.Repeat("x", 1500)+`"`)
	added := 0
	for status, err := range feed.AddAll(background, slices.Values(parsed(t, append(objects(25), large, object("tool", 1, v(1)))...))) {
		if err != nil {
			t.Fatal(err)
		}
		added += status.SuccessCount
	}
	if added != 27 || slices.Max(sizes) > 2000 || len(sizes) != 4 {
		t.Errorf("%d of 27 added, in envelopes of %v bytes", added, sizes)
	}
	tooLarge := object("malware", 2, v(1), `"x":"`+strings.Repeat("x", 2500)+`"`)
	for _, err := range feed.AddAll(background, slices.Values(parsed(t, tooLarge, object("tool", 2, v(1))))) {
		var e *taxii.Error
		if !errors.As(err, &e) || e.Status() != 413 {
			t.Errorf("one that cannot fit: %v", err)
		}
	}
}
