package console_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"parley/internal/console"
)

// The data of a canvas is at an address of its own, for whoever is signed in; its
// nodes have the numbers of the table's rows, and the page stays small.
func TestScenes(t *testing.T) {
	b := atNorth(t)
	a := b.get("/evidence/E1/contacts/all.json")
	var scene struct {
		X, Y  []float64
		Label []string
		Kinds []string
		From  []int
	}
	if err := json.Unmarshal([]byte(a.body), &scene); err != nil || a.status != http.StatusOK {
		t.Fatal(a.status, err)
	}
	if len(scene.X) < 5 || len(scene.X) != len(scene.Label) || len(scene.From) == 0 {
		t.Errorf("%d nodes, %d names, %d edges", len(scene.X), len(scene.Label), len(scene.From))
	}
	page := b.get("/evidence/E1/contacts/all")
	if n := strings.Count(page.body, "data-node="); n != len(scene.X) || len(page.body) > 200_000 {
		t.Errorf("%d rows of %d nodes, %d bytes", n, len(scene.X), len(page.body))
	}
	has(t, reads(t, page.body), scene.Label[0])
	for _, path := range []string{"/evidence/E1/contacts/all.json", "/evidence/E1/timeline/all.json", "/evidence/E1/map/all.json", "/styleguide/canvas.json"} {
		if a := another(t, b.base).get(path); a.status != http.StatusUnauthorized || strings.Contains(a.body, `"x":`) {
			t.Errorf("%s answered %d without a sign-in", path, a.status)
		}
	}
	if a := b.get("/evidence/E99/contacts/all.json"); a.status != http.StatusNotFound {
		t.Errorf("evidence that there is not answered %d", a.status)
	}
	if a := b.inArabic().get("/evidence/E1/contacts/all.json"); !strings.Contains(a.body, "حساب") {
		t.Error("the kinds are not in Arabic")
	}
}

// A person reaches every node of a canvas by keys, moves it and zooms; nothing is
// drawn before it is loaded, and nothing moves by itself.
func TestCanvasInABrowser(t *testing.T) {
	b := openTab(t)
	north, _ := parties(t)
	s := listen(t, north.Node(), console.ListenOptions{Addr: "127.0.0.1:0"})
	b.open(s.URL() + "/sign-in")
	b.signIn(north.Analyst, north.Passphrase())
	b.Complaints() // the browser notes that the page asked for a sign-in
	for path, nodes := range map[string]string{"/styleguide": "1200", "/evidence/E1/contacts/all": "", "/evidence/E1/timeline/all": "", "/evidence/E1/map/all": ""} {
		b.open(s.URL() + path)
		if drawn := b.eval(whenDrawn); nodes != "" && drawn != nodes || drawn == "0" {
			t.Fatalf("%s: %s nodes are drawn", path, drawn)
		}
		whole := b.eval(inked)
		if whole == "0" {
			t.Errorf("%s: nothing is on the canvas", path)
		}
		if again := b.eval(inked); again != whole {
			t.Errorf("%s: it moved by itself", path)
		}
		b.eval(`document.querySelector("canvas").focus()`)
		for _, key := range []string{"+", "+", "ArrowLeft"} {
			b.strike(key)
		}
		if closer := b.eval(inked); closer == whole {
			t.Errorf("%s: keys do not zoom", path)
		}
		b.strike("n")
		first := b.eval(`document.querySelector("[role=status] [dir=auto]").textContent`)
		b.strike("n")
		if next := b.eval(`document.querySelector("[role=status] [dir=auto]").textContent`); first == "" || next == first {
			t.Errorf("%s: n goes from %q to %q", path, first, next)
		}
		b.look("canvas"+strings.ReplaceAll(path, "/", "-"), "light")
	}
	b.open(s.URL() + "/evidence/E1/contacts/all")
	b.eval(whenDrawn)
	if said := b.eval(`(document.querySelectorAll("a[data-node]")[2].click(), document.querySelector("[role=status] [dir=auto]").textContent.slice(0, 12) === document.querySelectorAll("tbody tr")[2].cells[1].innerText.slice(0, 12))`); said != "true" {
		t.Error("the table's third row does not choose its node")
	}
	b.quiet()
}

const (
	// whenDrawn waits for the picture and says of how many nodes it is.
	whenDrawn = `new Promise((done) => { const look = () => { const n = document.querySelector("canvas").dataset.drawn; n === undefined ? requestAnimationFrame(look) : done(n); }; look(); })`
	// inked is a sum over what is on the canvas, in the next picture but one; 0 for an
	// empty one.
	inked = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => { const c = document.querySelector("canvas"), empty = document.createElement("canvas"); empty.width = c.width; empty.height = c.height; const text = c.toDataURL(); done(text === empty.toDataURL() ? 0 : [...text].reduce((sum, l) => (sum * 31 + l.charCodeAt(0)) % 1000003, 7)); })))`
)

// strike presses a key, as a person does.
func (b *tab) strike(key string) {
	b.Helper()
	text := ""
	if len(key) == 1 {
		text = key
	}
	for _, kind := range []string{"keyDown", "keyUp"} {
		b.Call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": key, "text": text}, nil)
	}
}
