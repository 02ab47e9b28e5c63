package exchange

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"parley/internal/misp"
	"parley/internal/store"
	"parley/stix"
	"parley/taxii"
)

const creator = `{"type":"identity","spec_version":"2.1","id":"identity--00000000-0000-4000-8000-0000000000aa","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","name":"name withheld"}`

// tearline is a report about one address, as the release desk would clear it.
func tearline(t testing.TB, n string) (objects []stix.Object) {
	t.Helper()
	for _, text := range []string{
		creator,
		`{"type":"email-addr","spec_version":"2.1","id":"email-addr--00000000-0000-4000-8000-00000000000` + n + `","value":"user` + n + `@example.org"}`,
		`{"type":"report","spec_version":"2.1","id":"report--00000000-0000-4000-8000-00000000000` + n + `","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z",` +
			`"created_by_ref":"identity--00000000-0000-4000-8000-0000000000aa","name":"Friday","published":"2026-01-01T00:00:00Z","object_refs":["email-addr--00000000-0000-4000-8000-00000000000` + n + `"]}`,
	} {
		o, err := stix.ParseObject([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		objects = append(objects, o)
	}
	return objects
}

// release puts a tearline where its consumer reads.
func (h *house) release(at taxii.Place, objects []stix.Object) {
	h.t.Helper()
	h.change(func(ctx context.Context, tx *store.Tx) error {
		c, err := collection(ctx, tx, at)
		if err == nil {
			_, err = Put(ctx, tx, c, objects, h.opt)
		}
		return err
	})
}

// door serves an exchange as the program does.
func (h *house) door() *httptest.Server {
	h.t.Helper()
	server, err := taxii.NewServer(h, taxii.ServerOptions{Authenticator: h})
	if err != nil {
		h.t.Fatal(err)
	}
	web := httptest.NewServer(h.Handler(server))
	h.t.Cleanup(web.Close)
	return web
}

// TestAFeedIsReadByItsConsumer subscribes as a MISP does, and to what comes later.
func TestAFeedIsReadByItsConsumer(t *testing.T) {
	h := newHouse(t)
	rescue, token := h.consumer("Rescue")
	siem, _ := h.consumer("Siem")
	h.release(rescue, tearline(t, "1"))
	h.release(siem, tearline(t, "2"))
	web := h.door()
	feed := misp.Remote{URL: web.URL + "/misp/open/", User: "Rescue", Password: token}
	var values []string
	pull := func(mark misp.Bookmark) misp.Pulled {
		got, err := misp.Pull(t.Context(), feed, mark, misp.PullOptions{}, func(e misp.Event, _ misp.Bookmark) error {
			for _, a := range e.Attributes {
				values = append(values, a.Value)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	first := pull(misp.Bookmark{})
	if want := []string{"user1@example.org"}; !slices.Equal(values, want) {
		t.Errorf("the feed has %q, want %q", values, want)
	}
	if again := pull(first.Mark); !again.Same || again.Taken != 0 {
		t.Errorf("with nothing new: %+v", again)
	}
	h.release(rescue, tearline(t, "3"))
	if more := pull(first.Mark); more.Taken != 1 {
		t.Errorf("with one more: %+v", more)
	}
	if want := []string{"user1@example.org", "user3@example.org"}; !slices.Equal(values, want) {
		t.Errorf("the feed has %q, want %q", values, want)
	}
	if err := h.WriteDown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := h.eventsRead(rescue); got != 2 {
		t.Errorf("%d events were read, want 2", got)
	}
	if got := h.eventsRead(siem); got != 0 {
		t.Errorf("%d events were read of one who came for none", got)
	}
}

// eventsRead counts the events of a consumer's collection that it has read.
func (h *house) eventsRead(at taxii.Place) (read int) {
	h.t.Helper()
	h.change(func(ctx context.Context, tx *store.Tx) error {
		c, err := collection(ctx, tx, at)
		if err != nil {
			return err
		}
		all, err := tx.Issues(ctx, c.ID)
		for _, i := range all {
			if !i.ReadAt.IsZero() {
				read++
			}
		}
		return err
	})
	return read
}

// TestWhatIsNotSentWasNotRead: only a GET that brings the event counts.
func TestWhatIsNotSentWasNotRead(t *testing.T) {
	h := newHouse(t)
	at, token := h.consumer("Rescue")
	h.release(at, tearline(t, "1"))
	web := h.door()
	var name string
	h.change(func(ctx context.Context, tx *store.Tx) error {
		c, err := collection(ctx, tx, at)
		if err != nil {
			return err
		}
		all, err := tx.Issues(ctx, c.ID)
		name = all[0].UUID + ".json"
		return err
	})
	ask := func(method, file, tag string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), method, web.URL+"/misp/open/"+file, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth("Rescue", token)
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
		got, err := web.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got.Body.Close()
		if err := h.WriteDown(t.Context()); err != nil {
			t.Fatal(err)
		}
		return got
	}
	tag := ask(http.MethodHead, name, "").Header.Get("ETag")
	ask(http.MethodGet, "manifest.json", "")
	ask(http.MethodGet, "hashes.csv", "")
	if got := ask(http.MethodGet, name, tag); got.StatusCode != http.StatusNotModified {
		t.Errorf("with its tag %q: %s", tag, got.Status)
	}
	if got := h.eventsRead(at); got != 0 {
		t.Error("an event that was not sent was read")
	}
	ask(http.MethodGet, name, "")
	if got := h.eventsRead(at); got != 1 {
		t.Error("an event that was sent was not read")
	}
}

func TestWhoReadsAFeed(t *testing.T) {
	h := newHouse(t)
	rescue, token := h.consumer("Rescue")
	_, other := h.consumer("Siem")
	h.release(rescue, tearline(t, "1"))
	web := h.door()
	get := func(method, path, name, token string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), method, web.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if name != "" {
			r.SetBasicAuth(name, token)
		}
		resp, err := web.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode == http.StatusUnauthorized && resp.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s does not say how to sign in", path)
		}
		return resp.StatusCode, string(body)
	}
	_, manifest := get("GET", "/misp/open/manifest.json", "Rescue", token)
	var events map[string]json.RawMessage
	if err := json.Unmarshal([]byte(manifest), &events); err != nil || len(events) != 1 {
		t.Fatalf("the manifest is %s", manifest)
	}
	event := ""
	for id := range events {
		event = "/" + id + ".json"
	}
	for _, x := range []struct {
		what, method, path, name, token string
		status                          int
	}{
		{"the manifest", "GET", "/misp/open/manifest.json", "Rescue", token, 200},
		{"by the id", "GET", "/misp/" + rescue.Collection + "/hashes.csv", "Rescue", token, 200},
		{"an event", "GET", "/misp/open" + event, "Rescue", token, 200},
		{"nobody", "GET", "/misp/open/manifest.json", "", "", 401},
		{"a wrong token", "GET", "/misp/open/manifest.json", "Rescue", other, 401},
		{"another's event", "GET", "/misp/open" + event, "Siem", other, 404},
		{"another's feed", "GET", "/misp/" + rescue.Collection + "/manifest.json", "Siem", other, 404},
		{"no such feed", "GET", "/misp/nowhere/manifest.json", "Rescue", token, 404},
		{"no such file", "GET", "/misp/open/keys.json", "Rescue", token, 404},
		{"a way out", "GET", "/misp/open/..%2f..%2fkeys.json", "Rescue", token, 404},
		{"to write", "POST", "/misp/open/manifest.json", "Rescue", token, 405},
	} {
		if status, body := get(x.method, x.path, x.name, x.token); status != x.status || status != 200 && strings.Contains(body, "user1") {
			t.Errorf("%s: status %d, want %d: %.100s", x.what, status, x.status, body)
		}
	}
}
