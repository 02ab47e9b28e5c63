package console_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"parley/internal/console"
)

// views is how many parts of time, areas and orders are tried of each page:
// there is no end to them.
const views = 2

// viewOf is what a page's parts of time, areas and orders have in common; "" for a
// page without.
func viewOf(path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return ""
	}
	q := u.Query()
	for _, name := range []string{"from", "area", "sort"} {
		if q.Has(name) {
			return u.Path + " by " + name
		}
	}
	return ""
}

// crawl follows every link from the overview on and gives each page once.
func crawl(b *browser) map[string]answer {
	b.Helper()
	const most = 2000
	pages, seen := map[string]answer{}, map[string]int{}
	for next := []string{"/"}; len(next) > 0; next = next[1:] {
		path := next[0]
		if _, known := pages[path]; known {
			continue
		}
		if of := viewOf(path); of != "" {
			if seen[of]++; seen[of] > views {
				continue
			}
		}
		if len(pages) == most {
			b.Fatalf("more than %d pages", most)
		}
		a := b.get(path)
		pages[path] = a
		for _, link := range links(b, a.body) {
			if path, _, _ := strings.Cut(link, "#"); path != "" && strings.HasPrefix(path, "/") {
				next = append(next, path)
			}
		}
	}
	return pages
}

func links(t testing.TB, body string) (all []string) {
	t.Helper()
	for n := range nodes(t, body) {
		if n.Data != "a" {
			continue
		}
		for _, attr := range n.Attr {
			if attr.Key == "href" {
				all = append(all, attr.Val)
			}
		}
	}
	return all
}

func nodes(t testing.TB, body string) func(func(*html.Node) bool) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(*html.Node) bool) {
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode && !yield(n) {
				return
			}
		}
	}
}

// Every link leads somewhere, every page is sound, every kind of page is
// reached by links alone, and none of them opens without a sign-in.
func TestEveryPage(t *testing.T) {
	north, south := parties(t)
	mux := http.NewServeMux()
	reached := map[string]int{}
	for _, pattern := range console.Patterns(north.Node()) {
		mux.Handle(pattern, http.NotFoundHandler())
		reached[pattern] = 0
	}
	for _, b := range []*browser{atNorth(t), atSouth(t)} {
		pages := crawl(b)
		out := another(t, b.base)
		for path, a := range pages {
			if a.status != http.StatusOK {
				t.Errorf("%s answered %d", path, a.status)
				continue
			}
			u, err := url.Parse(path)
			if err != nil {
				t.Fatal(err)
			}
			_, pattern := mux.Handler(&http.Request{Method: http.MethodGet, URL: u, Host: "127.0.0.1"})
			reached[pattern]++
			soundness(t, path, a.body)
			if reached[pattern] <= 3 {
				closed(t, out, path, north.Name, south.Name)
			}
		}
		t.Logf("%d pages", len(pages))
	}
	for pattern, n := range reached {
		if n == 0 && !slices.Contains(notPlayed, pattern) {
			t.Errorf("no link leads to any page %s", pattern)
		}
	}
}

// notPlayed are pages of which the demonstration has none; other tests open them.
var notPlayed = []string{"/consents/{number}", "/search/{number}", "/objects/{number}"}

// closed checks that a page shows nothing to somebody who is not signed in.
func closed(t *testing.T, out *browser, path string, names ...string) {
	t.Helper()
	a := out.get(path)
	if a.status != http.StatusUnauthorized || !strings.Contains(a.body, `<input id="passphrase"`) {
		t.Errorf("%s answered %d without a sign-in", path, a.status)
	}
	for _, name := range names {
		if strings.Contains(a.body, name) {
			t.Errorf("%s says %q without a sign-in", path, name)
		}
	}
}

// Every address of the table asks for a sign-in, also where nothing stands.
func TestNothingOpensWithoutSignIn(t *testing.T) {
	north, _ := parties(t)
	out := browse(t, north.Node(), console.Options{})
	for _, pattern := range append(console.Patterns(north.Node()), "/nowhere", "/warnings/", "/debug/pprof/") {
		for _, number := range []string{"1", "W1", "M1", "R1", "I1", "E1", "S1", "F1", "Q1", "note--ed092f9d-30ea-40a5-9393-fde915775840"} {
			path := strings.NewReplacer("{$}", "", "{number}", number, "{id}", number).Replace(pattern)
			closed(t, out, path, north.Name)
			r := out.request(http.MethodGet, path, nil)
			r.Header.Set("Cookie", console.CookieName(r)+"=")
			if a := out.do(r); a.status != http.StatusUnauthorized {
				t.Errorf("%s answered %d to an empty token", path, a.status)
			}
			if path == pattern {
				break
			}
		}
	}
}

// What pages are made of; anything else would have come from elsewhere.
var (
	elements = strings.Fields(`html head meta title link body a header div nav ul li form span button main h1 h2 h3 p table thead tbody tr th td
		dl dt dd section small strong code bdi wbr time br input label footer blockquote mark figure figcaption details summary select option datalist
		svg desc g rect line circle ellipse path text
		textarea fieldset legend progress script noscript canvas dialog output`)
	attributes = strings.Fields(`href class id lang charset name content rel type aria-label aria-current method action scope colspan rowspan dir
		datetime title value for maxlength spellcheck autocomplete autocapitalize required autofocus role tabindex open selected list aria-sort
		xmlns viewBox width height direction fill fill-opacity font-size font-family d stroke stroke-width stroke-dasharray stroke-linejoin
		x y x1 x2 y1 y2 cx cy r rx ry text-anchor unicode-bidi
		rows size checked accesskey max src defer data-key data-row data-passkey data-options formaction data-failed data-canvas data-node aria-describedby
		form hidden aria-labelledby data-all data-go data-keys data-ticked data-words data-live enctype accept multiple`)
)

// ownScript tells whether a script is one of the console's files.
func ownScript(n *html.Node) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key == "src" && slices.Contains([]string{"/keys.js", "/live.js", "/passkey.js", "/canvas.js", "/palette.js", "/bulk.js"}, a.Val)
	})
}

// soundness checks what holds for every page, whatever stands in the store.
func soundness(t *testing.T, path, body string) {
	t.Helper()
	headings := 0
	for n := range nodes(t, body) {
		if !slices.Contains(elements, n.Data) {
			t.Errorf("%s has an element <%s>", path, n.Data)
		}
		switch {
		case n.Data == "h1":
			headings++
		case n.Data == "script" && (n.FirstChild != nil || !ownScript(n)):
			t.Errorf("%s has a script that is not the console's own", path)
		}
		for _, a := range n.Attr {
			if !slices.Contains(attributes, a.Key) {
				t.Errorf("%s has an attribute %s of <%s>", path, a.Key, n.Data)
			}
			local := strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "//") || strings.HasPrefix(a.Val, "#")
			if (a.Key == "href" || a.Key == "action") && !local {
				t.Errorf("%s leads to %q", path, a.Val)
			}
		}
	}
	title := body[strings.Index(body, "<title>"):strings.Index(body, "</title>")]
	if headings != 1 || !strings.HasSuffix(title, " – Parley") || !strings.HasPrefix(body, "<!doctype html>\n<html lang=\"en\">") {
		t.Errorf("%s has %d headings and the title %q", path, headings, title)
	}
	for _, r := range "\u202e\u202d\u200b\u200f\u2066\ufeff\u00ad\u0007" {
		if strings.ContainsRune(body, r) {
			t.Errorf("%s has the hidden character %U", path, r)
		}
	}
}
