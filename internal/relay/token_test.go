package relay

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func testMint(now time.Time) mint {
	return mint{bytes.Repeat([]byte{7}, relayKeyLen), 14 * 24 * time.Hour, func() time.Time { return now }}
}

// mustOrder orders tokens of a mint, and has them answered by the same or by another.
func mustOrder(t testing.TB, m, by mint, n int) (o order, blinded, answer []byte) {
	t.Helper()
	public, err := m.public()
	if err != nil {
		t.Fatal(err)
	}
	if o, blinded, err = newOrder(public, n); err != nil {
		t.Fatal(err)
	}
	if answer, err = by.issue(blinded); err != nil {
		t.Fatal(err)
	}
	return o, blinded, answer
}

// mustIssue makes tokens as a client and a relay do together.
func mustIssue(t testing.TB, m mint, n int) []token {
	t.Helper()
	o, _, answer := mustOrder(t, m, m, n)
	tokens, err := o.finish(answer)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func TestTokenIsGoodForTwoEpochsAtItsRelayOnly(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	week := 7 * 24 * time.Hour
	tok := mustIssue(t, testMint(now), 3)[1]
	other := testMint(now)
	other.secret = bytes.Repeat([]byte{8}, relayKeyLen)
	for _, c := range []struct {
		name string
		m    mint
		good bool
	}{
		{"now", testMint(now), true},
		{"an epoch later", testMint(now.Add(week)), true},
		{"two epochs later", testMint(now.Add(2 * week)), false},
		{"before it was made", testMint(now.Add(-week)), false},
		{"another relay", other, false},
	} {
		if err := c.m.check(tok); (err == nil) != c.good {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for i := range tok {
		changed := tok
		changed[i] ^= 1
		if testMint(now).check(changed) == nil {
			t.Fatalf("a token with byte %d changed is good", i)
		}
	}
	if again, err := parseToken(tok.String()); err != nil || again != tok {
		t.Errorf("a token does not read back: %v", err)
	}
}

// What the relay sees when it makes a token and when one is spent has no part in common, and any pair of the two is
// possible: for a token and a blinded element there is always a blind that joins them. The first half is looked at
// here; the second is the theorem the PRF rests on.
func TestMakingAndSpendingShowNothingInCommon(t *testing.T) {
	m := testMint(time.Unix(1_900_000_000, 0))
	o, blinded, answer := mustOrder(t, m, m, 4)
	tokens, err := o.finish(answer)
	if err != nil {
		t.Fatal(err)
	}
	made := string(blinded) + string(answer[4+elementBytes:])
	for i, tok := range tokens {
		for at := 4; at+8 <= len(tok); at++ {
			if strings.Contains(made, string(tok[at:at+8])) {
				t.Errorf("token %d has 8 bytes at %d in common with its making", i, at)
			}
		}
	}
}

// A relay that makes one party's tokens with a key of their own, to know them again, is found out.
func TestKeyForOnePartyIsNoticed(t *testing.T) {
	everybody, marked := testMint(time.Unix(1_900_000_000, 0)), testMint(time.Unix(1_900_000_000, 0))
	marked.secret = bytes.Repeat([]byte{9}, relayKeyLen)
	public, err := everybody.public()
	if err != nil {
		t.Fatal(err)
	}
	o, _, answer := mustOrder(t, everybody, marked, 2)
	if _, err := o.finish(answer); !errors.Is(err, errMalformed) {
		t.Errorf("another key, told: %v", err)
	}
	if _, err := o.finish(append(bytes.Clone(public), answer[len(public):]...)); !errors.Is(err, errMalformed) {
		t.Errorf("another key, not told: %v", err)
	}
	for _, bad := range [][]byte{nil, answer[:len(answer)-1], append(bytes.Clone(answer), 0)} {
		if _, err := o.finish(bad); !errors.Is(err, errMalformed) {
			t.Errorf("%d bytes: %v", len(bad), err)
		}
	}
}

func FuzzToken(f *testing.F) {
	m := testMint(time.Unix(1_900_000_000, 0))
	public, _ := m.public()
	tok := mustIssue(f, m, 1)[0]
	f.Add([]byte(tok.String()), public)
	f.Add(public, []byte(tok.String()))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		if got, err := parseToken(string(a)); err == nil && got != tok && m.check(got) == nil {
			t.Errorf("a token from nowhere is good: %x", got)
		}
		_, _ = m.issue(b)
		o, _, err := newOrder(b, 1)
		if err == nil {
			if _, err := o.finish(a); err == nil {
				t.Error("an answer from nowhere has a proof")
			}
		}
	})
}

// startAsking runs a relay that asks for tokens and allows so many mailboxes.
func startAsking(t *testing.T, dir string, mailboxes int) (*served, ClientOptions) {
	t.Helper()
	s := start(t, Options{Dir: dir, Tokens: true})
	a, err := Allow(s.dir, "north", mailboxes)
	if err != nil {
		t.Fatal(err)
	}
	return s, ClientOptions{Allowances: map[Address]Allowance{s.server.Address(): a}}
}

func TestReaderOpensItsMailboxForItsWriter(t *testing.T) {
	dir := t.TempDir()
	s, allowed := startAsking(t, dir, 20)
	m, other := testMailbox(1), testMailbox(2)
	writer, reader := s.client(t), clientOf(t, s.server.Address().String(), allowed)
	err := writer.Put(t.Context(), m, testID(1), testParcel(3, 1))
	if !errors.Is(err, ErrNotOpen) || !errors.Is(err, ErrUnavailable) || RetryAfter(err) == 0 {
		t.Fatalf("a put before the mailbox is open: %v", err)
	}
	if _, err := s.client(t).Fetch(t.Context(), m, "", time.Minute); !errors.Is(err, ErrNotOpen) {
		t.Errorf("a reader without an allowance: %v", err)
	}
	if got := mustFetch(t, reader, m, ""); len(got) != 0 {
		t.Errorf("%d parcels in a new mailbox", len(got))
	}
	mustPut(t, writer, m, 0, 1)
	if err := writer.Put(t.Context(), other, testID(1), testParcel(0, 1)); !errors.Is(err, ErrNotOpen) {
		t.Errorf("a put to a mailbox beside it: %v", err)
	}
	s.end(t)
	again := start(t, Options{Dir: dir, Tokens: true})
	mustPut(t, again.client(t), m, 0, 2)
	if got := mustFetch(t, again.client(t), m, ""); len(got) != 2 {
		t.Errorf("%d parcels after a restart", len(got))
	}
}

func TestTokenOpensOneMailboxOnce(t *testing.T) {
	dir := t.TempDir()
	s, allowed := startAsking(t, dir, 20)
	c := clientOf(t, s.server.Address().String(), allowed)
	tok, err := c.token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	spend := func(c *Client, n byte) error {
		resp, err := c.do(t.Context(), testMailbox(n), request{method: "PUT", token: tok.String(), secret: headerRead})
		if err == nil {
			err = resp.Body.Close()
		}
		return err
	}
	if err := spend(c, 1); err != nil {
		t.Fatal(err)
	}
	if err := spend(c, 1); err != nil {
		t.Errorf("the same again, after a lost answer: %v", err)
	}
	if err := spend(c, 2); !errors.Is(err, ErrRefused) {
		t.Errorf("the token again for another mailbox: %v", err)
	}
	s.end(t)
	if err := spend(start(t, Options{Dir: dir, Tokens: true}).client(t), 3); !errors.Is(err, ErrRefused) {
		t.Errorf("the token again after a restart: %v", err)
	}
}

func TestAllowanceIsCountedAndRevoked(t *testing.T) {
	dir := t.TempDir()
	s, allowed := startAsking(t, dir, batch+1)
	c := clientOf(t, s.server.Address().String(), allowed)
	for n := range byte(batch + 1) {
		mustFetch(t, c, testMailbox(n), "")
	}
	if _, err := c.Fetch(t.Context(), testMailbox(100), "", 0); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "tokens left") {
		t.Errorf("a mailbox too many: %v", err)
	}
	if _, err := Allow(s.dir, "north", 5); err == nil {
		t.Error("a second allowance of one name was given")
	}
	if err := Revoke(s.dir, "north"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Fetch(t.Context(), testMailbox(101), "", 0); !errors.Is(err, ErrRefused) {
		t.Errorf("after the allowance was revoked: %v", err)
	}
	mustPut(t, s.client(t), testMailbox(0), 0, 1) // what was opened stays open
	for _, bad := range []string{"", "../north", "North", strings.Repeat("n", 65)} {
		if _, err := Allow(s.dir, bad, 1); err == nil {
			t.Errorf("an allowance for %q was given", bad)
		}
	}
	if _, err := Allow(t.TempDir(), "north", 1); err == nil || Revoke(s.dir, "nobody") == nil {
		t.Error("an allowance at no relay was given, or one revoked that nobody had")
	}
}

// Nothing on the disk joins an allowance to a mailbox: the journal has mailboxes and hashes of tokens, the files of
// allowances have counts.
func TestFilesOfAllowancesKeepACountAndNothingElse(t *testing.T) {
	s, allowed := startAsking(t, "", 20)
	c := clientOf(t, s.server.Address().String(), allowed)
	mustFetch(t, c, testMailbox(1), "")
	secret := allowed.Allowances[s.server.Address()].String()
	text, err := os.ReadFile(filepath.Join(s.dir, "allowances", "north.used"))
	if err != nil {
		t.Fatal(err)
	}
	if want := `"tokens":8}`; !strings.Contains(string(text), want) || strings.Count(string(text), ",") != 1 {
		t.Errorf("the file of what was used is %s", text)
	}
	text, err = os.ReadFile(filepath.Join(s.dir, "allowances", "north.json"))
	if err != nil || strings.Contains(string(text), secret) {
		t.Errorf("the file of the allowance holds its secret, or %v", err)
	}
	s.end(t)
	if strings.Contains(s.log.String(), secret) {
		t.Error("the log holds the secret of an allowance")
	}
}

func TestRefusedTokensAndOrders(t *testing.T) {
	s, allowed := startAsking(t, "", 20)
	secret := allowed.Allowances[s.server.Address()].String()
	open := start(t, Options{})
	for _, c := range []struct {
		name, method string
		allowance    string
		body         []byte
		at           *served
		want         int
	}{
		{"no allowance", "POST", "", make([]byte, 32), s, 403},
		{"an unknown allowance", "POST", strings.Repeat("0", 64), make([]byte, 32), s, 403},
		{"no elements", "POST", secret, nil, s, 400},
		{"half an element", "POST", secret, make([]byte, 33), s, 400},
		{"too many", "POST", secret, make([]byte, 33*32), s, 400},
		{"the identity", "POST", secret, make([]byte, 32), s, 400},
		{"no point", "POST", secret, bytes.Repeat([]byte{255}, 32), s, 400},
		{"a relay that asks for none", "POST", secret, make([]byte, 32), open, 404},
		{"its key", "GET", "", nil, open, 404},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := c.at.client(t)
			req, err := http.NewRequestWithContext(t.Context(), c.method, client.url(client.hosts[0], "/v1/tokens", nil), bytes.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set(headerAllowance, c.allowance)
			resp, err := client.lines.get(lineKey{host: client.hosts[0]}).RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if text, _ := io.ReadAll(resp.Body); resp.StatusCode != c.want {
				t.Errorf("status %d, %s", resp.StatusCode, text)
			}
		})
	}
}
