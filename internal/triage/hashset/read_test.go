package hashset_test

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"parley/internal/triage/hashset"
)

func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sums gives the hashes of a file with that content.
func sums(content string) map[hashset.Kind][]byte {
	a, b, c := sha256.Sum256([]byte(content)), sha1.Sum([]byte(content)), md5.Sum([]byte(content))
	return map[hashset.Kind][]byte{hashset.SHA256: a[:], hashset.SHA1: b[:], hashset.MD5: c[:]}
}

func upper(content string, kind hashset.Kind) string { return fmt.Sprintf("%X", sums(content)[kind]) }

// nsrl2 is a list in the form of NSRL's version 2.
func nsrl2(names ...string) string {
	var b strings.Builder
	b.WriteString(`"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"` + "\r\n")
	for _, name := range names {
		fmt.Fprintf(&b, "%q,%q,%q,%q,17,2345,\"362\",\"\"\r\n", upper(name, hashset.SHA1), upper(name, hashset.MD5), "0F0F0F0F", `a ""quoted"", name.dll`)
	}
	return b.String()
}

// nsrl3 is a database in the form of NSRL's version 3.
func nsrl3(t testing.TB, schema string, names ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "RDS minimal?.db")
	db, err := sqlite3.Open("file:" + strings.ReplaceAll(path, "?", "%3f"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Exec(schema); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		err := db.Exec(fmt.Sprintf("INSERT INTO FILE VALUES ('%s', '%s', '%s', '0F0F0F0F', 'x.dll', 17, 1)",
			upper(name, hashset.SHA256), upper(name, hashset.SHA1), upper(name, hashset.MD5)))
		if err != nil {
			t.Fatal(err)
		}
	}
	return path
}

const fileTable = `CREATE TABLE FILE (sha256 VARCHAR NOT NULL, sha1 VARCHAR NOT NULL, md5 VARCHAR NOT NULL, crc32 VARCHAR NOT NULL,
	file_name VARCHAR NOT NULL, file_size INTEGER NOT NULL, package_id INTEGER NOT NULL)`

func TestForms(t *testing.T) {
	plain := fmt.Sprintf("# a comment\n\n%x  dir/a.dll\n%X\n%x *c\r\n", sums("a")[hashset.SHA256], sums("b")[hashset.SHA1], sums("c")[hashset.MD5])
	for _, c := range []struct {
		name, path string
		kinds      map[string]hashset.Kind
	}{
		{"a hash a line", write(t, "list.txt", plain), map[string]hashset.Kind{"a": hashset.SHA256, "b": hashset.SHA1, "c": hashset.MD5}},
		{"version 2", write(t, "NSRLFile.txt", nsrl2("a", "b", "c", "b")), map[string]hashset.Kind{"a": hashset.SHA1, "b": hashset.SHA1, "c": hashset.SHA1}},
		{"version 3", nsrl3(t, fileTable, "a", "b", "c"), map[string]hashset.Kind{"a": hashset.SHA256, "b": hashset.SHA256, "c": hashset.SHA256}},
		{
			"version 3 with a view of hashes", nsrl3(t, fileTable+`; CREATE VIEW DISTINCT_HASH AS SELECT DISTINCT sha1 FROM FILE`, "a", "b", "c", "a"),
			map[string]hashset.Kind{"a": hashset.SHA1, "b": hashset.SHA1, "c": hashset.SHA1},
		},
	} {
		set, err := hashset.Read(t.Context(), c.path, nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if set.Len() != 3 {
			t.Errorf("%s: %d entries", c.name, set.Len())
		}
		for content, kind := range c.kinds {
			for other, sum := range sums(content) {
				if got := set.Has(other, sum); got != (other == kind) {
					t.Errorf("%s: it has the hash %d of %s: %t", c.name, other, content, got)
				}
			}
			if !set.Holds(kind) {
				t.Errorf("%s: it says it holds no hash %d", c.name, kind)
			}
		}
		if set.Has(hashset.SHA256, sums("x")[hashset.SHA256]) || set.Has(hashset.SHA1, sums("x")[hashset.SHA1]) {
			t.Errorf("%s: it has what is not in it", c.name)
		}
	}
}

func TestTheDigestNamesTheContent(t *testing.T) {
	digest := func(content string) [32]byte {
		set, err := hashset.Read(t.Context(), write(t, "x", content), nil)
		if err != nil {
			t.Fatal(err)
		}
		return set.Digest()
	}
	one, other := digest(nsrl2("a", "b")), digest(fmt.Sprintf("%s\n%s\n%s\n", upper("b", hashset.SHA1), upper("a", hashset.SHA1), upper("a", hashset.SHA1)))
	if one != other || one == digest(nsrl2("a")) {
		t.Errorf("%x, %x", one, other)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ path, says string }{
		"no file":             {filepath.Join(t.TempDir(), "missing"), "missing"},
		"an empty list":       {write(t, "x", "# nothing\n"), "no hash"},
		"a word":              {write(t, "x", upper("a", hashset.MD5)+"\nlamp\n"), `line 2: "lamp" is no SHA-256`},
		"a hash with a z":     {write(t, "x", "z"+upper("a", hashset.MD5)[1:]), "line 1"},
		"a row without":       {write(t, "x", nsrl2("a")+`"","","0","n",1,2,"",""`+"\n"), "line 3: it has no hash"},
		"a row cut off":       {write(t, "x", nsrl2("a")+`"`+"\n"), "line 3"},
		"a line without end":  {write(t, "x", strings.Repeat("a", 100_000)), "more than 65536 bytes"},
		"another database":    {nsrl3(t, `CREATE TABLE thing (x); CREATE TABLE FILE (name)`), "none of the tables"},
		"a broken database":   {write(t, "x", "SQLite format 3\x00 and no more"), "known files"},
		"a row of a database": {nsrl3(t, `CREATE TABLE FILE (sha256); INSERT INTO FILE VALUES ('lamp')`), "row 1 of FILE"},
	} {
		if _, err := hashset.Read(t.Context(), c.path, nil); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want an error with %q", name, err, c.says)
		}
	}
}

// perEntry reads a list of n hashes and gives the bytes of memory an entry takes.
func perEntry(t testing.TB, n int) float64 {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	var line [65]byte
	line[64] = '\n'
	for i := range n {
		sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i)))
		copy(line[:], fmt.Appendf(line[:0:0], "%x", sum))
		if _, err := f.Write(line[:]); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	set, err := hashset.Read(t.Context(), path, nil)
	if err != nil || set.Len() != n {
		t.Fatalf("%d entries, %v", set.Len(), err)
	}
	return float64(heap()-before) / float64(set.Len())
}

// An entry takes at most 25 bytes of memory.
func TestMemory(t *testing.T) {
	if got := perEntry(t, 300_000); got > 25 {
		t.Errorf("%.1f bytes an entry", got)
	}
}

func BenchmarkTenMillion(b *testing.B) {
	for range b.N {
		b.ReportMetric(perEntry(b, 10_000_000), "bytes/entry")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(nsrl2("a", "b")))
	f.Add([]byte("sha256,name\n" + upper("a", hashset.SHA256)))
	f.Add([]byte(upper("a", hashset.MD5) + "\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		set, err := hashset.Read(t.Context(), write(t, "x", string(content)), nil)
		if err == nil && set.Len() == 0 {
			t.Error("an empty set")
		}
	})
}
