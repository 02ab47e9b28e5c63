package console

import (
	"flag"
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/internal/assess"
	"parley/internal/catalogue"
	"parley/internal/permit"
	"parley/selector"
)

var update = flag.Bool("update", false, "write the list of messages anew, and add those that a catalogue lacks to its end")

const messageList = "languages/messages.pot"

// Every message of every page has its line in the list, and its translation in
// every catalogue: nobody can add a page and forget it.
func TestEveryMessageIsTranslated(t *testing.T) {
	all := messages(t)
	var list strings.Builder
	list.WriteString("# The console's messages in English. Written by: go test ./internal/console -run EveryMessage -update\nmsgid \"\"\nmsgstr \"\"\n")
	for _, m := range all {
		list.WriteString("\n" + m.Entry(1))
	}
	if *update {
		if err := os.WriteFile(messageList, []byte(list.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if kept, err := os.ReadFile(messageList); err != nil || string(kept) != list.String() {
		t.Errorf("%s is not the list of what pages say (%v): run this test with -update", messageList, err)
	}
	for _, name := range catalogueFiles(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := catalogue.Parse(string(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		lacks, left := compare(c, all)
		for _, m := range left {
			t.Errorf("%s translates %q, which no page says any more: take it out", name, m.Text+m.Many)
		}
		if len(lacks) == 0 {
			continue
		}
		t.Errorf("%s lacks these %d messages. Fill them in and put them into it:\n\n%s", name, len(lacks), strings.Join(lacks, "\n"))
		if *update {
			more := strings.TrimRight(string(text), "\n") + "\n\n" + strings.Join(notIn(string(text), lacks), "\n")
			if err := os.WriteFile(name, []byte(more), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func catalogueFiles(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("languages/*.po")
	if err != nil || len(names) == 0 {
		t.Fatal("there is no catalogue", err)
	}
	return names
}

// compare says what a catalogue lacks, and what it has for nothing.
func compare(c *catalogue.Catalogue, all []catalogue.Message) (lacks []string, left []catalogue.Message) {
	said := map[catalogue.Message]bool{}
	for _, m := range all {
		if !c.Has(m) {
			lacks = append(lacks, m.Entry(c.Forms()))
		}
		if m.Many != "" {
			m.Text = ""
		}
		said[m] = true
	}
	for _, m := range c.Messages() {
		if !said[m] {
			left = append(left, m)
		}
	}
	return lacks, left
}

// notIn are the entries that do not stand in a file yet, filled or not.
func notIn(file string, entries []string) (all []string) {
	for _, e := range entries {
		if first, _, _ := strings.Cut(e, "\n"); !strings.Contains(file, first+"\n") {
			all = append(all, e)
		}
	}
	return all
}

// messages are everything that pages say: what stands in the templates, what
// this package's own code says, and the words of the house that pages show.
func messages(t *testing.T) []catalogue.Message {
	t.Helper()
	found := map[string]catalogue.Message{}
	add := func(all ...catalogue.Message) {
		for _, m := range all {
			if m.Text != "" && strings.Trim(m.Text, "{1} ") != "" {
				found[m.Text+"\n"+m.Many] = m
			}
		}
	}
	s := readSource()
	add(catalogue.MessagesOf(s.shared, nil, foreign)...)
	for _, own := range s.own {
		add(catalogue.MessagesOf(own, s.shared)...)
	}
	add(spokenInCode(t)...)
	add(houseWords(t)...)
	add(drawnWords(t)...)
	for _, b := range assess.Bands() {
		add(catalogue.Message{Text: b.Words[0]})
	}
	add(composed...)
	for _, words := range functions["sizes"].(func() map[string]string)() {
		add(catalogue.Message{Text: words})
	}
	for _, u := range permit.Uses() {
		add(catalogue.Message{Text: u.Wording()})
	}
	for _, unit := range []string{"d", "h", "min"} {
		add(catalogue.Message{Text: unit, Many: unit})
	}
	all := slices.Collect(maps.Values(found))
	slices.SortFunc(all, func(a, b catalogue.Message) int { return strings.Compare(a.Text+"\n"+a.Many, b.Text+"\n"+b.Many) })
	return all
}

// composed are messages that packages below put together.
var composed = []catalogue.Message{
	{Text: "independent origin", Many: "independent origins"},
	{Text: "{1}–{2} independent origins"},
	{Text: "about {1}"},
	{Text: "at least {1}"},
	{Text: "at most {1}"},
	{Text: "little more than {1}"},
	{Text: "little less than {1}"},
	{Text: "between {1} and {2}"},
	{Text: "between {1} and {2}, best {3}"},
	{Text: "not given"},
	{Text: "current"},
	{Text: "ended"},
	{Text: "holds"},
	{Text: "over"},
	{Text: "no release"},
	{Text: "characters that are not shown here"},
	{Text: "more than belong on one letter"},
	{Text: "not UTF-8"},
	{Text: "a character that is not seen"},
}

// drawnWords are what drawings say: the heads of their tables, their legends and
// their notes.
func drawnWords(t *testing.T) (all []catalogue.Message) {
	t.Helper()
	names, err := filepath.Glob("../draw/*.go")
	if err != nil || len(names) == 0 {
		t.Fatal("there are no drawings", err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for n := range ast.Preorder(parsed(t, name)) {
			switch n := n.(type) {
			case *ast.CallExpr:
				if m, is := countedNoun(n); is {
					all = append(all, m)
				}
				if f := nameOf(n.Fun); f == "columns" || f == "oneLine" {
					for _, arg := range n.Args {
						if text, is := sentenceOf(arg); is {
							all = append(all, catalogue.Message{Text: strings.TrimSuffix(text, "#")})
						}
					}
				}
			case *ast.BasicLit, *ast.BinaryExpr:
				text, is := sentenceOf(n.(ast.Expr))
				if is && strings.HasSuffix(text, ".") && (strings.HasPrefix(text, "{1} ") || strings.ToUpper(text[:1]) == text[:1] && strings.Contains(text, " ") && !strings.HasPrefix(text, " ")) {
					all = append(all, catalogue.Message{Text: text})
				}
			}
		}
	}
	for _, k := range constants(t, "../draw/graph.go") {
		all = append(all, catalogue.Message{Text: k})
	}
	return all
}

// houseWords are the words that pages show of states, kinds and the like.
func houseWords(t *testing.T) (all []catalogue.Message) {
	t.Helper()
	for _, of := range []struct{ file, consts string }{
		{"../match/state.go", "^(Proposed|Offered|Accepted|Count|Overlapping|Standing|Checking|Answering|Done|Declined|Withdrawn|Aborted|Refused|Initiator|Responder)"},
		{"../match/terms.go", "^(Mode|Learn)"},
		{"../release/desk.go", "^(Drafted|Stopped|Checked|Cleared|Waiting|Sent|Void|Recalled|Amended)"},
		{"../store/inbox.go", "^(Arriving|New|Applied|Refused)$"},
		{"../node/mark.go", "^(Taken|SetAside|Relevant|Irrelevant|Unsure)$"},
		{"../node/vault.go", " Role$"},
		{"../warning/clock.go", " Step$"},
		{"../warning/state.go", " (State|Decision|Waiver)$"},
		{"../assess/status.go", " Status$"},
		{"../assess/model.go", " (Stance|Confidence)$"},
		{"../permit/use.go", " Use$"},
		{"../triage/sink.go", " ArtifactKind$"},
	} {
		n := 0
		for name, value := range constants(t, of.file) {
			if regexp.MustCompile(of.consts).MatchString(name) {
				all = append(all, catalogue.Message{Text: value})
				if strings.HasSuffix(name, " ArtifactKind") {
					all = append(all, catalogue.Message{Text: value + "s"})
				}
				n++
			}
		}
		if n == 0 {
			t.Errorf("%s has no constant %s: say where those words are now", of.file, of.consts)
		}
	}
	for _, k := range selector.Kinds() {
		all = append(all, catalogue.Message{Text: string(k)})
	}
	for _, theme := range themes {
		all = append(all, catalogue.Message{Text: theme})
	}
	return all
}
