package remote_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/console"
	"parley/internal/node"
	"parley/internal/remote"
	"parley/internal/store"
	"parley/internal/views"
	"parley/selector"
)

// served is a node behind a way that loses answers.
type served struct {
	*node.Node
	client *remote.Client
	lose   atomic.Int32 // so many answers are lost, each after the work was done
	asked  atomic.Int32
}

func serve(t *testing.T) *served {
	t.Helper()
	n, err := node.Init(t.Context(), node.Options{Home: t.TempDir(), User: "amira", KeyFile: []byte(strings.Repeat("k", node.MinKeyFile))}, node.Settings{Party: "North", Region: "US"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	s := &served{Node: n}
	pages := console.New(n, console.Options{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		if s.lose.Add(-1) < 0 {
			pages.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(server.Close)
	token, err := n.AddToken(t.Context(), "a test", []node.Role{node.Analyst}, time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	if s.client, err = remote.Dial(remote.Options{Node: server.URL, TokenFile: file}); err != nil {
		t.Fatal(err)
	}
	return s
}

var desk = store.Watch{Selector: selector.Selector{Kind: selector.Email, Value: "desk@hall.example"}, Imminent: true}

// An act whose answer is lost is asked for again, and done once.
func TestALostAnswerDoesNothingTwice(t *testing.T) {
	s := serve(t)
	s.lose.Store(2)
	if _, err := s.client.Watch(t.Context(), desk); err != nil {
		t.Fatal(err)
	}
	all, err := s.Ledger(t.Context(), 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	done := 0
	for _, e := range all {
		if e.Action == "watch.add" {
			done++
		}
	}
	if done != 1 || s.asked.Load() != 3 {
		t.Errorf("asked %d times, it was done %d times", s.asked.Load(), done)
	}
}

// Where no answer comes at all, that is said, as a failure that may pass.
func TestAWayThatIsBrokenIsNamed(t *testing.T) {
	s := serve(t)
	s.lose.Store(1000)
	_, err := s.client.Status(t.Context())
	if node.FailureOf(err) != node.Unavailable || err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.client.Status(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("told to stop, it says %v", err)
	}
}

// Lists of several parts come whole, in order; and no more of them than is asked for.
func TestListsComeWhole(t *testing.T) {
	s := serve(t)
	path := filepath.Join(t.TempDir(), "list.txt")
	var list strings.Builder
	for i := range 450 {
		list.WriteString("user" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + "@mail" + strings.Repeat("y", i/26) + ".example\n")
	}
	if err := os.WriteFile(path, []byte(list.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Import(t.Context(), path, ""); err != nil {
		t.Fatal(err)
	}
	here, err := views.Here(s.Node, time.Now).Selectors(t.Context(), store.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	there, err := s.client.Selectors(t.Context(), store.Scope{})
	if err != nil || len(here) != len(there) || len(here) < 401 {
		t.Fatalf("%d here, %d from elsewhere: %v", len(here), len(there), err)
	}
	for i := range here {
		if here[i] != there[i] {
			t.Fatalf("row %d is %v here and %v from elsewhere", i, here[i], there[i])
		}
	}
}

// What refuses says why in the node's own words, and what kind of failure it is.
func TestRefusalsCross(t *testing.T) {
	s := serve(t)
	here := views.Here(s.Node, time.Now)
	for name, do := range map[string]func(views.Node) error{
		"no match":    func(n views.Node) error { _, err := n.Match(t.Context(), 9); return err },
		"no release":  func(n views.Node) error { return n.SendRelease(t.Context(), 9) },
		"no selector": func(n views.Node) error { _, err := n.Selector(t.Context(), "??"); return err },
		"not watched": func(n views.Node) error { return n.Unwatch(t.Context(), desk.Selector) },
		"no rules": func(n views.Node) error {
			_, err := n.Simulate(t.Context(), "x", []byte("allow {"), time.Hour)
			return err
		},
	} {
		a, b := do(here), do(s.client)
		if a == nil || b == nil || a.Error() != b.Error() || node.FailureOf(a) != node.FailureOf(b) {
			t.Errorf("%s: here %v (%s), from elsewhere %v (%s)", name, a, node.FailureOf(a), b, node.FailureOf(b))
		}
	}
	// Here amira has every role, and her token has one.
	if _, err := s.client.SetRules(t.Context(), "x", nil); node.FailureOf(err) != node.Refused {
		t.Errorf("a token without the role got %v", err)
	}
}
