package node

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/intake"
	"parley/internal/list"
	"parley/internal/store"
	"parley/selector"
)

// listed brings a list in.
func listed(t testing.TB, n *Node, path string, opt ImportOptions) (sum Imported, err error) {
	t.Helper()
	opt.As = AsList
	err = n.BringIn(t.Context(), path, opt, func(one Imported) error { sum = one; return nil })
	return sum, err
}

// TestABadLineIsNamedAndNothingIsKept says which lines, all of them, so that a
// person can mend them at once.
func TestABadLineIsNamedAndNothingIsKept(t *testing.T) {
	at := meet(t)
	many := "value\n" + strings.Repeat("nonsense\n", 30)
	for _, c := range []struct {
		name, text string
		says       []string
	}{
		{"one line", "value\n+1 202-555-0147\nnonsense\n", []string{"read list list.csv: line 3: read selector"}},
		{"several", "kind,value\nsmoke,x\nphone,+1 202-555-0147\nemail,desk\n", []string{"2 lines are wrong: line 2: kind \"smoke\"", "; line 4: read email", "--skip-bad"}},
		{"very many", many, []string{"30 lines are wrong: line 2:", "line 21:", "and 10 more"}},
		{"columns that are not clear", "value,ioc\n1,2\n", []string{"read list list.csv: the columns"}},
	} {
		for what, load := range map[string]func(string) error{
			"imported": func(path string) error { _, err := listed(t, at.North, path, ImportOptions{}); return err },
			"watched":  func(path string) error { _, err := at.North.WatchList(t.Context(), path, ImportOptions{}); return err },
		} {
			err := load(file(t, "list.csv", []byte(c.text)))
			for _, says := range c.says {
				if err == nil || !strings.Contains(err.Error(), says) {
					t.Errorf("%s, %s: got %.300v, want %q", c.name, what, err, says)
				}
			}
			if err != nil && strings.Contains(err.Error(), "line 22") {
				t.Errorf("%s: more lines are named than a person reads", c.name)
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

// TestBadLinesMayBeSkipped, and are listed then.
func TestBadLinesMayBeSkipped(t *testing.T) {
	at := meet(t)
	path := file(t, "list.csv", []byte("phone,note\n+1 202-555-0147,a\n12,b\n+1 202-555-0148,c\n,d\n"))
	sum, err := listed(t, at.North, path, ImportOptions{SkipBad: true})
	if err != nil || sum.Selectors != 2 || sum.LeftOut != 2 || len(sum.Skipped) != 2 || sum.Skipped[0].Line != 3 || sum.Skipped[1].Line != 5 {
		t.Errorf("%+v, %v", sum, err)
	}
	got, err := at.North.WatchList(t.Context(), path, ImportOptions{SkipBad: true})
	if err != nil || got.Watched != 2 || got.LeftOut != 2 {
		t.Errorf("watched: %+v, %v", got, err)
	}
}

// TestADryRunKeepsNothing and says what would be kept.
func TestADryRunKeepsNothing(t *testing.T) {
	at := meet(t)
	before, head := counted(t, at.North), entries(t, at.North)
	path := file(t, "list.csv", []byte("Mobile;E-Mail;Remark\n202-555-0147;desk@museum.example.org;x\n202-555-0148;;\n"))
	sum, err := listed(t, at.North, path, ImportOptions{DryRun: true})
	if err != nil || !sum.DryRun || sum.Selectors != 3 || sum.Kinds[selector.Phone] != 2 || sum.Kinds[selector.Email] != 1 {
		t.Errorf("%+v, %v", sum, err)
	}
	if got := sum.Layout.String(); got != `"Mobile" phone, "E-Mail" email, "Remark" note` {
		t.Errorf("understood as %s", got)
	}
	if got, err := at.North.WatchList(t.Context(), path, ImportOptions{DryRun: true}); err != nil || got.Watched != 3 || !got.DryRun {
		t.Errorf("watched: %+v, %v", got, err)
	}
	for _, c := range []struct {
		name string
		text []byte
	}{{"report.json", bundle(reportObject(1, "call +1 202-555-0147"))}, {"phone.bin", []byte{0}}} {
		err := at.North.BringIn(t.Context(), file(t, c.name, c.text), ImportOptions{DryRun: true}, func(one Imported) error { sum = one; return nil })
		if err != nil || !sum.DryRun || sum.SHA256 == "" {
			t.Errorf("%s: %+v, %v", c.name, sum, err)
		}
	}
	if counted(t, at.North) != before || entries(t, at.North) != head {
		t.Error("a dry run left something in the store")
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

// TestAListAgainAddsWhatIsNew: a list that has grown, and one of another name.
func TestAListAgainAddsWhatIsNew(t *testing.T) {
	at := meet(t)
	for _, c := range []struct {
		name, text       string
		selectors, known int
	}{
		{"list.csv", "value,note\n202-555-0147,a\n202-555-0148,\n202-555-0147,a\n", 2, 1},
		{"list.csv", "value,note\n202-555-0149,\n202-555-0147,a\n202-555-0148,now with a note\n", 2, 1},
		{"other.csv", "value,note\n202-555-0147,a\n", 1, 0},
	} {
		sum, err := listed(t, at.North, file(t, c.name, []byte(c.text)), ImportOptions{})
		if err != nil || sum.Selectors != c.selectors || sum.Known != c.known {
			t.Errorf("%s: %+v, %v; want %d and %d known", c.name, sum, err, c.selectors, c.known)
		}
	}
}

// TestALongListComesInBatches, of which the ledger tells when the first is kept
// and when the last is.
func TestALongListComesInBatches(t *testing.T) {
	at := meet(t)
	var text strings.Builder
	const rows = 1200
	for i := range rows {
		fmt.Fprintf(&text, "desk%d@museum.example.org\n", i)
	}
	path := file(t, "long.txt", []byte(text.String()))
	head := entries(t, at.North)
	for again := range 2 {
		sum, err := listed(t, at.North, path, ImportOptions{batch: 500})
		if want := [2]int{rows, 0}; err != nil || sum.Selectors != want[again] || sum.Known != want[1-again] {
			t.Errorf("%+v, %v", sum, err)
		}
	}
	if got := strings.Join(ledger(t, at.North, head+1), " "); got != "import.list.begin import.list import.list.begin import.list" {
		t.Errorf("the ledger says %s", got)
	}
	if got, err := at.North.WatchList(t.Context(), path, ImportOptions{batch: 500}); err != nil || got.Watched != rows {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestAListThatChangesWhileItIsRead is not kept as it is then.
func TestAListThatChangesWhileItIsRead(t *testing.T) {
	at := meet(t)
	path := file(t, "list.csv", []byte("value\n202-555-0147\n"))
	src, err := intake.Open(t.Context(), path, intake.Options{})
	must(t, err)
	l, err := at.North.readList(t.Context(), src, ImportOptions{})
	must(t, err)
	for _, text := range []string{"value\n202-555-0148\n", "value\n", "value\n202-555-0147\n202-555-0148\n"} {
		rewrite(t, path, text)
		err := l.batches(t.Context(), func([]list.Row, bool) error { t.Error("it was kept"); return nil })
		wants(t, fmt.Sprintf("%q", text), err, errMoved)
	}
}
