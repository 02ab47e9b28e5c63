package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
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
				t.Errorf("%s says in English: %s", path, wordsIn(n))
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

func wordsIn(n *html.Node) string {
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
				value = wordsIn(n)
			}
			all = append(all, "choice "+value)
		case "textarea":
			all = append(all, attribute(n, "name")+"="+wordsIn(n))
		case "input", "button", "select":
			if name := attribute(n, "name"); name != "version" && name != "language" && !strings.HasPrefix(name, "secret-") {
				all = append(all, n.Data+" "+name+"="+value)
			}
		}
	}
	return all
}

// Pages turn as a whole only if no style says left or right.
func TestStyleHasNoLeftAndRight(t *testing.T) {
	b := atNorth(t)
	sides := regexp.MustCompile(`\b(?:left|right)\b`)
	for _, path := range []string{"/style.css", "/draw.css"} {
		for i, line := range strings.Split(b.get(path).body, "\n") {
			if sides.MatchString(line) {
				t.Errorf("%s:%d: %s: say start or end", path, i+1, strings.TrimSpace(line))
			}
		}
	}
}

// A browser that asks for Arabic gets it, before anybody signs in; one that asks
// for what there is not gets English; and what a reader chose comes first.
func TestTheBrowserAsksForALanguage(t *testing.T) {
	b := browse(t, newNode(t, "North"), console.Options{})
	for asked, want := range map[string]string{
		"ar": arabicPage, "ar-LB,fr;q=0.8": arabicPage, "fr, ar;q=0.5, en;q=0.4": arabicPage, "en, ar;q=0.9": englishPage,
		"fr": englishPage, "": englishPage, "he": englishPage, "x\u00ff;q=;": englishPage, strings.Repeat("ar,", 1000): englishPage,
	} {
		r := b.request(http.MethodGet, "/sign-in", nil)
		r.Header.Set("Accept-Language", asked)
		if a := b.do(r); !strings.HasPrefix(a.body, want) {
			t.Errorf("asked for %.40q, the page begins %.60q", asked, a.body)
		}
	}
	if a := b.do(b.request(http.MethodPost, "/look", url.Values{"language": {"tlh"}})); a.status != http.StatusBadRequest || !strings.Contains(a.body, "not written in that language") {
		t.Error(a.status, a.body)
	}
	b.inArabic()
	r := b.request(http.MethodGet, "/sign-in", nil)
	r.Header.Set("Accept-Language", "en")
	if a := b.do(r); !strings.HasPrefix(a.body, arabicPage) {
		t.Errorf("Arabic was chosen, and the page begins %.60q", a.body)
	}
	if a := b.do(b.request(http.MethodPost, "/look", url.Values{"zone": {"Mars/Olympus"}})); !strings.Contains(a.body, "تُسمى المنطقة الزمنية") {
		t.Errorf("a refusal is not in Arabic: %s", a.body)
	}
}

// In a real browser no page in Arabic runs out of the window, on a desk or on a
// telephone, nothing complains, and every text of a drawing is in its picture.
func TestArabicInABrowser(t *testing.T) {
	b := openTab(t)
	north, _ := parties(t)
	s := listen(t, north.Node(), console.ListenOptions{Addr: "127.0.0.1:0"})
	b.open(s.URL() + "/sign-in")
	b.signIn(north.Analyst, north.Passphrase())
	b.open(s.URL() + "/look")
	b.Follow("/look", func() {
		b.eval(`document.querySelector("#language").value = "ar"; document.querySelector("main button").click()`)
	})
	b.Complaints() // the browser notes that the page asked for a sign-in
	b.Theme("light")
	for name, path := range browsed {
		for _, width := range []int{320, 1280} {
			b.Call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false}, nil)
			b.open(s.URL() + path)
			if got := b.eval(`document.documentElement.lang + " " + getComputedStyle(document.body).direction`); got != "ar rtl" {
				t.Fatalf("%s is %s", path, got)
			}
			if wide := b.eval(`document.documentElement.scrollWidth > document.documentElement.clientWidth ? [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().left < -1 && !e.closest(".wide, .picture")).map(e => e.outerHTML.slice(0, 90)).slice(0, 2).join(" ") || "something" : ""`); wide != "" {
				t.Errorf("%s runs out of a window %d pixels wide: %s", path, width, wide)
			}
			b.look(fmt.Sprintf("%s-arabic-%d", name, width), "light")
		}
		if out := b.eval(textsOutside); out != "" {
			t.Errorf("%s: outside are %s", path, out)
		}
		if os.Getenv("PARLEY_AXE") != "" {
			if found := b.audit(false); found != "" {
				t.Errorf("%s: axe-core finds\n%s", path, found)
			}
		}
	}
	b.quiet()
}
