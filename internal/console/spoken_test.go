package console

import (
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/internal/catalogue"
)

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
				if m, is := countedNoun(n); is {
					all = append(all, m)
				}
			}
		}
	}
	return all
}

// countedNoun reads a plural, or a message that is filled.
func countedNoun(n *ast.CallExpr) (m catalogue.Message, is bool) {
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
