package list

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"parley/internal/triage/corpus"
	"parley/selector"
)

// anySelectors draws selectors of every kind, with every character that their
// normal forms may have.
func anySelectors(t *rapid.T) []selector.Selector {
	raw := map[selector.Kind]*rapid.Generator[string]{
		selector.Phone:    rapid.StringMatching(`\+1202555[0-9]{4}|\+4930[0-9]{6,9}`),
		selector.Email:    rapid.StringMatching("[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,12}@[a-z0-9]{1,9}\\.(example|test|zz)"),
		selector.Telegram: rapid.StringMatching(`[a-z][a-z0-9_]{4,12}|\+[A-Za-z0-9_-]{8,22}`),
		selector.URL:      rapid.StringMatching(`https?://[a-z]{1,9}\.example(/[!-~]{0,12}){0,3}(\?[!-~]{0,12})?`),
		selector.SHA256:   rapid.StringMatching(`[0-9a-f]{64}`),
		selector.Domain:   rapid.StringMatching(`([a-z0-9_]{1,9}\.){1,3}[a-z]{2,5}`),
	}
	var all []selector.Selector
	for range rapid.IntRange(0, 12).Draw(t, "how many") {
		kind := rapid.SampledFrom(selector.Kinds()).Draw(t, "kind")
		if raw[kind] == nil {
			raw[kind] = rapid.SampledFrom(rawOfKind(kind))
		}
		if s, err := selector.Parse(kind, raw[kind].Draw(t, "raw"), selector.Options{}); err == nil {
			all = append(all, s)
		}
	}
	return all
}

// writers are the ways in which selectors are written.
var writers = map[string]func(io.Writer, []Entry) error{"table": WriteTable, "lines": WriteLines, "entries": WriteEntries}

// TestWhatGoesOutComesInAgain: whatever the selectors are, and whatever stands
// beside them.
func TestWhatGoesOutComesInAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anySelectors(t)
		var entries []Entry
		for _, s := range want {
			entries = append(entries, Entry{
				Selector: s, Findings: rapid.Int64Range(1, 99).Draw(t, "findings"),
				Source: rapid.String().Draw(t, "source"), Place: rapid.String().Draw(t, "place"),
			})
		}
		for name, write := range writers {
			var text bytes.Buffer
			if err := write(&text, entries); err != nil {
				t.Fatal(err)
			}
			var got []selector.Selector
			layout, err := Read(&text, Options{}, func(r Row) error { got = append(got, r.Selector); return nil },
				func(b BadLine) error { return fmt.Errorf("%s", b) })
			if err != nil || !slices.Equal(got, want) {
				t.Fatalf("%s: %v, %v (understood as %s); want %v", name, got, err, layout, want)
			}
			if len(want) > 0 && !Looks(written(t, write, entries)) {
				t.Fatalf("%s: it does not look like a list", name)
			}
		}
	})
}

func written(t *rapid.T, write func(io.Writer, []Entry) error, entries []Entry) []byte {
	var b bytes.Buffer
	if err := write(&b, entries); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestNoCellIsAFormula: whatever an enemy wrote, no cell of a table begins as a
// formula does, but for telephone numbers, which are digits and no more.
func TestNoCellIsAFormula(t *testing.T) {
	hostile := rapid.OneOf(rapid.String(), rapid.StringMatching("[=+@'\t\r-]{0,2}[!-~]{0,9}"))
	rapid.Check(t, func(t *rapid.T) {
		var entries []Entry
		for _, s := range append(anySelectors(t), selector.Selector{Kind: selector.Email, Value: "=cmd|x@mail.example"}) {
			entries = append(entries, Entry{Selector: s, Source: hostile.Draw(t, "source"), Place: hostile.Draw(t, "place")})
		}
		var text bytes.Buffer
		if err := WriteTable(&text, entries); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&text).ReadAll()
		if err != nil || len(rows) != len(entries)+1 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for i, row := range rows[1:] {
			for _, cell := range row {
				number := entries[i].Kind == selector.Phone && cell == entries[i].Value
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") && !number && strings.TrimLeft(cell, "+0123456789") != "" {
					t.Fatalf("%q would be a formula", cell)
				}
			}
		}
	})
}

func TestGuards(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "a": "a", "+12025550147": "+12025550147", "+": "'+", "+1a": "'+1a", "=1": "'=1", "-1": "'-1", "@a": "'@a", "\tx": "'\tx",
		"'=a": "''=a", "'": "''", "a=": "a=",
	} {
		if got := guarded(cell); got != want || unguarded(got) != cell {
			t.Errorf("%q is written %q, want %q; and read %q", cell, got, want, unguarded(got))
		}
	}
}

// FuzzRead: whatever a list is, what is read is in normal form and numbered in
// order; the same again is read the same; and nothing but a bad line or an error
// becomes of the rest.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"kind,value,note\nphone,+1 202-555-0147,ours\n", "\ufeff+1 202-555-0147\n@lamplight_demo_17\n", "value,imminent\n\"desk@museum.example.org\",maybe\n",
		"Name;Mobile;E-Mail\nA;202-555-0147;\n", wide("phone\temail\r\n202-555-0147\tdesk@museum.example.org\r\n", false), `[{"kind":"phone","value":"202-555-0147"}]`,
		"202-555-0147,202-555-0148\n", "a\n\"b\nc\n", "https://board.forum.test/a,b\n",
	} {
		for _, mapping := range []string{"", "value=1", "phone=Mobile,email=3"} {
			f.Add([]byte(text), mapping)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, mapping string) {
		opt := Options{Region: "US"}
		if mapping != "" {
			m, err := ParseMapping(strings.Split(mapping, ","))
			if err != nil {
				return
			}
			opt.Map = m
		}
		read := func() (rows []Row, bad []BadLine, err error) {
			line := 0
			layout, err := Read(bytes.NewReader(text), opt, func(r Row) error {
				if again, err := selector.Parse(r.Selector.Kind, r.Selector.Value, selector.Options{}); err != nil || again != r.Selector {
					t.Fatalf("line %d: %s is read again as %s, %v", r.Line, r.Selector, again, err)
				}
				if r.Line < 1 || r.Line < line || !utf8.ValidString(r.Note+r.Recipient+r.Raw) {
					t.Fatalf("line %d after line %d: %+v", r.Line, line, r)
				}
				line = r.Line
				rows = append(rows, r)
				return nil
			}, func(b BadLine) error {
				if b.Line < 1 || b.Problem == "" {
					t.Fatalf("%+v", b)
				}
				bad = append(bad, b)
				return nil
			})
			_ = layout.String()
			return rows, bad, err
		}
		rows, bad, err := read()
		again, badAgain, errAgain := read()
		if !slices.Equal(rows, again) || !slices.Equal(bad, badAgain) || fmt.Sprint(err) != fmt.Sprint(errAgain) {
			t.Fatalf("read twice, it is not the same: %v, %v", err, errAgain)
		}
		Looks(text)
	})
}

// rawOfKind gives values of a kind from texts in which it is known what stands.
func rawOfKind(kind selector.Kind) (all []string) {
	for _, l := range corpus.Lines(5, 30, 0) {
		for _, s := range l.Holds {
			if s.Kind == kind {
				all = append(all, s.Value)
			}
		}
	}
	return append(all, map[selector.Kind]string{selector.Word: "kill switch", selector.Pattern: "case-number=KX-2041"}[kind])
}
