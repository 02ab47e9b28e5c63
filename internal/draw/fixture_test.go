package draw_test

import (
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/draw"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a drawing and its table with a file that a browser shows.
func golden(t *testing.T, name string, d draw.Drawing) {
	t.Helper()
	got := strings.ReplaceAll(string(d.SVG), "><", ">\n<") + "\n" + d.Note + "\n" + strings.ReplaceAll(string(d.HTML()), "<tr", "\n<tr") + "\n"
	name = "testdata/" + name + ".golden"
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v: run the test with -update, and look at what it draws", err)
	}
	if got != string(want) {
		t.Errorf("%s is drawn otherwise: run the test with -update, and look at it", name)
	}
}

// What a picture may be made of.
var (
	elements   = strings.Fields("svg title desc g a rect line circle ellipse path text")
	attributes = strings.Fields(`xmlns class viewBox width height role direction fill font-size font-family d stroke stroke-width stroke-dasharray x y x1 x2 y1 y2
		cx cy r rx ry text-anchor unicode-bidi href stroke-linejoin fill-opacity`)
)

// sound checks what holds of every picture: it is XML of known elements, every
// number in it is one, nothing in it leads elsewhere, and nothing hides.
func sound(t interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}, d draw.Drawing,
) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(string(d.SVG)))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("the picture is no XML: %v\n%s", err, d.SVG)
		}
		start, is := token.(xml.StartElement)
		if !is {
			continue
		}
		if !slices.Contains(elements, start.Name.Local) {
			t.Errorf("the picture has an element %s", start.Name.Local)
		}
		for _, a := range start.Attr {
			if !slices.Contains(attributes, a.Name.Local) {
				t.Errorf("the picture has an attribute %s", a.Name.Local)
			}
			if a.Name.Local == "href" && (strings.HasPrefix(a.Value, "//") || !strings.ContainsAny(a.Value[:1], "/?#")) {
				t.Errorf("the picture leads to %q", a.Value)
			}
			if a.Name.Local != "class" && a.Name.Local != "href" && (strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf")) {
				t.Errorf("the picture has %s %q", a.Name.Local, a.Value)
			}
		}
	}
	for _, r := range "\u202e\u202d\u200b\u200f\u2066\ufeff\u00ad\u0007\u0000" {
		if strings.ContainsRune(string(d.SVG)+string(d.HTML()), r) {
			t.Errorf("the picture has the hidden character %U", r)
		}
	}
}

// insidePicture checks that every text, box and mark begins within the view
// box, and ends there as far as the picture knows.
func insidePicture(t *rapid.T, d draw.Drawing) {
	decoder := xml.NewDecoder(strings.NewReader(string(d.SVG)))
	for {
		token, err := decoder.Token()
		if err != nil {
			return
		}
		start, is := token.(xml.StartElement)
		if !is || start.Name.Local == "svg" {
			continue
		}
		v := map[string]float64{}
		for _, a := range start.Attr {
			if f, err := strconv.ParseFloat(a.Value, 64); err == nil {
				v[a.Name.Local] = f
			}
		}
		left, top := min(v["x"], v["x1"]), min(v["y"], v["y1"])
		right, bottom := max(v["x"]+v["width"], v["x2"], v["cx"]), max(v["y"]+v["height"], v["y2"], v["cy"])
		if start.Name.Local == "circle" || start.Name.Local == "ellipse" { // what a round sign has beyond its middle may be cut off
			left, top = v["cx"], v["cy"]
		}
		if left < -0.1 || top < -0.1 || right > float64(d.Width)+1 || bottom > float64(d.Height)+1 {
			t.Fatalf("%s %v lies outside of %d×%d", start.Name.Local, v, d.Width, d.Height)
		}
	}
}

// hostile is what enemies write where they are asked for a name.
var hostile = []string{
	"<script>alert(1)</script>", `"'><img src=x onerror=alert(1)>`, "]]><svg onload=alert(1)>", "invoice\u202egpj.exe\u200b", "\xff\xfe", "\x00\x01", "",
	strings.Repeat("W", 4000), strings.Repeat("عمر ", 900), "javascript:alert(1)", "&#0;", "a\u0301\u0302\u0303\u0304\u0305\u0306\u0307", "\U0001F469\u200d\U0001F680",
}

var people = []string{"Amira Haddad", "نورة بترسون", "Gabriel", "Wolfeschlegelsteinhausenbergerdorff the Elder", "José Hernández de la Cruz y Montenegro", "דניאל לוי", "陈小明", "Q."}

// contacts is who wrote to whom, of so many people.
func contacts(n int) draw.Graph {
	random := rand.New(rand.NewPCG(7, uint64(n)))
	g := draw.Graph{Title: "Contacts", Description: "Who wrote to whom."}
	for i := range n {
		g.Nodes = append(g.Nodes, draw.Node{ID: fmt.Sprint(i), Label: fmt.Sprintf("%s %d", people[i%len(people)], i), Kind: []draw.Kind{draw.Person, draw.Account, draw.Group}[i%3], Link: fmt.Sprintf("/selectors/S%d", i+1)})
		if i == 0 {
			continue
		}
		for range 1 + random.IntN(2) {
			to := int(float64(i) * random.Float64() * random.Float64())
			g.Edges = append(g.Edges, draw.Edge{From: fmt.Sprint(i), To: fmt.Sprint(to), Weight: float64(1 + random.IntN(30)), Directed: random.IntN(2) == 0})
		}
	}
	return g
}
