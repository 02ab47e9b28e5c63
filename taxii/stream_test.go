package taxii_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/stix"
	"parley/taxii"
)

// watching is a backend that tells what it is given when, and keeps nothing.
type watching struct {
	taxii.Backend
	got   chan string
	state string
}

func (b watching) Add(_ context.Context, _ taxii.Place, objects iter.Seq2[taxii.Incoming, error]) (taxii.Status, error) {
	status := taxii.NewStatus("2d086da7-4bdc-4f91-900e-d77486753710", noon)
	for in, err := range objects {
		if err != nil {
			return taxii.Status{}, err
		}
		b.got <- in.ID
		status.Pend(in.Detail(in.Version, ""))
	}
	if b.state != "" {
		status.Status = b.state
	}
	return *status, nil
}

func TestPostIsReadAsItComes(t *testing.T) {
	s := newStation(t)
	got := make(chan string)
	server, err := taxii.NewServer(watching{Backend: s.memory, got: got}, taxii.ServerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	body, w := io.Pipe()
	r := httptest.NewRequest("POST", openURL+"objects/", body)
	r.Header.Set("Content-Type", taxii.MediaType)
	done := make(chan answer)
	go func() { done <- (&station{t: t, server: server}).send(r) }()
	fmt.Fprint(w, `{"objects":[`)
	for i := range 3 { // each is with the backend before the next one is sent
		fmt.Fprint(w, object("indicator", i, v(1)), ",")
		if id := <-got; id != idOf("indicator", i) {
			t.Fatalf("%s came", id)
		}
	}
	fmt.Fprint(w, object("indicator", 3, v(1)), "]}")
	<-got
	w.Close()
	var status taxii.Status
	(<-done).want(202).into(&status)
	if status.Status != "pending" || status.PendingCount != 4 || len(status.Pendings) != 4 {
		t.Errorf("%+v", status)
	}
}

func TestPostThatBreaksOffLeavesNothing(t *testing.T) {
	s := newStation(t)
	gone := io.MultiReader(strings.NewReader(`{"objects":[`+object("indicator", 1, v(1))+`,`), failingReader{})
	r := httptest.NewRequest("POST", openURL+"objects/", gone)
	r.Header.Set("Content-Type", taxii.MediaType)
	if a := s.send(r); a.status < 400 || a.status > 499 {
		t.Errorf("status %d: %s", a.status, a.body)
	}
	if body := s.get("objects/").body; body != "{}" {
		t.Errorf("something stayed: %s", body)
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

func TestStatusOfABackendIsChecked(t *testing.T) {
	s := newStation(t)
	server, err := taxii.NewServer(watching{Backend: s.memory, got: make(chan string, 9), state: "done"}, taxii.ServerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	(&station{t: t, server: server}).ask("POST", openURL+"objects/", envelope(objects(1)...)).refused(500)
}

func TestMemoryIsBounded(t *testing.T) {
	s := newStation(t, func(m *taxii.MemoryOptions, _ *taxii.ServerOptions) {
		m.MaxObjects, m.MaxVersions, m.MaxDetails = 5, 2, 12
	})
	status := s.post(object("tool", 1, v(1)), object("tool", 1, v(2)), object("tool", 1, v(3)), object("tool", 1, v(1)))
	if status.SuccessCount != 3 || !strings.Contains(status.Failures[0].Message, "2 versions") {
		t.Errorf("%+v", status)
	}
	status = s.post(objects(4)...)
	if status.SuccessCount != 3 || !strings.Contains(status.Failures[0].Message, "full") {
		t.Errorf("%+v", status)
	}
	s.ask("POST", openURL+"objects/", envelope(objects(5)...)).refused(503)
	s.clock.Add(int64(25 * 60 * 60 * 1e9)) // a day later the statuses are gone
	s.ask("POST", openURL+"objects/", envelope(objects(5)...)).want(202)
}

func TestCheckOfObjects(t *testing.T) {
	s := newStation(t, func(m *taxii.MemoryOptions, _ *taxii.ServerOptions) { m.Check = noMalware })
	status := s.post(object("malware", 1, v(1)), object("tool", 1, v(1)))
	if status.SuccessCount != 1 || status.FailureCount != 1 || status.Failures[0].Message != "not here" || status.Failures[0].ID != idOf("malware", 1) {
		t.Errorf("%+v", status)
	}
}

func TestDescriptionsAreChecked(t *testing.T) {
	good := taxii.Collection{ID: openID, Title: "x"}
	for name, opts := range map[string]taxii.MemoryOptions{
		"no title":         {Roots: []taxii.MemoryRoot{{Path: "a", Title: "x"}}},
		"no root":          {Title: "x"},
		"root untitled":    {Title: "x", Roots: []taxii.MemoryRoot{{Path: "a"}}},
		"root with slash":  {Title: "x", Roots: []taxii.MemoryRoot{{Path: "/a/", Title: "x"}}},
		"root taxii2":      {Title: "x", Roots: []taxii.MemoryRoot{{Path: "taxii2", Title: "x"}}},
		"root collections": {Title: "x", Roots: []taxii.MemoryRoot{{Path: "a/collections", Title: "x"}}},
		"root twice":       {Title: "x", Roots: []taxii.MemoryRoot{{Path: "a", Title: "x"}, {Path: "a", Title: "y"}}},
		"no UUID":          {Title: "x", Roots: []taxii.MemoryRoot{{Path: "a", Title: "x", Collections: []taxii.Collection{{ID: "c", Title: "x"}}}}},
		"no version 4":     {Title: "x", Roots: []taxii.MemoryRoot{{Path: "a", Title: "x", Collections: []taxii.Collection{{ID: "365fed99-08fa-1dcd-a1b3-fb247eb41d01", Title: "x"}}}}},
		"in capitals":      {Title: "x", Roots: []taxii.MemoryRoot{{Path: "a", Title: "x", Collections: []taxii.Collection{{ID: strings.ToUpper(openID), Title: "x"}}}}},
		"no name":          {Title: "x", Roots: []taxii.MemoryRoot{{Path: "a", Title: "x", Collections: []taxii.Collection{{ID: openID}}}}},
		"alias with slash": {Title: "x", Roots: []taxii.MemoryRoot{{Path: "a", Title: "x", Collections: []taxii.Collection{{ID: openID, Title: "x", Alias: "a/b"}}}}},
		"id twice":         {Title: "x", Roots: []taxii.MemoryRoot{{Path: "a", Title: "x", Collections: []taxii.Collection{good, good}}}},
		"alias is an id":   {Title: "x", Roots: []taxii.MemoryRoot{{Path: "a", Title: "x", Collections: []taxii.Collection{good, {ID: readID, Title: "x", Alias: openID}}}}},
	} {
		if _, err := taxii.NewMemory(opts); err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
	if _, err := taxii.NewServer(nil, taxii.ServerOptions{}); err == nil {
		t.Error("a server without a backend")
	}
	if _, err := taxii.NewServer(newStation(t).memory, taxii.ServerOptions{CursorKey: []byte("short")}); err == nil {
		t.Error("a cursor key of 5 bytes")
	}
}

func noMalware(o stix.Object) error {
	if o.Type() == "malware" {
		return errors.New("not here")
	}
	return nil
}
