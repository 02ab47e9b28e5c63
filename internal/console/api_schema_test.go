package console_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"parley/internal/console"
)

var updateWords = flag.Bool("update-words", false, "write api_words.json anew from the source")

// apiDocument is the document, read and judged by a validator of others.
var apiDocument = sync.OnceValues(func() (*openapi3.T, error) {
	text, err := console.Document()
	if err != nil {
		return nil, err
	}
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(text)
	if err != nil {
		return nil, err
	}
	return doc, doc.Validate(loader.Context, openapi3.EnableSchemaFormatValidation())
})

func TestTheDocumentIsValid(t *testing.T) {
	doc, err := apiDocument()
	if err != nil {
		t.Fatal(err)
	}
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			answer := o.Responses.Value("200").Value.Content.Get("application/json")
			if strings.HasSuffix(path, "/events") || strings.HasSuffix(path, "/progress") || strings.HasSuffix(path, "/bundle") || strings.HasSuffix(path, "/openapi.json") {
				continue
			}
			if answer == nil || answer.Schema == nil || len(answer.Schema.Value.Properties) == 0 && answer.Schema.Value.Items == nil {
				t.Errorf("%s %s does not say what it answers", method, path)
			}
		}
	}
}

// patterns of the document's addresses.
var named = regexp.MustCompile(`\\\{[a-z]+\\\}`)

// judge holds an answer to a program to the document: every test that asks does.
func judge(t testing.TB, method, path string, a answer) {
	t.Helper()
	doc, err := apiDocument()
	if err != nil {
		t.Fatal(err)
	}
	path, _, _ = strings.Cut(path, "?")
	o := operationAt(doc, method, path)
	kind := a.header.Get("Content-Type")
	if o == nil {
		if a.status < 400 {
			t.Errorf("%s %s answered %d and is not in the document", method, path, a.status)
		}
		return
	}
	response := o.Responses.Default()
	if a.status == http.StatusOK {
		response = o.Responses.Value("200")
	}
	content := response.Value.Content.Get(kind)
	if content == nil {
		t.Errorf("%s %s answered %d as %q, which the document does not say", method, path, a.status, kind)
		return
	}
	if content.Schema == nil {
		return
	}
	var v any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Errorf("%s %s answered no JSON: %v", method, path, err)
		return
	}
	if err := content.Schema.Value.VisitJSON(v, openapi3.EnableJSONSchema2020(), openapi3.MultiErrors()); err != nil {
		t.Errorf("%s %s answered what the document does not say: %v\n%.500s", method, path, err, a.body)
	}
}

// operationAt finds the operation of a path; one without a variable comes first.
func operationAt(doc *openapi3.T, method, path string) *openapi3.Operation {
	if item := doc.Paths.Value(path); item != nil && item.GetOperation(method) != nil {
		return item.GetOperation(method)
	}
	for pattern, item := range doc.Paths.Map() {
		like := "^" + named.ReplaceAllString(regexp.QuoteMeta(pattern), `[^/]+`) + "$"
		if regexp.MustCompile(like).MatchString(path) && item.GetOperation(method) != nil {
			return item.GetOperation(method)
		}
	}
	return nil
}

// The words of the document are those of the source.
func TestTheWordsAreThoseOfTheSource(t *testing.T) {
	found, answered := map[string]string{}, console.Answered()
	for _, dir := range []string{".", "../node", "../views", "../match", "../release", "../warning", "../rules", "../assess", "../store", "../triage", "../echo", "../exchange", "../../selector", "../../stix"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			maps.Copy(found, wordsOf(file, answered))
		}
	}
	var want bytes.Buffer
	e := json.NewEncoder(&want)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(found); err != nil {
		t.Fatal(err)
	}
	if *updateWords {
		if err := os.WriteFile("api_words.json", want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("api_words.json")
	if err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("api_words.json is not what the source says (%v): go test ./internal/console -run Words -update-words", err)
	}
	for name := range answered {
		if found[name] == "" {
			t.Errorf("nothing is said of %s: write what it is above its type", name)
		}
	}
}

// wordsOf are the comments on the structs of a file that are answered, and on their
// fields.
func wordsOf(file *ast.File, answered map[string]bool) map[string]string {
	found := map[string]string{}
	for n := range ast.Preorder(file) {
		decl, is := n.(*ast.GenDecl)
		if !is {
			continue
		}
		for _, spec := range decl.Specs {
			typ, is := spec.(*ast.TypeSpec)
			if !is {
				continue
			}
			name := file.Name.Name + "." + typ.Name.Name
			body, is := typ.Type.(*ast.StructType)
			if !is || !answered[name] && typ.TypeParams == nil {
				continue
			}
			if answered[name] {
				found[name] = oneLine(decl.Doc, typ.Doc)
			}
			for _, f := range body.Fields.List {
				for _, id := range f.Names {
					if text := oneLine(f.Doc, f.Comment); text != "" && answered[name] {
						found[name+"."+id.Name] = text
					}
				}
			}
		}
	}
	return found
}

// oneLine is the first of some comments that says something, in one line.
func oneLine(all ...*ast.CommentGroup) string {
	for _, c := range all {
		if text := strings.Join(strings.Fields(c.Text()), " "); text != "" {
			return text
		}
	}
	return ""
}
