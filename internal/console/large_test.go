package console_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/console"
	"parley/internal/node"
)

// held is how much the node of BenchmarkEveryPage holds.
var held = flag.Int("objects", 10_000, "how many selectors the node of BenchmarkEveryPage holds; of the rest, in proportion")

// maxPage is how large a page may be, in bytes.
const maxPage = 200_000

// laden makes a node with so many selectors of a list, a tenth as many messages in
// evidence and claims' objects, a hundredth as many watches, each with its line of the
// ledger, and a note of so many bytes.
func laden(t testing.TB, selectors, note int) *node.Node {
	t.Helper()
	n := newNode(t, "North")
	dir := t.TempDir()
	write := func(name string, each func(w *strings.Builder)) string {
		var text strings.Builder
		each(&text)
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	bring := func(path string) {
		if _, err := n.Import(t.Context(), path, "laden"); err != nil {
			t.Fatal(err)
		}
	}
	bring(write("list.txt", func(w *strings.Builder) {
		for i := range selectors {
			fmt.Fprintf(w, "user%d@mail.example\n", i)
		}
	}))
	bring(write("objects.json", func(w *strings.Builder) {
		w.WriteString(`{"type":"bundle","id":"bundle--22222222-2222-4222-8222-222222222222","objects":[`)
		for i := range selectors / 10 {
			fmt.Fprintf(w, `{"type":"report","spec_version":"2.1","id":"report--00000000-0000-4000-8000-%012x","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","name":"Report %d","published":"2026-01-01T00:00:00Z","object_refs":["note--11111111-1111-4111-8111-111111111111"]},`, i+1, i)
		}
		fmt.Fprintf(w, `{"type":"note","spec_version":"2.1","id":"note--11111111-1111-4111-8111-111111111111","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","content":%q,"object_refs":["report--00000000-0000-4000-8000-000000000001"]}]}`,
			strings.Repeat("word ", note/5))
	}))
	bring(write("mail.mbox", func(w *strings.Builder) {
		for i := range selectors / 10 {
			fmt.Fprintf(w, "From x@mail.example Thu Jan  1 00:00:00 2026\nFrom: sender%d@mail.example\nTo: user%d@mail.example\nDate: Thu, 1 Jan 2026 00:00:00 +0000\nMessage-ID: <%d@mail.example>\nSubject: number %d\n\nCall me.\n\n",
				i%500, i, i, i)
		}
	}))
	watches := write("watch.txt", func(w *strings.Builder) {
		for i := range selectors / 100 {
			fmt.Fprintf(w, "watched%d@mail.example\n", i)
		}
	})
	if _, err := n.WatchList(t.Context(), watches, node.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Triage(t.Context(), 1, node.TriageOptions{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	return n
}

// heavyPages are the pages of a node, with those of one thing for the first of its kind,
// and parts of lists that are far down.
func heavyPages(n *node.Node) (all []string) {
	letters := map[string]string{"evidence": "E", "selectors": "S", "findings": "F", "warnings": "W", "matches": "M", "releases": "R", "counterparts": "C", "consents": "Q", "inbox": "I"}
	for _, pattern := range console.Patterns(n) {
		root := strings.Split(strings.TrimPrefix(pattern, "/"), "/")[0]
		path := strings.NewReplacer("{$}", "", "{number}", letters[root]+"1", "{id}", "note--11111111-1111-4111-8111-111111111111").Replace(pattern)
		all = append(all, path)
	}
	return append(all, "/selectors?skip=5000", "/evidence/E1/artifacts?skip=500", "/selectors/S9000", "/releases/new?report=report--00000000-0000-4000-8000-000000000001")
}

// BenchmarkEveryPage asks for every page of a node that holds much, twice, and says how
// long the second took on the server and how large it is:
//
//	go test -run '^$' -bench EveryPage -benchtime 1x ./internal/console -objects 1000000
func BenchmarkEveryPage(b *testing.B) {
	n := laden(b, *held, 10<<20)
	reader := browse(b, n, console.Options{}).signedIn("amira", passphrase)
	for _, path := range heavyPages(n) {
		b.Run(strings.NewReplacer("/", "_", "?", "_").Replace(path), func(b *testing.B) {
			reader.get(path)
			var took time.Duration
			size, status := 0, 0
			for b.Loop() {
				begun := time.Now()
				a := reader.get(path)
				took, size, status = time.Since(begun), len(a.body), a.status
			}
			b.ReportMetric(float64(took.Microseconds())/1000, "ms/page")
			b.ReportMetric(float64(size), "bytes/page")
			b.ReportMetric(float64(status), "status")
		})
	}
}

// No page is larger than it may be, whatever the node holds, or fails.
func TestPagesOfALadenNodeStaySmall(t *testing.T) {
	n := laden(t, 10_000, 1<<20)
	reader := browse(t, n, console.Options{}).signedIn("amira", passphrase)
	for _, path := range heavyPages(n) {
		a := reader.get(path)
		if len(a.body) > maxPage || a.status >= http.StatusInternalServerError {
			t.Errorf("%s answered %d with %d bytes, of at most %d", path, a.status, len(a.body), maxPage)
		}
	}
}
