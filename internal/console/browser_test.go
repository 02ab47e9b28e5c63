package console_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	_ "image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/console"
)

// tab is one tab of a real browser, driven over a pipe by the DevTools
// protocol.
type tab struct {
	*testing.T
	out     *os.File
	in      *bufio.Reader
	session string
	next    int
	told    []string // what the browser's console said
}

const (
	chromium    = "/usr/bin/chromium"
	browserTime = 5 * time.Minute // then it is stopped, and the test fails
)

func openTab(t *testing.T) *tab {
	t.Helper()
	if _, err := os.Stat(chromium); err != nil {
		t.Skip("no browser here: install Debian's package chromium to try the console in one")
	}
	toBrowser, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	in, fromBrowser, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "browser")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), browserTime)
	c := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
		"--hide-scrollbars", "--window-size=1400,1000", "--user-data-dir="+profile, "--remote-debugging-pipe")
	c.ExtraFiles = []*os.File{toBrowser, fromBrowser} // its descriptors 3 and 4
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	toBrowser.Close()
	fromBrowser.Close()
	b := &tab{T: t, out: out, in: bufio.NewReader(in)}
	t.Cleanup(func() {
		b.session = ""
		b.send("Browser.close", nil)
		_ = c.Wait() // it was told to go; how it went is its own affair
		cancel()
		out.Close()
		in.Close()
		_ = os.RemoveAll(profile) // a process of it that lingers may still write there
	})
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var session struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session)
	b.session = session.SessionID
	for _, domain := range []string{"Page", "Log", "Runtime"} {
		b.call(domain+".enable", nil, nil)
	}
	return b
}

type message struct {
	ID     int             `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  json.RawMessage `json:"error,omitempty"`

	SessionID string `json:"sessionId,omitempty"`
}

// send sends a command.
func (b *tab) send(method string, params any) {
	b.Helper()
	b.next++
	p, err := json.Marshal(params)
	if err != nil {
		b.Fatal(err)
	}
	m, err := json.Marshal(message{ID: b.next, Method: method, Params: p, SessionID: b.session})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := b.out.Write(append(m, 0)); err != nil {
		b.Fatal(err)
	}
}

// call sends a command and waits for its result.
func (b *tab) call(method string, params, result any) {
	b.Helper()
	b.send(method, params)
	m := b.until(func(m message) bool { return m.ID == b.next })
	if m.Error != nil {
		b.Fatalf("%s: %s", method, m.Error)
	}
	if result != nil {
		if err := json.Unmarshal(m.Result, result); err != nil {
			b.Fatal(err)
		}
	}
}

// until reads what the browser says up to the message that is waited for.
func (b *tab) until(is func(message) bool) message {
	b.Helper()
	for {
		text, err := b.in.ReadBytes(0)
		if err != nil {
			b.Fatal(err)
		}
		var m message
		if err := json.Unmarshal(bytes.TrimSuffix(text, []byte{0}), &m); err != nil {
			b.Fatal(err)
		}
		if m.Method == "Log.entryAdded" {
			b.told = append(b.told, string(m.Params))
		}
		if is(m) {
			return m
		}
	}
}

// leads does something that loads a page, and waits until it is there.
func (b *tab) leads(to string) {
	b.Helper()
	b.until(func(m message) bool { return m.Method == "Page.loadEventFired" })
	if at := b.eval("location.href"); !strings.HasSuffix(at, to) {
		b.Fatalf("the browser is at %s, not at %s", at, to)
	}
}

func (b *tab) open(url string) {
	b.Helper()
	b.call("Page.navigate", map[string]any{"url": url}, nil)
	b.leads(url)
}

// audit has axe-core look for what keeps people from using the page. It returns
// what it finds, a line each.
func (b *tab) audit() string {
	b.Helper()
	script, err := os.ReadFile(os.Getenv("PARLEY_AXE"))
	if err != nil {
		b.Fatal(err)
	}
	b.call("Runtime.evaluate", map[string]any{"expression": string(script)}, nil)
	return b.eval(`axe.run(document, {resultTypes: ["violations"]}).then(r => (r.passes.length < 10 ? "only " + r.passes.length + " rules were tried\n" : "") +
		r.violations.map(v => v.id + " (" + v.impact + "): " + v.help + "\n    " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + " " +
		n.any.concat(n.all, n.none).map(c => c.message).join("; ").slice(0, 300)).join("\n    ")).join("\n"))`)
}

// eval asks the page, as a person with the developer tools would.
func (b *tab) eval(script string) string {
	b.Helper()
	var r struct {
		Result           struct{ Value any }
		ExceptionDetails json.RawMessage
	}
	b.call("Runtime.evaluate", map[string]any{"expression": script, "awaitPromise": true}, &r)
	if r.ExceptionDetails != nil {
		b.Fatalf("%s: %s", script, r.ExceptionDetails)
	}
	return fmt.Sprint(r.Result.Value)
}

// theme sets what the system's theme is.
func (b *tab) theme(name string) {
	b.Helper()
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": name}}}, nil)
}

// signIn fills the form in and sends it.
func (b *tab) signIn(user, passphrase string) {
	b.Helper()
	b.eval(fmt.Sprintf(`document.querySelector("#user").value = %q; document.querySelector("#passphrase").value = %q; document.querySelector("form button").click()`, user, passphrase))
	b.leads("/")
}

// look takes a picture in one of the two themes; with PARLEY_SCREENSHOTS set
// to a folder it is kept there.
func (b *tab) look(name, theme string) image.Image {
	b.Helper()
	b.theme(theme)
	var shot struct{ Data []byte }
	b.call("Page.captureScreenshot", map[string]any{"format": "png"}, &shot)
	if dir := os.Getenv("PARLEY_SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+"-"+theme+".png"), shot.Data, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	img, _, err := image.Decode(bytes.NewReader(shot.Data))
	if err != nil {
		b.Fatal(err)
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
	b.eval(fmt.Sprintf(`document.querySelector("#user").value = %q; document.querySelector("#passphrase").value = %q`, north.Analyst, north.Passphrase()))
	b.told = nil // the browser notes that the page asked for a sign-in
	b.eval(`document.querySelector("form button").click()`)
	b.leads("/matches/M1")
	has(t, b.eval(`document.body.innerText`), "Both hold", "9 selectors")
	if got := b.eval(`document.cookie`); got != "" {
		t.Errorf("a script in the page could read the cookie %q", got)
	}
	for name, path := range browsed {
		b.open(s.URL() + path)
		if wide := b.eval(`document.documentElement.scrollWidth > document.documentElement.clientWidth`); wide != "false" {
			t.Errorf("%s runs out of the window", path)
		}
		light, dark := brightness(b.look(name, "light")), brightness(b.look(name, "dark"))
		if light < 200 || dark > 60 {
			t.Errorf("%s: the paper has brightness %d in the light theme and %d in the dark one", path, light, dark)
		}
	}
	b.eval(`document.querySelector(".who button").click()`)
	b.leads("/sign-in")
	if len(b.told) > 0 {
		t.Errorf("the browser complains: %s", strings.Join(b.told, "\n"))
	}
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
	b.told = nil // the browser notes that the page asked for a sign-in
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
	b.eval(`document.querySelector("#theme").value = "dark"; document.querySelector("#zone").value = "Asia/Beirut"; document.querySelector("main button").click()`)
	b.leads("/look")
	if paper := brightness(b.look("chosen", "light")); paper > 60 {
		t.Errorf("the dark theme was chosen, and the paper has brightness %d", paper)
	}
	if len(b.told) > 0 {
		t.Errorf("the browser complains: %s", strings.Join(b.told, "\n"))
	}
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
		b.call("Emulation.setEmulatedMedia", map[string]any{"media": "print"}, nil)
		if got := b.eval(`[...document.querySelectorAll("nav, .who, .filter, summary")].filter(e => e.checkVisibility()).length`); got != "0" {
			t.Errorf("%s is printed with %s parts that only a screen needs", name, got)
		}
		if got := b.eval(`[...document.querySelectorAll("figure table")].filter(e => e.getBoundingClientRect().height < 20).length`); got != "0" {
			t.Errorf("%s is printed without %s tables of drawings", name, got)
		}
		b.call("Emulation.setEmulatedMedia", map[string]any{"media": ""}, nil)
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
		if n := b.eval(`document.querySelectorAll("script:not([src='/palette.js'], [src='/bulk.js']), img, iframe, object, [onerror], [style]").length`); n != "0" {
			t.Errorf("%s has %s elements of an attacker", path, n)
		}
		b.look("hostile"+strings.ReplaceAll(path[:min(len(path), 12)], "/", "-"), "light")
	}
	if len(b.told) > 0 {
		t.Errorf("the browser complains: %s", strings.Join(b.told, "\n"))
	}
}

// brightness is that of the paper, in a corner where nothing stands.
func brightness(img image.Image) int {
	at := img.Bounds().Max
	r, g, b, _ := img.At(at.X-3, at.Y-3).RGBA()
	return int(r+g+b) / 3 >> 8
}

// Every page can be used with a keyboard, a screen reader and weak eyes, as far
// as a program can tell, in both themes.
func TestPagesAreAccessible(t *testing.T) {
	if os.Getenv("PARLEY_AXE") == "" {
		t.Skip("set PARLEY_AXE to axe.min.js of the npm package axe-core to have every page judged")
	}
	b := openTab(t)
	north, _ := parties(t)
	s := listen(t, north.Node(), console.ListenOptions{Addr: "127.0.0.1:0"})
	judge := func(path string) {
		b.open(s.URL() + path)
		if found := b.audit(); found != "" {
			t.Errorf("%s: axe-core finds\n%s", path, found)
		}
	}
	judge("/sign-in")
	b.eval(`document.querySelector("main").append(document.createElement("img"))`)
	if found := b.audit(); !strings.Contains(found, "image-alt") {
		t.Errorf("axe-core does not see a picture without words: %s", found)
	}
	b.open(s.URL() + "/sign-in")
	b.signIn(north.Analyst, north.Passphrase())
	b.theme("light")
	for _, path := range browsed {
		judge(path)
	}
	b.theme("dark")
	for _, name := range []string{"styleguide", "claim", "match", "timeline", "overview"} {
		judge(browsed[name])
	}
}
