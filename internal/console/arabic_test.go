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

// inArabic chooses Arabic in a browser.
func (b *browser) inArabic() *browser {
	b.Helper()
	if a := b.do(b.request(http.MethodPost, "/look", url.Values{"language": {"ar"}})); a.status != http.StatusSeeOther {
		b.Fatal(a.status, a.body)
	}
	return b
}

const (
	arabicPage  = "<!doctype html>\n<html lang=\"ar\" dir=\"rtl\">"
	englishPage = "<!doctype html>\n<html lang=\"en\">"
)

// In Arabic every page that English has is there and sound, runs from right to
// left, has nothing that stayed English, and its forms send what the English ones
// send.
func TestEveryPageInArabic(t *testing.T) {
	english, arabic := atNorth(t), atNorth(t).inArabic()
	mux := http.NewServeMux()
	north, _ := parties(t)
	for _, pattern := range console.Patterns(north.Node()) {
		mux.Handle(pattern, http.NotFoundHandler())
	}
	seen := map[string]int{}
	for path, there := range crawl(arabic) {
		if there.status != http.StatusOK || !strings.HasPrefix(there.body, arabicPage) {
			t.Errorf("%s answered %d, and begins %.80q", path, there.status, there.body)
			continue
		}
		soundness(t, path, strings.Replace(there.body, arabicPage, englishPage, 1))
		for n := range nodes(t, there.body) {
			if n.Data == "bdi" && attribute(n, "lang") == "en" {
				t.Errorf("%s says in English: %s", path, written(n))
			}
		}
		u, err := url.Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		_, pattern := mux.Handler(&http.Request{Method: http.MethodGet, URL: u, Host: "127.0.0.1"})
		if seen[pattern]++; seen[pattern] <= 2 {
			if here, there := sends(t, english.get(path).body), sends(t, there.body); !slices.Equal(here, there) {
				t.Errorf("%s sends\n%q in Arabic, and in English\n%q", path, there, here)
			}
		}
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func written(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// sends is what a page's forms would send: where, and each control with its value.
func sends(t *testing.T, body string) (all []string) {
	t.Helper()
	for n := range nodes(t, body) {
		value := attribute(n, "value")
		switch n.Data {
		case "form":
			all = append(all, "to "+attribute(n, "action"))
		case "option":
			if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "value" }) {
				value = written(n)
			}
			all = append(all, "choice "+value)
		case "textarea":
			all = append(all, attribute(n, "name")+"="+written(n))
		case "input", "button", "select":
			if name := attribute(n, "name"); name != "version" && name != "language" && !strings.HasPrefix(name, "secret-") {
				all = append(all, n.Data+" "+name+"="+value)
			}
		}
	}
	return all
}
