package console_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/console"
	"parley/internal/node"
)

// BenchmarkPage makes pages of the demonstration's node, as a signed-in reader
// gets them over HTTP.
func BenchmarkPage(b *testing.B) {
	north, _ := parties(b)
	for _, path := range []string{"/", "/matches/M1", "/claims", "/claims/note--ed092f9d-30ea-40a5-9393-fde915775840", "/evidence/E1/artifacts", "/findings/F103", "/ledger", "/evidence/E1/timeline", "/evidence/E1/contacts", "/evidence/E1/map", "/evidence/E1/pictures"} {
		b.Run(path, func(b *testing.B) {
			reader := browse(b, north.Node(), console.Options{}).signedIn(north.Analyst, north.Passphrase())
			size := 0
			for b.Loop() {
				a := reader.get(path)
				if a.status != http.StatusOK {
					b.Fatal(a.status)
				}
				size = len(a.body)
			}
			b.ReportMetric(float64(size), "bytes/page")
		})
	}
}

// BenchmarkLarge makes the pages whose cost grows with the node: 100,000
// selectors, and a ledger of 20,000 entries.
func BenchmarkLarge(b *testing.B) {
	n := newNode(b, "North")
	var list, watch strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&list, "user%d@mail.example\n", i)
	}
	for i := range 20_000 {
		fmt.Fprintf(&watch, "watched%d@mail.example\n", i)
	}
	importText(b, n, "list.txt", list.String())
	path := filepath.Join(b.TempDir(), "watch.txt")
	if err := os.WriteFile(path, []byte(watch.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	if _, err := n.WatchList(b.Context(), path, node.ImportOptions{}); err != nil {
		b.Fatal(err)
	}
	for _, path := range []string{"/", "/selectors?skip=50000", "/selectors/S77777", "/ledger"} {
		b.Run(path, func(b *testing.B) {
			reader := browse(b, n, console.Options{}).signedIn("amira", passphrase)
			for b.Loop() {
				if a := reader.get(path); a.status != http.StatusOK {
					b.Fatal(a.status, reads(b, a.body))
				}
			}
		})
	}
}
