package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/demo/play"
	"parley/internal/console"
)

// onePage is a page that is opened in a browser.
type onePage struct {
	pattern, path string
	of            play.Party
}

// looked is how many pages of one address are looked at for links to others.
const looked = 4

// everyPage is one page of each address of the console: those that links lead to
// at either party, the first that is met. A page that is added is among them, or
// fails the test.
func everyPage(t *testing.T) (all []onePage) {
	t.Helper()
	north, south := parties(t)
	patterns := console.Patterns(north.Node())
	mux := http.NewServeMux()
	for _, pattern := range patterns {
		mux.Handle(pattern, http.NotFoundHandler())
	}
	found := map[string]bool{}
	for _, p := range []play.Party{north, south} {
		b := browse(t, p.Node(), console.Options{}).signedIn(p.Analyst, p.Passphrase())
		seen, times := map[string]bool{}, map[string]int{}
		for next := []string{"/"}; len(next) > 0; next = next[1:] {
			u, err := url.Parse(next[0])
			if err != nil {
				t.Fatal(err)
			}
			_, pattern := mux.Handler(&http.Request{Method: http.MethodGet, URL: u, Host: "127.0.0.1"})
			if times[pattern]++; seen[next[0]] || times[pattern] > looked {
				continue
			}
			seen[next[0]] = true
			if !found[pattern] {
				found[pattern] = true
				all = append(all, onePage{pattern, next[0], p})
			}
			for _, link := range links(b, b.get(next[0]).body) {
				if path, _, _ := strings.Cut(link, "#"); strings.HasPrefix(path, "/") {
					next = append(next, path)
				}
			}
		}
	}
	for _, pattern := range patterns {
		if !found[pattern] && !slices.Contains(notPlayed, pattern) {
			t.Errorf("no page of %s is opened in a browser", pattern)
		}
	}
	return all
}

// shortName names the picture of a page.
func shortName(pattern string) string {
	name := strings.NewReplacer("{$}", "overview", "/{number}", "", "/{id}", "", "/", "-").Replace(strings.TrimPrefix(pattern, "/"))
	if strings.Contains(pattern, "{number}") || strings.Contains(pattern, "{id}") {
		name += "-one"
	}
	return name
}

// Every page, in both themes and in both directions, wide and on a small screen:
// the browser has nothing to complain about and asks for nothing elsewhere, nothing
// runs out of the window or is cut, and keys alone reach everything.
func TestEveryPageInABrowser(t *testing.T) {
	pages := everyPage(t)
	tabs, base := map[string]*tab{}, map[string]string{}
	north, south := parties(t)
	for _, p := range []play.Party{north, south} {
		base[p.Name] = served(t, p.Node())
		b := openTab(t)
		b.open(base[p.Name] + "/sign-in")
		b.signIn(p.Analyst, p.Passphrase())
		tabs[p.Name] = b
	}
	var paints []float64
	for _, one := range pages {
		b := tabs[one.of.Name]
		b.Theme("light")
		b.open(base[one.of.Name] + one.path)
		paints = append(paints, b.firstPaint())
		b.fits(one.path)
		b.keyable(one.path)
		b.looks(shortName(one.pattern), one.path)
		b.quiet()
	}
	for name, b := range tabs {
		for _, one := range b.Elsewhere(base[name]) {
			t.Errorf("a page asked for %s", one)
		}
	}
	slices.Sort(paints)
	t.Attr("first-paint-median-ms", fmt.Sprintf("%.0f", paints[len(paints)/2]))
	t.Attr("first-paint-slowest-ms", fmt.Sprintf("%.0f", paints[len(paints)-1]))
	if median := paints[len(paints)/2]; median > 1000 {
		t.Errorf("a page is painted first after %.0f ms", median)
	}
}

// firstPaint is when something of the page was seen first, in milliseconds after
// it was asked for.
func (b *tab) firstPaint() float64 {
	b.Helper()
	ms, err := strconv.ParseFloat(b.eval(`new Promise((seen) => new PerformanceObserver((list) => {
		const first = list.getEntriesByName("first-contentful-paint")[0];
		if (first) { seen(first.startTime); }
	}).observe({type: "paint", buffered: true}))`), 64)
	if err != nil {
		b.Fatal(err)
	}
	return ms
}

// fits sees that the page is whole in every window: from the left and from the
// right, and 320 pixels wide, which is what reflow asks for (WCAG 2.2, 1.4.10);
// tables of data scroll within themselves.
func (b *tab) fits(path string) {
	b.Helper()
	for _, width := range []int{0, 320} {
		b.Width(width)
		for _, direction := range []string{"ltr", "rtl"} {
			b.eval(`document.documentElement.dir = "` + direction + `"`)
			if out := b.eval(runsOut); out != "" {
				b.Errorf("%s, %d pixels wide, %s: %s", path, width, direction, out)
			}
		}
	}
	b.Width(0)
	b.eval(`document.documentElement.dir = "ltr"`)
}

// runsOut names what makes the page wider than its window, and texts that are cut.
const runsOut = `(() => {
	const wide = document.documentElement.clientWidth, all = [];
	const name = (e) => e.tagName.toLowerCase() + (e.className && e.className.baseVal === undefined ? "." + e.className : "") + " " + e.textContent.trim().slice(0, 40);
	if (document.documentElement.scrollWidth > wide) {
		all.push("it runs out of the window");
		for (const e of document.querySelectorAll("body *")) {
			const at = e.getBoundingClientRect();
			if ((at.right > wide + 1 || at.left < -1) && !e.closest(".wide, .picture, .skip") && all.length < 4) { all.push(name(e)); }
		}
	}
	for (const e of document.querySelectorAll("main *")) {
		if (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && getComputedStyle(e).overflowX === "hidden" && all.length < 4) { all.push("cut: " + name(e)); }
	}
	return all.join("; ");
})()`

// keyable sees that keys alone reach everything on the page, in its order: nothing
// that can be pressed is left out, and the first key leads past the menu.
func (b *tab) keyable(path string) {
	b.Helper()
	if out := b.eval(`[...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
		.filter((e) => e.checkVisibility() && (e.tabIndex !== 0 || e.matches("a:not([href])"))).map((e) => e.outerHTML.slice(0, 80)).join("; ")`); out != "" {
		b.Errorf("%s: keys do not reach %s", path, out)
	}
	b.eval(`document.body.tabIndex = -1, document.body.focus(), document.body.removeAttribute("tabindex")`) // as if nothing had been gone to
	b.Keys("\t")
	if at := b.eval(`document.activeElement.className + " " + (document.activeElement.getBoundingClientRect().left >= 0)`); at != "skip true" {
		b.Errorf("%s: the first key leads to %q, not past the menu", path, at)
	}
	b.Keys("\r")
	b.Keys("\t")
	if at := b.eval(`document.activeElement === document.body || document.activeElement.closest("main, footer") !== null`); at != "true" {
		b.Errorf("%s: past the menu a key leads to %s", path, b.eval(`document.activeElement.outerHTML.slice(0, 80)`))
	}
}

// looks sees the page in both themes, and has axe-core judge it in both.
func (b *tab) looks(name, path string) {
	b.Helper()
	judged := os.Getenv("PARLEY_AXE") != ""
	for theme, bright := range map[string]func(int) bool{"light": func(n int) bool { return n > 200 }, "dark": func(n int) bool { return n < 60 }} {
		if paper := brightness(b.look(name, theme)); !bright(paper) {
			b.Errorf("%s: the paper has brightness %d in the %s theme", path, paper, theme)
		}
		if !judged {
			continue
		}
		if found := b.audit(theme == "dark"); found != "" {
			b.Errorf("%s, %s: axe-core finds\n%s", path, theme, found)
		}
	}
}
