package console

import (
	"fmt"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/assess"
	"parley/internal/node"
	"parley/internal/warning"
	"parley/stix"
)

func TestNumbersAndTimesForPeople(t *testing.T) {
	day := 24 * time.Hour
	for _, c := range []struct{ got, want string }{
		{size(0), "0 B"},
		{size(9999), "9,999 B"},
		{size(10_499), "10 kB"},
		{size(9_999_999), "10,000 kB"},
		{size(12_340_000), "12.3 MB"},
		{span(0), "0 min"},
		{span(29 * time.Second), "0 min"},
		{span(90 * time.Minute), "1 h 30 min"},
		{span(-90 * time.Minute), "1 h 30 min"},
		{span(2*day + 3*time.Hour + 4*time.Minute), "2 d 3 h"},
		{span(day), "1 d"},
		{iso(time.Time{}), ""},
		{iso(stix.Timestamp{}), ""},
		{iso(time.Date(2026, 8, 1, 14, 3, 9, 5, time.FixedZone("", 7200))), "2026-08-01T12:03:09Z"},
		{clock(warning.Deadline{Step: warning.Screen, Left: 14 * time.Minute}), "screen within 14 min"},
		{clock(warning.Deadline{Step: warning.Decide, Left: -time.Hour, Overdue: true}), "decide overdue by 1 h"},
		{shortID(stix.ID("note--5c498aa4-0000-4000-8000-000000000000")), "note--5c498aa4"},
		{shortID("watch--list.csv"), "watch--list.csv"},
		{shortID(""), ""},
		{link("W12"), "/warnings/W12"},
		{link("E1"), "/evidence/E1"},
		{link("W0"), ""},
		{link("W1/../.."), ""},
		{link("X1"), ""},
		{link("claims.json"), ""},
	} {
		if c.got != c.want {
			t.Errorf("%q, not %q", c.got, c.want)
		}
	}
}

func TestOnlyAddressesOfTheConsoleAreLocal(t *testing.T) {
	for to, want := range map[string]string{
		"/matches/M1": "/matches/M1", "/claims?skip=200": "/claims?skip=200", "/%5Cevil.example": "/%5Cevil.example",
		"": "/", "matches": "/", "https://evil.example/": "/", "//evil.example/": "/", "///evil.example": "/", `/\evil.example`: "/", "/\tevil": "/",
		"javascript:alert(1)": "/", "/sign-out": "/", "/sign-in": "/", "/warnings\r\nX-Header: 1": "/", "/%zz": "/", "/\u2215evil": "/",
	} {
		if got := local(to); got != want {
			t.Errorf("%q is %q", to, got)
		}
	}
}

func TestListsArePaged(t *testing.T) {
	all := make([]int, 450)
	for i := range all {
		all[i] = i + 1
	}
	for address, want := range map[string]window{
		"/selectors":                     {First: 1, Last: 200, Of: 450, More: true, Next: "/selectors?skip=200"},
		"/selectors?skip=200&kind=phone": {First: 201, Last: 400, Of: 450, More: true, Previous: "/selectors?kind=phone", Next: "/selectors?kind=phone&skip=400"},
		"/selectors?skip=400":            {First: 401, Last: 450, Of: 450, More: true, Previous: "/selectors?skip=200"},
		"/selectors?skip=7":              {First: 8, Last: 207, Of: 450, More: true, Previous: "/selectors", Next: "/selectors?skip=207"},
		"/selectors?skip=999":            {First: 451, Last: 450, Of: 450, More: true, Previous: "/selectors?skip=250"},
	} {
		rows, w, err := windowed(httptest.NewRequest("GET", address, nil), all)
		if err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if d := cmp.Diff(want, w); d != "" {
			t.Errorf("%s: %s", address, d)
		}
		if len(rows) != w.Last-w.First+1 || len(rows) > 0 && rows[0] != w.First {
			t.Errorf("%s gives %d rows", address, len(rows))
		}
	}
	for _, bad := range []string{"?skip=-1", "?skip=x", "?skip=1e3", "?skip=99999999999999999999"} {
		if _, _, err := windowed(httptest.NewRequest("GET", "/selectors"+bad, nil), all); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
	if _, w, err := windowed(httptest.NewRequest("GET", "/x", nil), all[:3]); err != nil || w.More {
		t.Errorf("a short list has %+v, %v", w, err)
	}
}

func TestReasonsLinkToClaims(t *testing.T) {
	const a, b = "note--11111111-1111-4111-8111-111111111111", "note--22222222-2222-4222-8222-222222222222"
	known := map[stix.ID]string{a: ""}
	got := reasonParts("confirmed: "+a+" (X, B2); "+b+"; "+a, known)
	want := []reasonPart{{"confirmed: ", ""}, {a, a}, {" (X, B2); " + b + "; ", ""}, {a, a}, {"", ""}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestDenialsSayWhatTheyMove(t *testing.T) {
	yes, no := true, false
	for want, interested := range map[string]*bool{
		"Its interest is not known: the denial is shown and moves nothing.":                     nil,
		"It is interested and would deny it either way: the denial is shown and moves nothing.": &yes,
		"It has no known interest: the denial counts against the claim, by its grade.":          &no,
	} {
		if got := (denial{Denial: assess.Denial{Interested: interested}}).Stake(); got != want {
			t.Errorf("%q", got)
		}
	}
}

// One address cannot use up what all have, and all together cannot try more
// than they may.
func TestAttemptsArePerAddressAndInAll(t *testing.T) {
	now := time.Unix(0, 0)
	a := &attempts{now: func() time.Time { return now }}
	net := func(i int) netip.Prefix { return netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), 32) }
	tried := 0
	for i := range 10 {
		for range attemptsOfOne + 3 {
			if _, ok := a.allow(net(i), fmt.Sprint(i)); ok {
				tried++
			}
		}
		if want := min((i+1)*attemptsOfOne, attemptsOfAll); tried != want {
			t.Fatalf("after %d addresses %d attempts, not %d", i+1, tried, want)
		}
	}
	if wait, ok := a.allow(net(99), "amira"); ok || wait != attemptsTime {
		t.Errorf("a new address waits %s, %v", wait, ok)
	}
	now = now.Add(attemptsTime)
	if _, ok := a.allow(net(99), "amira"); !ok || len(a.last) != 1 {
		t.Errorf("after a minute %d attempts are remembered", len(a.last))
	}
}

// One user's passphrase is not guessed faster from many addresses.
func TestAttemptsArePerUser(t *testing.T) {
	now := time.Unix(0, 0)
	a := &attempts{now: func() time.Time { return now }}
	for i := range attemptsOfUser + 1 {
		from := netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), 32)
		if _, ok := a.allow(from, "amira"); ok != (i < attemptsOfUser) {
			t.Errorf("attempt %d: %v", i+1, ok)
		}
		if i < 3 {
			if _, ok := a.allow(from, "bilal"); !ok {
				t.Error("another user is held up")
			}
		}
	}
}

func TestWhereARequestComesFrom(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7:1234": "192.0.2.7/32", "[::ffff:192.0.2.7]:1": "192.0.2.7/32",
		"[2001:db8:1:2:3:4:5:6]:1": "2001:db8:1:2::/64", "[fe80::1%eth0]:1": "fe80::/64", "": "invalid Prefix", "@": "invalid Prefix",
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = address
		if got := origin(r).String(); got != want {
			t.Errorf("%q is from %s, not %s", address, got, want)
		}
	}
}

// There is room for so many sessions; the longest idle one gives way.
func TestSessionsAreBounded(t *testing.T) {
	now := time.Unix(0, 0)
	s := newSessions(func() time.Time { return now }, zeroToNine(0))
	var tokens []string
	for i := range maxSessions + 1 {
		now = now.Add(time.Millisecond)
		s.rand = zeroToNine(i)
		token, err := s.begin(node.User{Name: "amira"}, httptest.NewRequest("GET", "/", nil))
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, token)
		if i == maxSessions-1 {
			s.find(tokens[0]) // still there
		}
	}
	if _, ok := s.find(tokens[1]); ok || len(s.open) != maxSessions {
		t.Errorf("the longest idle session is there, of %d", len(s.open))
	}
	if _, ok := s.find(tokens[0]); !ok {
		t.Error("the oldest session, in use, gave way")
	}
	now = now.Add(idleTime)
	if _, err := s.begin(node.User{Name: "amira"}, httptest.NewRequest("GET", "/", nil)); err != nil || len(s.open) != 1 {
		t.Errorf("%d sessions after all were idle, %v", len(s.open), err)
	}
}

// zeroToNine is a source of bytes that are all the same; two numbers give
// different ones.
type zeroToNine int

func (z zeroToNine) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(int(z) >> (8 * (i % 2)))
	}
	return len(p), nil
}

func TestNoRandomNumbersNoSession(t *testing.T) {
	s := newSessions(time.Now, failing{})
	if token, err := s.begin(node.User{Name: "amira"}, httptest.NewRequest("GET", "/", nil)); err == nil || token != "" || len(s.open) != 0 {
		t.Errorf("token %q, %v", token, err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errNoRandom }

var errNoRandom = problem{Text: "no random numbers"}
