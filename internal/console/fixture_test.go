package console_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"parley/demo"
	"parley/demo/play"
	"parley/internal/console"
	"parley/internal/node"
)

// stage is the demonstration, played once for all tests: two nodes that were
// filled by their own methods and have done the whole job with each other.
var stage = sync.OnceValues(func() (*play.Stage, error) {
	ctx := context.Background()
	s, err := play.Set(ctx, play.Options{Dir: stageDir, Files: demo.Files()})
	if err != nil {
		return nil, err
	}
	staged = s
	_, err = s.Play(ctx)
	return s, err
})

// staged is what has to be taken down when all tests are over.
var (
	stageDir string
	staged   *play.Stage
)

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "console")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		stageDir = filepath.Join(dir, "stage")
		defer os.RemoveAll(dir)
		code := m.Run()
		if staged != nil {
			if err := staged.Close(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
		}
		return code
	}())
}

func parties(t testing.TB) (north, south play.Party) {
	t.Helper()
	s, err := stage()
	if err != nil {
		t.Fatal(err)
	}
	return s.North, s.South
}

// passphrase opens the nodes that tests make for themselves.
const passphrase = "correct horse battery"

// newNode makes an empty node with the user amira.
func newNode(t testing.TB, party string) *node.Node {
	t.Helper()
	n, err := node.Init(t.Context(), node.Options{Home: t.TempDir(), User: "amira", Passphrase: passphrase}, node.Settings{Party: party, Region: "US"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n
}

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Now()} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// browser is one person's browser at one console. It keeps cookies and
// follows no redirect by itself.
type browser struct {
	testing.TB
	base   string
	client *http.Client
}

// browse serves a node's console and opens a browser at it.
func browse(t testing.TB, n *node.Node, opt console.Options) *browser {
	t.Helper()
	s := httptest.NewServer(console.New(n, opt))
	t.Cleanup(s.Close)
	return another(t, s.URL)
}

// another is a second browser at the same console.
func another(t testing.TB, base string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{TB: t, base: base, client: &http.Client{
		Jar: jar, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is what a console answered.
type answer struct {
	status int
	header http.Header
	body   string
}

func (b *browser) do(r *http.Request) answer {
	b.Helper()
	res, err := b.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

// request makes a request as a page of the console itself would.
func (b *browser) request(method, path string, form url.Values) *http.Request {
	b.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(b.Context(), method, b.base+path, body)
	if err != nil {
		b.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

func (b *browser) get(path string) answer {
	b.Helper()
	return b.do(b.request(http.MethodGet, path, nil))
}

// page is get for a page that must be there, as its reader sees it.
func (b *browser) page(path string) string {
	b.Helper()
	a := b.get(path)
	if a.status != http.StatusOK {
		b.Fatalf("%s answered %d: %s", path, a.status, reads(b, a.body))
	}
	return reads(b, a.body)
}

func (b *browser) signIn(user, passphrase, to string) answer {
	b.Helper()
	return b.do(b.request(http.MethodPost, "/sign-in", url.Values{"user": {user}, "passphrase": {passphrase}, "to": {to}}))
}

// signedIn signs in, and must be able to.
func (b *browser) signedIn(user, passphrase string) *browser {
	b.Helper()
	if a := b.signIn(user, passphrase, "/"); a.status != http.StatusSeeOther {
		b.Fatalf("signing in answered %d: %s", a.status, reads(b, a.body))
	}
	return b
}

var spaces = regexp.MustCompile(`\s+`)

// reads gives a page's words as a reader meets them: one line a block or row,
// with a bar between the cells of a row.
func reads(t testing.TB, body string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for n := range doc.Descendants() {
		switch {
		case n.Type == html.TextNode && n.Parent.Data != "title":
			out.WriteString(spaces.ReplaceAllString(n.Data, " "))
		case n.Type != html.ElementNode:
		case n.Data == "td", n.Data == "th":
			if n.PrevSibling != nil {
				out.WriteString(" | ")
			} else {
				out.WriteByte('\n')
			}
		case strings.Contains(" p h1 h2 h3 li dt div section footer header form blockquote table br tr ", " "+n.Data+" "):
			out.WriteByte('\n')
		case n.Data == "dd":
			out.WriteString(": ")
		}
	}
	var lines []string
	for line := range strings.SplitSeq(out.String(), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, spaces.ReplaceAllString(line, " "))
		}
	}
	return strings.Join(lines, "\n")
}

// has checks that a page says something.
func has(t testing.TB, page string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(page, w) {
			t.Errorf("the page does not say %q:\n%s", w, page)
		}
	}
}
