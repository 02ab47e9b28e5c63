package console_test

import (
	"errors"
	"image"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parley/internal/browsertest"
	"parley/internal/console"
)

// chromiums is the one browser of all tests.
var chromiums = sync.OnceValues(func() (b *browsertest.Browser, err error) {
	opened, err = browsertest.Start()
	return opened, err
})

// opened is that browser, once a test opened it.
var opened *browsertest.Browser

// tab is one tab of a real browser.
type tab struct{ *browsertest.Tab }

func openTab(t *testing.T) *tab {
	t.Helper()
	b, err := chromiums()
	if errors.Is(err, browsertest.ErrNone) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &tab{b.Tab(t)}
}

func (b *tab) open(url string) {
	b.Helper()
	b.Open(url)
}

func (b *tab) eval(script string) string {
	b.Helper()
	return b.Eval(script)
}

// audit has axe-core look for what keeps people from using the page, or for its
// colours alone, which are all that the other theme changes. It returns what it
// finds, a line each.
func (b *tab) audit(colours bool) string {
	b.Helper()
	rules, least := `{resultTypes: ["violations"]}`, "10"
	if colours {
		rules, least = `{runOnly: ["color-contrast"], resultTypes: ["violations"]}`, "0"
	}
	script, err := os.ReadFile(os.Getenv("PARLEY_AXE"))
	if err != nil {
		b.Fatal(err)
	}
	b.Call("Runtime.evaluate", map[string]any{"expression": string(script)}, nil)
	return b.eval(`axe.run(document, ` + rules + `).then(r => (r.passes.length < ` + least + ` ? "only " + r.passes.length + " rules were tried\n" : "") +
		r.violations.map(v => v.id + " (" + v.impact + "): " + v.help + "\n    " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + " " +
		n.any.concat(n.all, n.none).map(c => c.message).join("; ").slice(0, 300)).join("\n    ")).join("\n"))`)
}

// signIn fills the form in and sends it.
func (b *tab) signIn(user, passphrase string) {
	b.Helper()
	b.fill("#user", user)
	b.fill("#passphrase", passphrase)
	b.press("form button", "/")
}

// look takes a picture in one of the two themes; with PARLEY_SCREENSHOTS set
// to a folder it is kept there.
func (b *tab) look(name, theme string) image.Image {
	b.Helper()
	b.Theme(theme)
	img, png := b.Picture()
	if dir := os.Getenv("PARLEY_SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+"-"+theme+".png"), png, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return img
}

// browsed are the pages that are opened in a browser, by short names.
var browsed = map[string]string{
	"overview": "/", "warnings": "/warnings", "warning": "/warnings/W1", "inbox": "/inbox", "letter": "/inbox/I4", "matches": "/matches", "match": "/matches/M1",
	"claims": "/claims", "claim": "/claims/note--ed092f9d-30ea-40a5-9393-fde915775840", "counts": "/counts", "evidence": "/evidence",
	"exhibit": "/evidence/E1", "artifacts": "/evidence/E1/artifacts", "finding": "/findings/F103", "ledger": "/ledger", "timeline": "/evidence/E1/timeline",
	"contacts": "/evidence/E1/contacts", "map": "/evidence/E1/map", "selectors": "/selectors", "releases": "/releases", "files": "/evidence/E1/files",
	"pictures":     "/evidence/E1/pictures",
	"all-contacts": "/evidence/E1/contacts/all", "all-events": "/evidence/E1/timeline/all", "all-places": "/evidence/E1/map/all", "styleguide": "/styleguide", "look": "/look",
	"users": "/users", "user": "/users/U1", "health": "/health", "choose": "/account/choose",
	"search": "/search", "help": "/help",
}

// A person signs in, reads and signs out in a real browser: its own forms are
// taken although no referrer is sent, the style applies under the policy, both
// themes are there, and the browser has nothing to complain about.
func TestInABrowser(t *testing.T) {
	b := openTab(t)
	north, _ := parties(t)
	s := listen(t, north.Node(), console.ListenOptions{Addr: "127.0.0.1:0"})
	b.open(s.URL() + "/matches/M1")
	b.fill("#user", north.Analyst)
	b.fill("#passphrase", north.Passphrase())
	b.Complaints() // the browser notes that the page asked for a sign-in
	b.press("form button", "/matches/M1")
	has(t, b.eval(`document.body.innerText`), "Both hold", "9 selectors")
	if got := b.eval(`document.cookie`); got != "" {
		t.Errorf("a script in the page could read the cookie %q", got)
	}
	b.press(".who button", "/sign-in")
	b.quiet()
	b.open(s.URL() + "/matches/M1")
	if text := b.eval(`document.body.innerText`); strings.Contains(text, "selectors") {
		t.Errorf("after signing out the page shows %s", text)
	}
}

// The design holds in both directions, with the letters of a real font: no page
// runs out of the window, every name is inside its box, and every text inside
// its picture.
func TestStyleGuideInABrowser(t *testing.T) {
	b := openTab(t)
	north, _ := parties(t)
	s := listen(t, north.Node(), console.ListenOptions{Addr: "127.0.0.1:0"})
	b.open(s.URL() + "/sign-in")
	b.signIn(north.Analyst, north.Passphrase())
	b.Complaints() // the browser notes that the page asked for a sign-in
	for _, name := range []string{"styleguide", "contacts", "claim", "timeline", "map"} {
		for _, direction := range []string{"ltr", "rtl"} {
			b.open(s.URL() + browsed[name])
			b.eval(`document.documentElement.dir = "` + direction + `"`)
			if wide := b.eval(`document.documentElement.scrollWidth > document.documentElement.clientWidth`); wide != "false" {
				t.Errorf("%s runs out of the window from %s", name, direction)
			}
			if out := b.eval(textsOutside); out != "" {
				t.Errorf("%s, %s: outside are %s", name, direction, out)
			}
			b.look(name+"-"+direction, "light")
		}
	}
	b.open(s.URL() + "/look")
	b.choose("#theme", "dark")
	b.fill("#zone", "Asia/Beirut")
	b.press("main button", "/look")
	if paper := brightness(b.look("chosen", "light")); paper > 60 {
		t.Errorf("the dark theme was chosen, and the paper has brightness %d", paper)
	}
	b.quiet()
}

// On paper a page has no menu, and every table is open, also that of a drawing.
func TestPrintedPages(t *testing.T) {
	b := openTab(t)
	north, _ := parties(t)
	s := listen(t, north.Node(), console.ListenOptions{Addr: "127.0.0.1:0"})
	b.open(s.URL() + "/sign-in")
	b.signIn(north.Analyst, north.Passphrase())
	for _, name := range []string{"claim", "timeline", "styleguide"} {
		b.open(s.URL() + browsed[name])
		b.Call("Emulation.setEmulatedMedia", map[string]any{"media": "print"}, nil)
		if got := b.eval(`[...document.querySelectorAll("nav, .who, .filter, summary")].filter(e => e.checkVisibility()).length`); got != "0" {
			t.Errorf("%s is printed with %s parts that only a screen needs", name, got)
		}
		if got := b.eval(`[...document.querySelectorAll("figure table")].filter(e => e.getBoundingClientRect().height < 20).length`); got != "0" {
			t.Errorf("%s is printed without %s tables of drawings", name, got)
		}
		b.Call("Emulation.setEmulatedMedia", map[string]any{"media": ""}, nil)
	}
}

// textsOutside names the texts of drawings that are not where they belong.
const textsOutside = `[...document.querySelectorAll("svg.drawing text")].filter(t => {
	const plate = t.parentNode.querySelector(":scope > .plate"), of = (plate || t.ownerSVGElement).getBoundingClientRect(), at = t.getBoundingClientRect();
	return at.width > 0 && (at.left < of.left - 1 || at.right > of.right + 1 || at.top < of.top - 2 || at.bottom > of.bottom + 2);
}).map(t => t.textContent).join(", ")`

// Hostile content stays text in a real browser too: nothing of it runs,
// nothing is loaded, and nothing is turned around.
func TestHostileContentInABrowser(t *testing.T) {
	b := openTab(t)
	n := hostileNode(t)
	s := listen(t, n, console.ListenOptions{Addr: "127.0.0.1:0"})
	b.open(s.URL() + "/sign-in")
	b.signIn("amira", passphrase)
	for _, path := range []string{"/claims", "/claims/note--44444444-4444-4444-8444-444444444444", "/counts", "/warnings/W1", "/evidence/E1", "/selectors"} {
		b.open(s.URL() + path) // a dialogue that a script opened would hold this up for ever
		has(t, b.eval(`document.body.innerText`), "U+202E")
		if n := b.eval(`document.querySelectorAll("script:not([src='/palette.js'], [src='/bulk.js'], [src='/live.js']), img, iframe, object, [onerror], [style]").length`); n != "0" {
			t.Errorf("%s has %s elements of an attacker", path, n)
		}
		b.look("hostile"+strings.ReplaceAll(path[:min(len(path), 12)], "/", "-"), "light")
	}
	b.quiet()
}

// brightness is that of the paper, in a corner where nothing stands.
func brightness(img image.Image) int {
	at := img.Bounds().Max
	r, g, b, _ := img.At(at.X-3, at.Y-3).RGBA()
	return int(r+g+b) / 3 >> 8
}

// Axe-core sees what it is asked to see, and the sign-in has nothing for it.
func TestTheSignInIsAccessible(t *testing.T) {
	if os.Getenv("PARLEY_AXE") == "" {
		t.Skip("set PARLEY_AXE to axe.min.js of the npm package axe-core to have every page judged")
	}
	b := openTab(t)
	b.open(served(t, newNode(t, "North")) + "/sign-in")
	if found := b.audit(false); found != "" {
		t.Errorf("axe-core finds\n%s", found)
	}
	b.eval(`document.querySelector("main").append(document.createElement("img")), 0`)
	if found := b.audit(false); !strings.Contains(found, "image-alt") {
		t.Errorf("axe-core does not see a picture without words: %s", found)
	}
}
