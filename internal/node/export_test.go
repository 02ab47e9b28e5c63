package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/store"
	"parley/internal/triage/corpus"
	"parley/selector"
	"parley/stix"
)

// exported writes selectors out and gives the text.
func exported(t testing.TB, n *Node, e Export) (string, Exported) {
	t.Helper()
	var text bytes.Buffer
	e.To = "a file"
	out, err := n.ExportSelectors(t.Context(), e, &text)
	must(t, err)
	return text.String(), out
}

func heldSelectors(t testing.TB, n *Node) (all []selector.Selector) {
	t.Helper()
	held, err := n.Selectors(t.Context(), store.Scope{})
	must(t, err)
	for _, h := range held {
		all = append(all, h.Selector)
	}
	return all
}

// TestWhatGoesOutComesInAgain writes any selectors in every format, and brings
// them into another node.
func TestWhatGoesOutComesInAgain(t *testing.T) {
	raw := map[selector.Kind]*rapid.Generator[string]{
		selector.Phone:    rapid.StringMatching(`\+1202555[0-9]{4}|\+4930[0-9]{6,9}`),
		selector.Email:    rapid.StringMatching("[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,12}@[a-z0-9]{1,9}\\.(example|test|zz)"),
		selector.Telegram: rapid.StringMatching(`[a-z][a-z0-9_]{4,12}|\+[A-Za-z0-9_-]{8,22}`),
		selector.URL:      rapid.StringMatching(`https?://[a-z]{1,9}\.example(/[a-z,;|'"=]{0,12}){0,3}`),
		selector.SHA256:   rapid.StringMatching(`[0-9a-f]{64}`),
		selector.Domain:   rapid.StringMatching(`([a-z0-9_]{1,9}\.){1,3}[a-z]{2,5}`),
	}
	at := meet(t)
	number := 0
	rapid.Check(t, func(r *rapid.T) {
		number++
		var rows strings.Builder
		for range rapid.IntRange(1, 6).Draw(r, "how many") {
			kind := rapid.SampledFrom(selector.Kinds()).Draw(r, "kind")
			if raw[kind] == nil {
				raw[kind] = rapid.SampledFrom(rawOfKind(kind))
			}
			if s, err := selector.Parse(kind, raw[kind].Draw(r, "raw"), selector.Options{}); err == nil {
				fmt.Fprintln(&rows, s)
			}
		}
		if rows.Len() == 0 {
			return
		}
		sum, err := listed(t, at.North, file(t, fmt.Sprintf("%d.txt", number), []byte(rows.String())), ImportOptions{})
		if err != nil {
			r.Fatalf("%v: %s", err, rows.String())
		}
		_ = sum
	})
	want := heldSelectors(t, at.North)
	if len(want) < 100 {
		t.Fatalf("%d selectors are too few to say anything", len(want))
	}
	for _, f := range Formats() {
		text, out := exported(t, at.North, Export{Format: f})
		if out.Selectors != len(want) {
			t.Errorf("%s: %+v", f, out)
		}
		other := meet(t).Uvar
		path := file(t, "selectors", []byte(text))
		if _, err := other.Import(t.Context(), path, ""); err != nil {
			t.Errorf("%s: %v", f, err)
		}
		if got := heldSelectors(t, other); !slices.Equal(got, want) {
			for _, s := range want {
				if !slices.Contains(got, s) {
					t.Errorf("%s: %s did not come in again", f, s)
				}
			}
			for _, s := range got {
				if !slices.Contains(want, s) {
					t.Errorf("%s: %s came in, and had not gone out", f, s)
				}
			}
		}
	}
}

// TestAnAddressComesInAsNothingElse: a service's name, and an account's behind it,
// may stand in the values of observables.
func TestAnAddressComesInAsNothingElse(t *testing.T) {
	for _, line := range []string{
		"email:fb!@1.example", "email:a=facebook|@museum.example", "email:tg#@lamplight_demo.test", "email:vk*@1example.test",
		"email:ig'@lamplight.example", "word:telegram @lamplight_demo_17", "pattern:case=fb: @lamplight.demo",
	} {
		n, other := meet(t).North, meet(t).Uvar
		_, err := listed(t, n, file(t, "a.txt", []byte(line+"\n")), ImportOptions{})
		must(t, err)
		text, _ := exported(t, n, Export{Format: STIX})
		_, err = other.Import(t.Context(), file(t, "selectors", []byte(text)), "")
		must(t, err)
		if got, want := heldSelectors(t, other), heldSelectors(t, n); !slices.Equal(got, want) || len(want) != 1 {
			t.Errorf("%s: %s came in of %s", line, got, want)
		}
	}
}

// TestIdsOfObservablesSayNothing: none is made from the value, and twice the same
// selectors have other ids.
func TestIdsOfObservablesSayNothing(t *testing.T) {
	n := meet(t).North
	_, err := listed(t, n, file(t, "a.txt", []byte("202-555-0147\ndesk@museum.example.org\n@lamplight_demo_17\nhttps://board.forum.test/\nmuseum.example.org\nsha256:"+strings.Repeat("ab", 32)+"\n")), ImportOptions{})
	must(t, err)
	seen := map[stix.ID]bool{}
	for range 2 {
		text, _ := exported(t, n, Export{Format: STIX})
		count := 0
		id, err := stix.ReadBundle(strings.NewReader(text), stix.Limits{}, func(o stix.Object) error {
			count++
			if faults := o.Validate(stix.Strict); len(faults) > 0 {
				t.Errorf("%s: %v", o.ID(), faults[0])
			}
			if made, err := stix.SCOID(o); err == nil && made == o.ID() {
				t.Errorf("%s is made from the value", o.ID())
			}
			for _, property := range []string{"value", "account_login"} { // of types that are in no standard, as their authors make ids
				if value, ok := o.String(property); ok {
					if made, err := stix.DeterministicID(o.Type(), map[string]any{property: value}); err != nil || made == o.ID() {
						t.Errorf("%s is made from the value, %v", o.ID(), err)
					}
				}
			}
			if v := o.ID().UUID().Version(); v != 4 || seen[o.ID()] {
				t.Errorf("%s is of version %d, or stood in another bundle", o.ID(), v)
			}
			seen[o.ID()] = true
			return nil
		})
		if err != nil || count != 6 || id.UUID().Version() != 4 {
			t.Errorf("%d observables, %v", count, err)
		}
	}
}

// TestTheLedgerSaysWhatWentOut, and not which.
func TestTheLedgerSaysWhatWentOut(t *testing.T) {
	n := meet(t).North
	imported(t, n, "a.json", seen(147))
	head := entries(t, n)
	_, out := exported(t, n, Export{Format: Lines, Scope: store.Scope{Kinds: []selector.Kind{selector.Phone}}})
	all, err := n.Ledger(t.Context(), head+1, 0)
	must(t, err)
	if len(all) != 1 || all[0].Action != "selectors.export" || all[0].Subject != "a file" || all[0].Actor != "amira" {
		t.Fatalf("%+v", all)
	}
	var said Exported
	must(t, json.Unmarshal(all[0].Detail, &said))
	if said.Selectors != 1 || said.Selectors != out.Selectors || said.Format != Lines || strings.Contains(string(all[0].Detail), "0147") {
		t.Errorf("%s", all[0].Detail)
	}
	// What cannot be written was still on its way: it is in the ledger.
	broken := errors.New("the disk is full")
	if _, err := n.ExportSelectors(t.Context(), Export{Format: CSV, To: "a file"}, failingWriter{broken}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if entries(t, n) != head+2 {
		t.Error("it is not in the ledger")
	}
	for _, e := range []Export{{Format: "xml"}, {Format: CSV, Scope: store.Scope{Match: 9}}, {Format: CSV, Scope: store.Scope{Evidence: 9}}} {
		if _, err := n.ExportSelectors(t.Context(), e, io.Discard); err == nil {
			t.Errorf("%+v was written", e)
		}
	}
	if entries(t, n) != head+2 {
		t.Error("what was refused is in the ledger")
	}
}

type failingWriter struct{ error }

func (f failingWriter) Write([]byte) (int, error) { return 0, f.error }

// TestWhatACounterpartGaveStays unless it is asked for.
func TestWhatACounterpartGaveStays(t *testing.T) {
	n := meet(t).North
	imported(t, n, "a.json", seen(147))
	o, err := stix.ParseObject([]byte(noteObject(8, "+1 202-555-0148 and +1 202-555-0147")))
	must(t, err)
	change(t, n, func(ctx context.Context, tx *store.Tx) error {
		from, err := tx.Counterpart(ctx, "South")
		if err != nil {
			return err
		}
		_, _, err = n.putObject(ctx, tx, o, store.Object{Origin: from.ID}, "theirs")
		return err
	})
	text, out := exported(t, n, Export{Format: Lines})
	if text != "phone:+12025550147\n" || out.LeftOut != 1 {
		t.Errorf("%q, %+v", text, out)
	}
	text, out = exported(t, n, Export{Format: Lines, Theirs: true})
	if text != "phone:+12025550147\nphone:+12025550148\n" || out.LeftOut != 0 {
		t.Errorf("%q, %+v", text, out)
	}
}

// TestATableSaysWhereItIsFrom, and does nothing in a spreadsheet.
func TestATableSaysWhereItIsFrom(t *testing.T) {
	n := meet(t).North
	_, err := listed(t, n, file(t, "=cmd.csv", []byte("value\n202-555-0147\n=cmd|x@museum.example.org\n")), ImportOptions{})
	must(t, err)
	text, _ := exported(t, n, Export{Format: CSV})
	want := "kind,value,findings,source,place,confidence\nemail,'=cmd|x@museum.example.org,1,'=cmd.csv,'=cmd.csv line 3,\nphone,+12025550147,1,'=cmd.csv,'=cmd.csv line 2,\n"
	if text != want {
		t.Errorf("%s, want %s", text, want)
	}
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
