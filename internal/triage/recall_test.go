package triage_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"parley/internal/triage"
	"parley/internal/triage/corpus"
	"parley/selector"
)

var updateRecall = flag.Bool("update-recall", false, "write the table of recall and precision in docs/formats/selectors.md anew")

// Of each kind so many values are planted, and so many look-alikes put beside them.
const eachKind = 150

// Below these the test fails, whatever the table says.
const (
	leastRecall    = 0.98
	leastPrecision = 0.97
)

// carrier is a way in which text lies in evidence.
type carrier struct {
	name  string
	write func(t *testing.T, lines []corpus.Line) []byte // nil for lines that it cannot carry
}

// linesEach is how many lines one file of evidence has.
const linesEach = 40

func carriers() []carrier {
	text := func(t *testing.T, lines []corpus.Line) []byte { return []byte(joinLines(lines)) }
	page := func(c *charmap.Charmap) func(*testing.T, []corpus.Line) []byte {
		return func(t *testing.T, lines []corpus.Line) []byte {
			raw, err := c.NewEncoder().Bytes([]byte(joinLines(lines)))
			if err != nil {
				return nil
			}
			return raw
		}
	}
	utf16 := func(order binary.AppendByteOrder, mark int) func(*testing.T, []corpus.Line) []byte {
		return func(t *testing.T, lines []corpus.Line) []byte { return utf16Of(joinLines(lines), order)[mark:] }
	}
	return []carrier{
		{"utf-8.txt", text},
		{"utf-16le.txt", utf16(binary.LittleEndian, 0)},
		{"utf-16be.txt", utf16(binary.BigEndian, 0)},
		{"utf-16le-unmarked.txt", utf16(binary.LittleEndian, 2)},
		{"utf-16be-unmarked.txt", utf16(binary.BigEndian, 2)},
		{"windows-1251.txt", page(charmap.Windows1251)},
		{"koi8-r.txt", page(charmap.KOI8R)},
		{"windows-1256.txt", page(charmap.Windows1256)},
		{"iso-8859-6.txt", page(charmap.ISO8859_6)},
		{"export.json", jsonLines},
		{"records.db", sqliteLines},
		{"archive.zip", func(t *testing.T, lines []corpus.Line) []byte {
			return zipOf(t, entry{name: "notes/a.txt", content: joinLines(lines)})
		}},
		{"nested.zip", func(t *testing.T, lines []corpus.Line) []byte {
			inner := zipOf(t, entry{name: "b.txt", content: string(utf16Of(joinLines(lines), binary.LittleEndian))})
			return zipOf(t, entry{name: "inner.zip", content: string(inner), store: true})
		}},
		{"notes.txt.gz", func(t *testing.T, lines []corpus.Line) []byte {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			fmt.Fprint(w, joinLines(lines))
			w.Close()
			return b.Bytes()
		}},
	}
}

func joinLines(lines []corpus.Line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.Text + "\n")
	}
	return b.String()
}

func jsonLines(t *testing.T, lines []corpus.Line) []byte {
	var all []map[string]string
	for _, l := range lines {
		all = append(all, map[string]string{l.Field: l.Bare})
	}
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func sqliteLines(t *testing.T, lines []corpus.Line) []byte {
	var statements []string
	for n, l := range lines {
		statements = append(statements, fmt.Sprintf(`CREATE TABLE t%d (%s TEXT)`, n, l.Field),
			fmt.Sprintf(`INSERT INTO t%d VALUES ('%s')`, n, strings.ReplaceAll(l.Bare, "'", "''")))
	}
	return databaseOf(t, append(append([]string{"BEGIN"}, statements...), "COMMIT")...)
}

// score is what was found of one kind.
type score struct{ planted, found, alike, wrong int }

// document is what one file of evidence holds.
type document struct {
	want map[selector.Selector]int
	may  int // pages and hosts that look-alikes truly hold
}

// TestRecallAndPrecision plants selectors of every kind, in every script and
// encoding, behind containers, between what only looks like them, and holds what
// triage finds to the table in the documents.
func TestRecallAndPrecision(t *testing.T) {
	folder := t.TempDir()
	scores := map[selector.Kind]*score{}
	for _, k := range selector.Kinds() {
		scores[k] = &score{}
	}
	documents := plantLines(t, folder, scores)
	r, _ := run(t, folder, triage.Options{Region: corpus.Region})
	for _, f := range r.findings {
		d, s := documents[f.Place.Chain[1]], scores[f.Selector.Kind]
		switch {
		case d.want[f.Selector] > 0:
			d.want[f.Selector]--
			s.found++
		case d.may > 0 && (f.Selector.Kind == selector.URL || f.Selector.Kind == selector.Domain):
			d.may--
		default:
			s.wrong++
			if testing.Verbose() {
				t.Logf("wrong: %s at %s in %q", f.Selector, f.Place, f.Context)
			}
		}
	}
	for name, d := range documents {
		for s, n := range d.want {
			if n > 0 && testing.Verbose() {
				t.Logf("missed in %s: %s", name, s)
			}
		}
	}
	for _, f := range r.faults {
		t.Errorf("fault %s: %s", f.Place, f.Problem)
	}
	checkTable(t, scores)
}

// plantLines writes all lines into files of evidence.
func plantLines(t *testing.T, folder string, scores map[selector.Kind]*score) map[string]*document {
	documents := map[string]*document{}
	waiting := make([][]corpus.Line, len(carriers()))
	flush := func(n int) {
		c, lines := carriers()[n], waiting[n]
		waiting[n] = nil
		if len(lines) == 0 {
			return
		}
		name := fmt.Sprintf("%04d-%s", len(documents), c.name)
		if err := os.WriteFile(filepath.Join(folder, name), c.write(t, lines), 0o600); err != nil {
			t.Fatal(err)
		}
		d := &document{want: map[selector.Selector]int{}}
		for _, l := range lines {
			for _, s := range l.Holds {
				d.want[s]++
				scores[s.Kind].planted++
			}
			if l.May {
				d.may++
			}
			if len(l.Holds) == 0 {
				scores[l.About].alike++
			}
		}
		documents[name] = d
	}
	next := 0
	for _, l := range corpus.Lines(1, eachKind, eachKind) {
		for { // the next carrier that can carry the line
			next = (next + 1) % len(waiting)
			if carries(t, carriers()[next], l) {
				break
			}
		}
		if waiting[next] = append(waiting[next], l); len(waiting[next]) == linesEach {
			flush(next)
		}
	}
	for n := range waiting {
		flush(n)
	}
	return documents
}

// carries: a code page carries lines of its own script.
func carries(t *testing.T, c carrier, l corpus.Line) bool {
	script := map[string]corpus.Script{
		"windows-1251.txt": corpus.Cyrillic, "koi8-r.txt": corpus.Cyrillic, "windows-1256.txt": corpus.Arabic, "iso-8859-6.txt": corpus.Arabic,
	}[c.name]
	return script == "" || script == l.Script && l.ASCII && c.write(t, []corpus.Line{l}) != nil
}

const (
	tableBegins = "<!-- recall begins -->\n"
	tableEnds   = "<!-- recall ends -->\n"
)

// checkTable holds the scores to the least, and to the table in the documents.
func checkTable(t *testing.T, scores map[selector.Kind]*score) {
	var b strings.Builder
	b.WriteString("| kind | planted | found | recall | look-alikes | wrong | precision |\n|---|---|---|---|---|---|---|\n")
	planted, alike := 0, 0
	for _, k := range selector.Kinds() {
		s := *scores[k]
		if s.planted == 0 {
			continue
		}
		planted, alike = planted+s.planted, alike+s.alike
		recall, precision := float64(s.found)/float64(s.planted), float64(s.found)/float64(max(s.found+s.wrong, 1))
		fmt.Fprintf(&b, "| %s | %d | %d | %.3f | %d | %d | %.3f |\n", k, s.planted, s.found, recall, s.alike, s.wrong, precision)
		if recall < leastRecall || precision < leastPrecision {
			t.Errorf("%s: recall %.3f, precision %.3f: want at least %.2f and %.2f", k, recall, precision, leastRecall, leastPrecision)
		}
	}
	if planted < 5000 || alike < 5000 {
		t.Errorf("%d selectors planted and %d look-alikes: want 5,000 of each", planted, alike)
	}
	page := filepath.Join("..", "..", "docs", "formats", "selectors.md")
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), tableBegins)
	table, after, ends := strings.Cut(rest, tableEnds)
	if !found || !ends {
		t.Fatalf("%s has no table of recall", page)
	}
	if *updateRecall {
		if err := os.WriteFile(page, []byte(before+tableBegins+b.String()+tableEnds+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if table != b.String() {
		t.Errorf("the table in %s says otherwise: go test ./internal/triage -run Recall -update-recall\n%s", page, b.String())
	}
}
