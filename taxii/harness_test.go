package taxii_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"parley/stix"
	"parley/taxii"
)

// The collections of the station that most tests ask.
const (
	openID   = "91a7b528-80eb-42ed-a74d-c6fbd5a26116" // may be read and written
	readID   = "52892447-4d7e-4f70-b94d-d7f22742ff63" // may be read only
	writeID  = "3a1c8e0a-6d2b-4b0f-9a35-0d6a4f1f0c11" // may be written only
	lockedID = "c3c1d2d0-7f0e-4d6e-8a55-0b9e2f6b7a22" // neither
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// station is a server over memory whose clock stands still unless it is moved.
type station struct {
	t      testing.TB
	memory *taxii.Memory
	server *taxii.Server
	clock  *atomic.Int64 // nanoseconds since 1970
}

// change alters the options of a station before it is made.
type change func(*taxii.MemoryOptions, *taxii.ServerOptions)

func newStation(t testing.TB, changes ...change) *station {
	t.Helper()
	s := &station{t: t, clock: &atomic.Int64{}}
	s.clock.Store(noon.UnixNano())
	memory := taxii.MemoryOptions{
		Title: "Example exchange",
		Now:   func() time.Time { return time.Unix(0, s.clock.Load()) },
		Roots: []taxii.MemoryRoot{{
			Path:  "api1",
			Title: "Trust group",
			Collections: []taxii.Collection{
				{ID: openID, Title: "Open", Alias: "open", CanRead: true, CanWrite: true},
				{ID: readID, Title: "Read", CanRead: true},
				{ID: writeID, Title: "Write", CanWrite: true},
				{ID: lockedID, Title: "Locked"},
			},
		}},
	}
	server := taxii.ServerOptions{CursorKey: []byte(strings.Repeat("k", taxii.CursorKeySize))}
	for _, change := range changes {
		change(&memory, &server)
	}
	var err error
	if s.memory, err = taxii.NewMemory(memory); err != nil {
		t.Fatal(err)
	}
	if s.server, err = taxii.NewServer(s.memory, server); err != nil {
		t.Fatal(err)
	}
	return s
}

// in is the same station, asked by another test.
func (s *station) in(t testing.TB) *station {
	moved := *s
	moved.t = t
	return &moved
}

// answer is a response that has been read.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   string
}

// ask sends a request as a good client does. Headers are "Name: value" and replace those; "Name:"
// takes one away.
func (s *station) ask(method, target, body string, headers ...string) answer {
	s.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Accept", taxii.MediaType)
	if method == "POST" {
		r.Header.Set("Content-Type", taxii.MediaType)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ":")
		r.Header.Del(name)
		if value = strings.TrimSpace(value); value != "" {
			r.Header.Add(name, value)
		}
	}
	return s.send(r)
}

func (s *station) send(r *http.Request) answer {
	s.t.Helper()
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return answer{t: s.t, status: w.Code, header: w.Header(), body: w.Body.String()}
}

// get asks for something in the open collection.
func (s *station) get(below string, headers ...string) answer {
	s.t.Helper()
	return s.ask("GET", openURL+below, "", headers...)
}

const openURL = "/api1/collections/" + openID + "/"

// post adds objects to the open collection and expects 202.
func (s *station) post(objects ...string) taxii.Status {
	s.t.Helper()
	a := s.ask("POST", openURL+"objects/", envelope(objects...))
	a.want(202)
	var status taxii.Status
	a.into(&status)
	if err := status.Check(); err != nil {
		s.t.Fatal(err)
	}
	return status
}

func envelope(objects ...string) string { return `{"objects":[` + strings.Join(objects, ",") + `]}` }

// last is the envelope of a last page.
func last(objects ...string) string {
	return `{"more":false,"objects":[` + strings.Join(objects, ",") + `]}`
}

// want checks the status.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

// refused checks the status and that the body is an error resource of the same status.
func (a answer) refused(status int) answer {
	a.t.Helper()
	a.want(status)
	var e map[string]any
	a.into(&e)
	if e["title"] == "" || e["title"] == nil || e["http_status"] != fmt.Sprint(status) {
		a.t.Fatalf("not an error resource of status %d: %s", status, a.body)
	}
	if got := a.header.Get("Content-Type"); got != taxii.MediaType {
		a.t.Fatalf("an error of type %q", got)
	}
	return a
}

// into decodes the body, strictly.
func (a answer) into(v any) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		a.t.Fatalf("%v in %s", err, a.body)
	}
}

// list is any page: of objects, of a manifest, of versions.
type list struct {
	More    bool   `json:"more"`
	Next    string `json:"next"`
	Objects []struct {
		ID        string `json:"id"`
		Type      string `json:"type"`
		Modified  string `json:"modified"`
		DateAdded string `json:"date_added"`
		Version   string `json:"version"`
		Spec      string `json:"spec_version"`
	} `json:"objects"`
	Versions []string `json:"versions"`
}

// list decodes a page.
func (a answer) list() (l list) {
	a.t.Helper()
	a.want(200).into(&l)
	return l
}

// ids gives the ids of a page.
func (l list) ids() []string {
	ids := []string{}
	for _, o := range l.Objects {
		ids = append(ids, o.ID)
	}
	return ids
}

// idOf makes the n-th id of a type.
func idOf(typ string, n int) string {
	return fmt.Sprintf("%s--%08x-0000-4000-8000-000000000000", typ, n)
}

// object writes an object of STIX 2.1; with no times it is a cyber-observable.
func object(typ string, n int, modified string, more ...string) string {
	text := fmt.Sprintf(`{"type":%q,"spec_version":"2.1","id":%q`, typ, idOf(typ, n))
	if modified != "" {
		text += fmt.Sprintf(`,"created":"2026-01-01T00:00:00.000Z","modified":%q`, modified)
	}
	for _, m := range more {
		text += "," + m
	}
	return text + "}"
}

// v gives the n-th moment that a version may have.
func v(n int) string {
	return time.Date(2026, 2, 1, 0, 0, n, 0, time.UTC).Format("2006-01-02T15:04:05.000Z")
}

// objects writes n indicators, all of version 1.
func objects(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = object("indicator", i, v(1))
	}
	return all
}

// query writes URL parameters.
func query(pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return "?" + values.Encode()
}

// serve puts a handler on a real socket and gives a client of it.
func serve(t testing.TB, handler http.Handler, opts taxii.ClientOptions) *taxii.Client {
	t.Helper()
	web := httptest.NewServer(handler)
	t.Cleanup(web.Close)
	opts.PlainHTTP = true
	client, err := taxii.NewClient(web.URL, opts)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// parsed reads objects.
func parsed(t testing.TB, texts ...string) (all []stix.Object) {
	t.Helper()
	for _, text := range texts {
		o, err := stix.ParseObject([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}

// unread is a body whose length nobody knows.
type unread struct{ io.Reader }

var background = context.Background()

func newRequest(method, target string) *http.Request { return httptest.NewRequest(method, target, nil) }

func newLog(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// carrier answers requests without a socket.
type carrier func(*http.Request) (*http.Response, error)

func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) { return c(r) }

// replay is a client whose server answers the same to everything.
func replay(t testing.TB, body []byte, last string) *taxii.Client {
	t.Helper()
	answers := carrier(func(r *http.Request) (*http.Response, error) {
		header := http.Header{"Content-Type": {taxii.MediaType}, "X-Taxii-Date-Added-Last": {last}}
		return &http.Response{StatusCode: 200, Header: header, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
	})
	client, err := taxii.NewClient("https://taxii.example.com", taxii.ClientOptions{HTTP: &http.Client{Transport: answers}, MaxPages: 10})
	if err != nil {
		t.Fatal(err)
	}
	return client
}
