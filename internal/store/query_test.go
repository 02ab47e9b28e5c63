package store

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// query is one SQL text of this package and the function that holds it.
type query struct{ function, text string }

var verb = regexp.MustCompile(`^\s*(SELECT|INSERT|UPDATE|DELETE)\s`)

// queries reads every SQL text out of this package's source, with the
// constants that it is put together from.
func queries(t *testing.T) (all []query) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	constants := map[string]string{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
				if text, ok := joined(spec.Values[0], nil); ok {
					constants[spec.Names[0].Name] = text
				}
			}
			return true
		})
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				ast.Inspect(fn, func(n ast.Node) bool {
					e, ok := n.(ast.Expr)
					if !ok {
						return true
					}
					text, ok := joined(e, constants)
					if head, open := strings.CutSuffix(text, " VALUES "); ok && open { // rows are added as needed
						text += rowsOf(2, 1+strings.Count(head, ","))
					}
					if ok && verb.MatchString(text) {
						all = append(all, query{fn.Name.Name, text})
					}
					return !ok
				})
			}
		}
	}
	return all
}

// joined gives the text of a string expression whose parts are all known.
func joined(e ast.Expr, constants map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, e.Kind == token.STRING && err == nil
	case *ast.Ident:
		text, ok := constants[e.Name]
		return text, ok
	case *ast.BinaryExpr:
		x, ok1 := joined(e.X, constants)
		y, ok2 := joined(e.Y, constants)
		return x + y, ok1 && ok2 && e.Op == token.ADD
	}
	return "", false
}

var parameter = regexp.MustCompile(`\$(\d+)`)

// inOrder says what is wrong with the numbers of a query's parameters: the
// driver binds by the order of first appearance, whatever the number says.
func inOrder(text string) error {
	next := 1
	for _, m := range parameter.FindAllStringSubmatch(text, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil || n > next || n < 1 {
			return fmt.Errorf("$%s stands where $%d is due", m[1], next)
		}
		if n == next {
			next++
		}
	}
	return nil
}

func TestParametersFirstAppearInOrder(t *testing.T) {
	all := queries(t)
	if len(all) < 80 {
		t.Fatalf("only %d queries were found: the test looks in the wrong place", len(all))
	}
	for _, q := range all {
		if err := inOrder(q.text); err != nil {
			t.Errorf("%s: %v in %s", q.function, err, q.text)
		}
	}
	for text, good := range map[string]bool{
		"a = $1 AND b = $2 AND c = $1": true, "a = $2 AND b = $1": false, "a = $1 AND b = $3": false, "a = $0": false, "a = 1": true,
	} {
		if (inOrder(text) == nil) != good {
			t.Errorf("%s: %v", text, inOrder(text))
		}
	}
}

// mayScan are the functions that read a whole table because that is their
// work, or only its end, or (the first) whose plan names the tables that
// refer to a row should it be replaced. Every other query must find its rows
// by an index.
var mayScan = []string{
	"Accounts", "AddCounterpart", "AllEvidence", "Consents", "Consumers", "Counterparts", "Counts", "EachVersionFrom", "EchoedClaims", "Echoes", "Gave", "GivenPictures", "Head", "Inbox", "Matchings", "Objects", "ObjectsWith", "Outsiders", "PlacedSelectors", "PlacesOf", "Releases", "Selectors", "SettleIDs", "Sources",
	"Sightings", "Tokens",
	"Warnings", "Watched", "Watches", "WritableCollections", "unlock", "readable",
}

func TestQueriesUseIndexes(t *testing.T) {
	s := fresh(t)
	var plans strings.Builder
	for _, q := range queries(t) {
		p := plan(t, s, q.text)
		fmt.Fprintf(&plans, "%s: %s\n%s", q.function, strings.Join(strings.Fields(q.text), " "), p)
		if scans(p) && !slices.Contains(mayScan, q.function) {
			t.Errorf("%s reads a whole table: %s\n%s", q.function, q.text, p)
		}
	}
	golden := filepath.Join("testdata", "plans.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(plans.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), plans.String()); d != "" {
		t.Errorf("plans changed; look at each, then run this test with -update: %s", d)
	}
}

// scans tells whether a plan reads a whole table; a list among the parameters is none.
func scans(plan string) bool {
	for line := range strings.Lines(plan) {
		if strings.Contains(line, "SCAN") && !strings.Contains(line, "SCAN json_each") && !strings.Contains(line, "VALUES CLAUSE") {
			return true
		}
	}
	return false
}

// plan is how the engine would answer a query, a line for each step.
func plan(t *testing.T, s *Store, text string) string {
	t.Helper()
	rows, err := s.write.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	var lines strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&lines, "\t%s\n", step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines.String()
}
