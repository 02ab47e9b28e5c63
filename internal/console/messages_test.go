package console

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
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
	{Text: "independent origin", Many: "independent origins"}, {Text: "{1}–{2} independent origins"},
	{Text: "about {1}"}, {Text: "at least {1}"}, {Text: "at most {1}"}, {Text: "little more than {1}"}, {Text: "little less than {1}"},
	{Text: "between {1} and {2}"}, {Text: "between {1} and {2}, best {3}"}, {Text: "not given"},
	{Text: "current"}, {Text: "ended"}, {Text: "holds"}, {Text: "over"}, {Text: "no release"},
	{Text: "characters that are not shown here"}, {Text: "more than belong on one letter"}, {Text: "not UTF-8"}, {Text: "a character that is not seen"},
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
				if m, is := counted(n); is {
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

// constants are a file's constants that are strings, by name and type.
func constants(t *testing.T, name string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for n := range ast.Preorder(parsed(t, name)) {
		spec, is := n.(*ast.ValueSpec)
		if !is {
			continue
		}
		for i, value := range spec.Values {
			kind := ""
			if id, is := spec.Type.(*ast.Ident); is {
				kind = id.Name
			}
			if text, is := sentenceOf(value); is {
				all[strings.TrimSpace(spec.Names[i].Name+" "+kind)] = text
			}
		}
	}
	return all
}

func parsed(t *testing.T, name string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// shownFields are the fields of this package's types, and of drawings, that pages
// show as they are: by their place and by their names.
var shownFields = map[string]struct {
	at    []int
	named []string
}{
	"problem": {[]int{1, 2}, []string{"Name", "Text"}}, "done": {[]int{1}, []string{"Said"}}, "view": {nil, []string{"Title"}},
	"column": {[]int{1}, []string{"Name"}}, "move": {[]int{0}, []string{"Name"}}, "entry": {nil, []string{"Name"}}, "heading": {nil, []string{"Name"}},
	"step": {[]int{1}, []string{"Words"}}, "ceremony": {nil, []string{"Problem"}}, "signInForm": {nil, []string{"Problem"}},
	"Graph": {nil, []string{"Title"}}, "Timeline": {nil, []string{"Title"}}, "Map": {nil, []string{"Title"}},
	"Bars": {nil, []string{"Title"}}, "Spark": {nil, []string{"Title"}}, "Heat": {nil, []string{"Title"}}, "Calibration": {nil, []string{"Title"}}, "Balance": {nil, []string{"Title"}},
}

// spokenInCode reads the texts that this package's code gives to pages.
func spokenInCode(t *testing.T) (all []catalogue.Message) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	add := func(e ast.Expr) {
		if text, is := sentenceOf(e); is {
			all = append(all, catalogue.Message{Text: text})
		}
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for n := range ast.Preorder(parsed(t, name)) {
			switch n := n.(type) {
			case *ast.CompositeLit:
				fieldsOf(n, "", add)
			case *ast.AssignStmt:
				for i, to := range n.Lhs {
					if i < len(n.Rhs) && slices.Contains([]string{"said", "Said", "Failed", "Problem", "text", "Title"}, nameOf(to)) {
						add(n.Rhs[i])
					}
				}
			case *ast.ReturnStmt:
				for _, e := range n.Results {
					if text, is := sentenceOf(e); is && strings.HasSuffix(text, ".") && strings.ToUpper(text[:1]) == text[:1] {
						add(e)
					}
				}
			case *ast.CallExpr:
				if m, is := counted(n); is {
					all = append(all, m)
				}
			}
		}
	}
	return all
}

// counted reads a plural, or a message that is filled.
func counted(n *ast.CallExpr) (m catalogue.Message, is bool) {
	f, sel := n.Fun.(*ast.SelectorExpr)
	if !sel || len(n.Args) == 0 {
		return m, false
	}
	switch f.Sel.Name {
	case "Plural":
		one, isOne := sentenceOf(n.Args[1])
		many, isMany := sentenceOf(n.Args[2])
		return catalogue.Message{Text: one, Many: many}, isOne && isMany
	case "Fill", "Say":
		text, is := sentenceOf(n.Args[0])
		return catalogue.Message{Text: text}, is
	}
	return m, false
}

// fieldsOf finds the fields of a literal that are shown. Of a literal in a list
// the list's type is the type.
func fieldsOf(l *ast.CompositeLit, kind string, add func(ast.Expr)) {
	if l.Type != nil {
		kind = nameOf(l.Type)
	}
	if list, is := l.Type.(*ast.ArrayType); is {
		for _, e := range l.Elts {
			if inner, is := e.(*ast.CompositeLit); is && inner.Type == nil {
				fieldsOf(inner, nameOf(list.Elt), add)
			}
		}
		return
	}
	of := shownFields[kind]
	for i, e := range l.Elts {
		if pair, is := e.(*ast.KeyValueExpr); is {
			if slices.Contains(of.named, nameOf(pair.Key)) {
				add(pair.Value)
			}
		} else if slices.Contains(of.at, i) {
			add(e)
		}
	}
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.IndexExpr:
		return nameOf(e.X)
	case *ast.StarExpr:
		return nameOf(e.X)
	}
	return ""
}

var verb = regexp.MustCompile(`%(\.?[0-9]*)[a-z]`)

// sentenceOf reads a text out of an expression: a literal, parts put together, or
// a format. What is put in is {1}, {2} and so on.
func sentenceOf(e ast.Expr) (string, bool) {
	n := 0
	value := func() string { n++; return fmt.Sprintf("{%d}", n) }
	var read func(ast.Expr) (string, bool)
	read = func(e ast.Expr) (string, bool) {
		switch e := e.(type) {
		case *ast.BasicLit:
			text, err := strconv.Unquote(e.Value)
			return text, err == nil && e.Kind == gotoken.STRING
		case *ast.BinaryExpr:
			left, isLeft := read(e.X)
			if !isLeft {
				left = value()
			}
			right, isRight := read(e.Y)
			if !isRight {
				right = value()
			}
			return left + right, e.Op == gotoken.ADD && (isLeft || isRight)
		case *ast.CallExpr:
			if nameOf(e.Fun) != "Sprintf" {
				return "", false
			}
			text, is := read(e.Args[0])
			return verb.ReplaceAllStringFunc(text, func(string) string { return value() }), is
		}
		return "", false
	}
	return read(e)
}
