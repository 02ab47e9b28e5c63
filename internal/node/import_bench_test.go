package node

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"
)

// benchObjects is how many objects the bundle of the benchmark has.
const benchObjects = 200_000

// feedObject is object i of a feed as they are published: of five, two are indicators, one is an
// address, one a relationship and one a note in prose. Ids are spread like random ones.
func feedObject(i int) string {
	id := func(typ string, i int) string {
		var u uuid.UUID
		binary.BigEndian.PutUint64(u[:], uint64(i+1)*0x9e3779b97f4a7c15)
		binary.BigEndian.PutUint64(u[8:], uint64(i+1)*0xd1342543de82ef95)
		u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
		return typ + "--" + u.String()
	}
	head := func(typ string) string {
		return fmt.Sprintf(`{"type":%q,"spec_version":"2.1","id":%q,"created":"2026-03-01T09:30:00.000Z","modified":"2026-03-01T09:30:00.000Z",`+
			`"created_by_ref":"identity--f431f809-377b-45e0-aa1c-6a4751cae5ff","object_marking_refs":["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"],`, typ, id(typ, i))
	}
	switch i % 5 {
	case 0, 1:
		return head("indicator") + fmt.Sprintf(`"name":"Mail from host %d","description":"Seen in a mail that asked its reader to open the page below and to type a password there. The host answered for two days.",`+
			`"indicator_types":["malicious-activity"],"pattern":"[url:value = 'https://host-%d.example.com/login?id=%d']","pattern_type":"stix","valid_from":"2026-03-01T09:30:00Z","confidence":70,"labels":["phishing","kit-%d"]}`, i, i, i, i%7)
	case 2:
		return fmt.Sprintf(`{"type":"email-addr","spec_version":"2.1","id":%q,"value":"user%d@host-%d.example.org","display_name":"User %d"}`, id("email-addr", i), i, i%5000, i)
	case 3:
		return head("relationship") + fmt.Sprintf(`"relationship_type":"related-to","source_ref":%q,"target_ref":%q}`, id("indicator", i-2), id("email-addr", i-1))
	}
	return head("note") + fmt.Sprintf(`"abstract":"Call %d","content":"He gave the number +1 202-555-%04d and the address user%d@host-%d.example.org, and asked to be called before noon; `+
		`the second number was that of a shop which has been closed for years.","object_refs":[%q],"authors":["desk"]}`, i, i%10000, i, i%5000, id("indicator", i-3))
}

// feed writes a bundle of n objects into a file, and gives its path and size.
func feed(t testing.TB, n int) (path string, size int64) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "feed.json")
	f, err := os.Create(path)
	must(t, err)
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprint(w, `{"type":"bundle","id":"bundle--2f1cf3a2-6dd7-4c0a-9a0e-0d4b6f1f5b10","objects":[`)
	for i := range n {
		if i > 0 {
			w.WriteString(",\n")
		}
		w.WriteString(feedObject(i))
	}
	fmt.Fprint(w, "]}")
	must(t, w.Flush())
	info, err := f.Stat()
	must(t, err)
	must(t, f.Close())
	return path, info.Size()
}

// BenchmarkImport brings a large bundle into an empty node, durable and encrypted.
func BenchmarkImport(b *testing.B) {
	path, size := feed(b, benchObjects)
	b.SetBytes(size)
	for b.Loop() {
		at := meet(b)
		sum, err := at.North.Import(b.Context(), path, "")
		must(b, err)
		if sum.Objects != benchObjects {
			b.Fatalf("%+v", sum)
		}
	}
	b.ReportMetric(float64(b.N*benchObjects)/b.Elapsed().Seconds(), "objects/s")
}
