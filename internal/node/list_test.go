package node

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/store"
	"parley/selector"
)

func TestHowAListMayBeWritten(t *testing.T) {
	at := meet(t)
	mail := selector.Selector{Kind: selector.Email, Value: "desk@museum.example.org"}
	handle := selector.Selector{Kind: selector.Telegram, Value: "lamplight_demo_17"}
	for _, c := range []struct {
		name, text string
		want       []selector.Selector
	}{
		{"a header", "kind,value,note\nphone,+1 202-555-0147,ours\nemail,desk@museum.example.org,\n", []selector.Selector{phone(147), mail}},
		{"another order", "note,imminent,value,kind\nours,true,202-555-0147,phone\n,,desk@museum.example.org,email\n", []selector.Selector{phone(147), mail}},
		{"values alone", "value\n+1 202-555-0147\n", []selector.Selector{phone(147)}},
		{"capitals and spaces in the header", " Kind , VALUE \nphone, 202-555-0147\n", []selector.Selector{phone(147)}},
		{"unknown columns", "seen,value,who\ntwice,+1 202-555-0147,us\n", []selector.Selector{phone(147)}},
		{"no header", "+1 202-555-0147\ndesk@museum.example.org\n@lamplight_demo_17\n", []selector.Selector{phone(147), mail, handle}},
		{"comments and empty lines", "# ours\n\nvalue\n# more\n+1 202-555-0147\n\n", []selector.Selector{phone(147)}},
		{"a byte order mark", "\ufeffvalue,kind\n202-555-0147,phone\n", []selector.Selector{phone(147)}},
		{"a byte order mark before the kind", "\ufeffkind,value\ntelegram,lamplight_demo_17\n", []selector.Selector{handle}},
		{"a byte order mark and no header", "\ufeff+1 202-555-0147\n", []selector.Selector{phone(147)}},
		{"ends of line as Windows has them", "kind,value\r\nphone,202-555-0147\r\nemail,desk@museum.example.org\r\n", []selector.Selector{phone(147), mail}},
		{"no end of line", "kind,value\nphone,202-555-0147", []selector.Selector{phone(147)}},
		{"quotes", "kind,value,note\nphone,\"+1 202-555-0147\",\"the hall, \"\"day and night\"\"\"\n", []selector.Selector{phone(147)}},
		{"missing fields", "kind,value,note,imminent,recipient\nphone,202-555-0147\n", []selector.Selector{phone(147)}},
		{"nothing", "", nil},
	} {
		lines, err := at.North.readList(file(t, "list.csv", []byte(c.text)))
		var got []selector.Selector
		for _, l := range lines {
			got = append(got, l.selector)
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v; want %v", c.name, got, err, c.want)
		}
	}
}

// TestABadLineIsNamedAndNothingIsKept says which line, so that a person can
// mend it.
func TestABadLineIsNamedAndNothingIsKept(t *testing.T) {
	at := meet(t)
	for _, c := range []struct {
		name, text, says string
	}{
		{"no selector", "value\n+1 202-555-0147\nnonsense\n", "line 3"},
		{"after comments and a field of two lines", "# a\nvalue,note\n+1 202-555-0147,\"one\ntwo\"\n\nnonsense\n", "line 6"},
		{"no header", "+1 202-555-0147\nnonsense\n", "line 2"},
		{"another kind", "kind,value\nemail,+1 202-555-0147\n", "line 2"},
		{"no such kind", "kind,value\nsmoke,+1 202-555-0147\n", "line 2"},
		{"no value", "kind,value\nphone,\n", "line 2"},
		{"imminent is a word", "value,imminent\n+1 202-555-0147,soon\n", "line 2: imminent"},
		{"a quote that does not end", "value\n\"+1 202-555-0147\n", "line 2"},
		{"a quote in the middle", "value\n+1 202\"-555-0147\n", "line 2"},
		{"a value without end", "value\n" + strings.Repeat("1", maxListLine+1) + "\n", "line 2: a value of"},
	} {
		for _, load := range []func(string) error{
			func(path string) error { _, err := at.North.Import(t.Context(), path, ""); return err },
			func(path string) error { _, _, err := at.North.WatchList(t.Context(), path); return err },
		} {
			err := load(file(t, "list.csv", []byte(c.text)))
			if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "list.csv") {
				t.Errorf("%s: got %.300v, want it to name list.csv and say %q", c.name, err, c.says)
			}
		}
	}
	if got := counted(t, at.North); got.Selectors != 0 {
		t.Errorf("%d selectors of lists that were refused", got.Selectors)
	}
	if watched, err := at.North.Watches(t.Context()); err != nil || len(watched) != 0 {
		t.Errorf("%d watches of lists that were refused, %v", len(watched), err)
	}
}

func TestAListThatIsTooLong(t *testing.T) {
	b := &bounded{r: strings.NewReader("abcdef"), left: 4}
	got := make([]byte, 10)
	if n, err := b.Read(got); n != 4 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if _, err := b.Read(got); err == nil {
		t.Error("the rest of a list that is too long was left out without a word")
	}
}

// TestWhereAListSaysIt keeps the line and the note of each selector.
func TestWhereAListSaysIt(t *testing.T) {
	at := meet(t)
	path := file(t, "watch.csv", []byte("# ours\nkind,value,note\nphone,202-555-0147,the hall\n"))
	sum, err := at.North.Import(t.Context(), path, "")
	must(t, err)
	found, err := at.North.Findings(t.Context(), phone(147))
	must(t, err)
	if sum.Selectors != 1 || len(found) != 1 {
		t.Fatalf("%+v and %d findings", sum, len(found))
	}
	want := store.Finding{ID: found[0].ID, Selector: phone(147), List: filepath.Base(path), Place: "watch.csv line 3", Raw: "202-555-0147", Context: "the hall"}
	if found[0] != want {
		t.Errorf("%+v, want %+v", found[0], want)
	}
}

// TestAnyListIsReadInAnyOrderOfColumns writes the same lines with the columns
// in any order, and reads the same.
func TestAnyListIsReadInAnyOrderOfColumns(t *testing.T) {
	at := meet(t)
	dir := t.TempDir()
	number := 0
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.Permutation([]string{"kind", "value", "note", "imminent", "recipient"}).Draw(t, "columns")
		lines := rapid.SliceOfN(rapid.IntRange(100, 199), 1, 20).Draw(t, "lines")
		text := strings.Builder{}
		text.WriteString(strings.Join(columns, ",") + "\n")
		for _, last := range lines {
			fields := map[string]string{
				"kind": "phone", "value": fmt.Sprintf("202-555-%04d", last), "note": fmt.Sprintf("note %d", last),
				"imminent": fmt.Sprint(last%2 == 0), "recipient": "the hall",
			}
			row := make([]string, len(columns))
			for i, c := range columns {
				row[i] = fields[c]
			}
			text.WriteString(strings.Join(row, ",") + "\n")
		}
		number++
		path := filepath.Join(dir, fmt.Sprintf("%d.csv", number))
		if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := at.North.readList(path)
		if err != nil || len(got) != len(lines) {
			t.Fatalf("%d lines, %v; want %d", len(got), err, len(lines))
		}
		for i, last := range lines {
			want := line{i + 2, fmt.Sprintf("202-555-%04d", last), phone(last), fmt.Sprintf("note %d", last), "the hall", last%2 == 0}
			if got[i] != want {
				t.Fatalf("line %d: %+v, want %+v", i+2, got[i], want)
			}
		}
	})
}
