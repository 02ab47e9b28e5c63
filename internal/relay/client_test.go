package relay

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

func clientOf(t testing.TB, url string, o ClientOptions) *Client {
	t.Helper()
	a, err := ParseAddress(url)
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewClient(a, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestClientTellsLaterFromNever(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		header string // Retry-After
		want   error
		after  time.Duration
	}{
		{"busy", 429, "7", ErrUnavailable, 7 * time.Second},
		{"busy without a time", 429, "", ErrUnavailable, 0},
		{"busy for ever", 429, "65000", ErrUnavailable, time.Hour},
		{"busy for a joke", 429, "-5", ErrUnavailable, 0},
		{"failed", 500, "", ErrUnavailable, 0},
		{"stopping", 503, "5", ErrUnavailable, 5 * time.Second},
		{"full", 507, "600", ErrUnavailable, 10 * time.Minute},
		{"malformed", 400, "", ErrRefused, 0},
		{"wrong secrets", 403, "", ErrRefused, 0},
		{"too large", 413, "9", ErrRefused, 0},
		{"a lost cursor", 410, "", ErrCursor, 0},
		{"redirected", 307, "", ErrRefused, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				asked++
				w.Header().Set("Location", "/elsewhere")
				if c.header != "" {
					w.Header().Set("Retry-After", c.header)
				}
				w.WriteHeader(c.status)
				fmt.Fprint(w, `{"error":"no\u001b[2J\n"}`)
			}))
			defer server.Close()
			err := clientOf(t, server.URL, ClientOptions{}).Remove(t.Context(), testMailbox(1), "x")
			if !errors.Is(err, c.want) || RetryAfter(err) != c.after {
				t.Errorf("%v (again after %v), want %v after %v", err, RetryAfter(err), c.want, c.after)
			}
			if errors.Is(err, ErrRefused) == errors.Is(err, ErrUnavailable) {
				t.Errorf("%v is both or neither", err)
			}
			if strings.ContainsAny(err.Error(), "\x1b\n") {
				t.Error("the relay's text reaches a terminal unquoted")
			}
			if asked != 1 {
				t.Errorf("asked %d times", asked)
			}
		})
	}
}

func TestHostileRelayCannotFillTheClient(t *testing.T) {
	m := testMailbox(1)
	for _, c := range []struct {
		name  string
		serve http.HandlerFunc
		want  error
	}{
		{"an error without end", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(400)
			for {
				if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
					return
				}
			}
		}, ErrRefused},
		{"headers without end", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", strings.Repeat("x", 1<<20))
		}, ErrUnavailable},
		{"a web page", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "<html>")
		}, ErrUnavailable},
		{"parcels without end", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", parcelsType)
			for writeParcel(w, "c", make([]byte, 4096)) == nil {
			}
		}, errMalformed},
		{"a length of 4 GiB", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", parcelsType)
			_, _ = w.Write([]byte{1, 'c', 0xff, 0xff, 0xff, 0xff})
		}, errMalformed},
		{"nothing at all", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", parcelsType)
		}, io.ErrUnexpectedEOF},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.serve)
			defer server.Close()
			got, err := clientOf(t, server.URL, ClientOptions{}).Fetch(t.Context(), m, "", 0)
			if !errors.Is(err, c.want) || len(got) != 0 {
				t.Errorf("%d parcels, %v; want %v", len(got), err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), m.Address()) {
				t.Error("the error names the mailbox")
			}
		})
	}
}

func TestAnswerThatBreaksOffGivesWhatCameWhole(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", parcelsType)
		_ = writeParcel(w, "c", testParcel(0, 7))
		_, _ = w.Write([]byte{1, 'd', 0})
		panic(http.ErrAbortHandler)
	}))
	defer server.Close()
	got, err := clientOf(t, server.URL, ClientOptions{}).Fetch(t.Context(), testMailbox(1), "", 0)
	if err != nil || len(got) != 1 || numbers(t, got)[0] != 7 {
		t.Errorf("%d parcels, %v", len(got), err)
	}
}

func TestClientWithoutARelay(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	c := clientOf(t, "http://"+l.Addr().String(), ClientOptions{})
	if err := c.Put(t.Context(), testMailbox(1), testID(1), testParcel(0, 1)); !errors.Is(err, ErrUnavailable) {
		t.Errorf("nobody listens: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Health(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnavailable) {
		t.Errorf("the caller gave up: %v", err)
	}
	if err := c.Put(t.Context(), testMailbox(1), testID(1), make([]byte, 5000)); err == nil || errors.Is(err, ErrUnavailable) {
		t.Errorf("5,000 bytes: %v", err)
	}
}

func TestSilentRelayTimesOut(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	c := clientOf(t, server.URL, ClientOptions{Timeout: 50 * time.Millisecond})
	if err := c.Put(t.Context(), testMailbox(1), testID(1), testParcel(0, 1)); !errors.Is(err, ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

// A full mailbox is said before the parcel is sent, and the answer arrives although it is not read.
func TestRefusalOfALargeParcelArrives(t *testing.T) {
	s := start(t, Options{MailboxParcels: 1})
	c, m := s.client(t), testMailbox(1)
	mustPut(t, c, m, 0, 1)
	for n := range uint64(20) {
		if err := c.Put(t.Context(), m, testID(100+n), testParcel(3, n)); RetryAfter(err) != time.Minute {
			t.Fatalf("put %d: %v", n, err)
		}
	}
	if err := c.Put(t.Context(), Mailbox{}, testID(1), testParcel(3, 1)); err != nil {
		t.Errorf("another mailbox: %v", err)
	}
}

// recorder notes which connection each mailbox's requests came over.
type recorder struct {
	mu    sync.Mutex
	conns map[string]map[string]bool // by path and method, remote addresses
	agent string
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := req.Method + " " + req.URL.Path
	if r.conns[key] == nil {
		r.conns[key] = map[string]bool{}
	}
	r.conns[key][req.RemoteAddr] = true
	r.agent += req.UserAgent()
	w.WriteHeader(http.StatusNoContent)
}

func TestConnectionsDoNotLinkMailboxes(t *testing.T) {
	r := &recorder{conns: map[string]map[string]bool{}}
	server := httptest.NewServer(r)
	defer server.Close()
	c := clientOf(t, server.URL, ClientOptions{})
	for range 3 {
		for n := range byte(10) {
			if err := c.Remove(t.Context(), testMailbox(n), "x"); err != nil {
				t.Fatal(err)
			}
		}
	}
	of := map[string]string{}
	for key, remotes := range r.conns {
		if len(remotes) != 1 {
			t.Errorf("a mailbox used %d connections for requests one after the other", len(remotes))
		}
		for remote := range remotes {
			if other, ok := of[remote]; ok {
				t.Errorf("one connection served %s and %s", key, other)
			}
			of[remote] = key
		}
	}
	if len(of) != 10 || r.agent != "" {
		t.Errorf("%d connections, agent %q", len(of), r.agent)
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	l, err := newLines(Address{Scheme: "https", Host: "relay.example:1"}, ClientOptions{})
	if err != nil {
		t.Fatal(err)
	}
	first := l.get(lineKey{address: "0"})
	for n := range 3 * maxLines {
		l.get(lineKey{address: fmt.Sprint(n)})
		if l.get(lineKey{address: "0"}) != first {
			t.Fatal("the mailbox used last was dropped")
		}
	}
	if len(l.byKey) != maxLines || l.used.Len() != maxLines {
		t.Errorf("%d and %d sets are kept, at most %d may be", len(l.byKey), l.used.Len(), maxLines)
	}
}

// socks is a SOCKS5 proxy (RFC 1928, 1929) that notes the user names it is given.
func socks(t *testing.T) (addr string, users func() map[string]int) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	var mu sync.Mutex
	seen := map[string]int{}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				user, to, err := socksHello(conn)
				if err != nil {
					return
				}
				mu.Lock()
				seen[user]++
				mu.Unlock()
				far, err := net.Dial("tcp", to)
				if err != nil {
					return
				}
				defer far.Close()
				go func() { _, _ = io.Copy(far, conn) }()
				_, _ = io.Copy(conn, far)
			}()
		}
	}()
	return l.Addr().String(), func() map[string]int { mu.Lock(); defer mu.Unlock(); return seen }
}

// socksHello speaks the server's side until the connection is open.
func socksHello(conn net.Conn) (user, to string, err error) {
	r := bufio.NewReader(io.LimitReader(conn, 1<<10)) // its client says no more until it is answered
	take := func(n int) []byte {
		b := make([]byte, n)
		if err == nil {
			_, err = io.ReadFull(r, b)
		}
		return b
	}
	take(int(take(2)[1]))
	_, _ = conn.Write([]byte{5, 2})
	user = string(take(int(take(2)[1])))
	take(int(take(1)[0]))
	_, _ = conn.Write([]byte{1, 0})
	var host string
	switch take(4)[3] {
	case 1:
		host = net.IP(take(4)).String()
	case 3:
		host = string(take(int(take(1)[0])))
	default:
		return "", "", errors.New("an address of another kind")
	}
	port := take(2)
	_, _ = conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	return user, net.JoinHostPort(host, fmt.Sprint(int(port[0])<<8|int(port[1]))), err
}

func TestProxyKeepsMailboxesApart(t *testing.T) {
	s := start(t, Options{})
	proxy, users := socks(t)
	c := clientOf(t, s.server.Address().String(), ClientOptions{Proxy: "socks5://" + proxy})
	for n := range byte(3) {
		mustPut(t, c, testMailbox(n), 0, 1)
		mustPut(t, c, testMailbox(n), 0, 2)
		if got := mustFetch(t, c, testMailbox(n), ""); len(got) != 2 {
			t.Errorf("%d parcels through the proxy", len(got))
		}
	}
	if got := users(); len(got) != 6 { // three mailboxes, two directions
		t.Errorf("the proxy saw %d user names, want 6: %v", len(got), got)
	}
	for _, bad := range []string{"http://127.0.0.1:1", "socks5://", "socks5://127.0.0.1", "127.0.0.1:9050", "socks5://%"} {
		if _, err := NewClient(s.server.Address(), ClientOptions{Proxy: bad}); err == nil {
			t.Errorf("proxy %q was accepted", bad)
		}
	}
}
