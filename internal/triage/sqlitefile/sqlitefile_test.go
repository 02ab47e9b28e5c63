package sqlitefile_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"parley/internal/triage/sqlitefile"
)

var notes = []sqlitefile.Shape{{Table: "notes", Columns: "ktti"}}

// databaseOf makes a database by statements, and gives its file and its log.
func databaseOf(t testing.TB, statements ...string) (database, log []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.db")
	conn, err := sqlite3.Open("file:" + filepath.ToSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, statement := range append([]string{`PRAGMA page_size=1024`, `PRAGMA secure_delete=OFF`, `CREATE TABLE notes (_id INTEGER PRIMARY KEY, who TEXT, text TEXT, at INTEGER)`}, statements...) {
		if err := conn.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	log, _ = os.ReadFile(path + "-wal")
	if database, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	return database, log
}

// freed gives the texts of the records that a database has freed.
func freed(t testing.TB, raw []byte, shapes []sqlitefile.Shape) (texts []string) {
	t.Helper()
	f, err := sqlitefile.Open(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	err = f.Freed(func(s sqlitefile.Stretch) error {
		for _, r := range sqlitefile.Carve(s, shapes) {
			for _, v := range r.Values {
				if text, ok := v.Data.(string); ok {
					if got := string(raw[v.Offset : v.Offset+int64(v.Length)]); got != text {
						t.Errorf("%q is said to stand where %q does", text, got)
					}
					texts = append(texts, text)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return texts
}

func TestFreed(t *testing.T) {
	rows := `INSERT INTO notes VALUES (1,'samir','the first note',1704457845),(2,'lamp','the second note',1704457846),(3,'samir','the third note',1704457847)`
	long := `WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<200) INSERT INTO notes SELECT n, 'samir', 'note number '||n, 1704457845 FROM c`
	for name, c := range map[string]struct {
		statements []string
		want       []string // some of what is found
	}{
		"nothing was":      {[]string{rows}, nil},
		"one row":          {[]string{rows, `DELETE FROM notes WHERE _id=2`}, []string{"lamp", "the second note"}},
		"all rows":         {[]string{rows, `DELETE FROM notes`}, []string{"the first note", "the second note", "the third note"}},
		"pages of rows":    {[]string{long, `DELETE FROM notes`}, []string{"note number 7", "note number 150"}},
		"a table":          {[]string{`CREATE TABLE other (_id INTEGER PRIMARY KEY, text TEXT, more TEXT)`, `INSERT INTO other VALUES (1, 'in the other', 'table')`, `DROP TABLE other`}, []string{"in the other", "table"}},
		"securely deleted": {[]string{`PRAGMA secure_delete=ON`, rows, `DELETE FROM notes WHERE _id=2`}, nil},
	} {
		raw, _ := databaseOf(t, c.statements...)
		got := freed(t, raw, notes)
		for _, want := range c.want {
			if !slices.Contains(got, want) {
				t.Errorf("%s: %q is not found in %q", name, want, got)
			}
		}
		if c.want == nil && len(got) > 0 {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A log's commits over its database make a database that SQLite wrote whole.
func TestLog(t *testing.T) {
	database, log := databaseOf(t, `PRAGMA journal_mode=WAL`, `PRAGMA wal_autocheckpoint=0`, `INSERT INTO notes VALUES (1,'samir','only in the log',1)`)
	if len(log) == 0 {
		t.Skip("this system keeps no log beside a database")
	}
	l, err := sqlitefile.OpenLog(bytes.NewReader(log), int64(len(log)))
	if err != nil || l.Committed() == 0 {
		t.Fatalf("%v, %d pages committed", err, l.Committed())
	}
	merged, size, err := l.Over(bytes.NewReader(database), int64(len(database)))
	if err != nil {
		t.Fatal(err)
	}
	raw := make([]byte, size)
	if _, err := merged.ReadAt(raw, 0); err != nil || !bytes.Contains(raw, []byte("only in the log")) {
		t.Errorf("%d bytes, %v", size, err)
	}
	for at := range raw {
		var one [1]byte
		if _, err := merged.ReadAt(one[:], int64(at)); err != nil || one[0] != raw[at] {
			t.Fatalf("byte %d is %d read alone, %d with others, %v", at, one[0], raw[at], err)
		}
	}
	other := bytes.Clone(log)
	binary.BigEndian.PutUint32(other[8:], 4096)
	if l, err := sqlitefile.OpenLog(bytes.NewReader(other), int64(len(other))); err == nil {
		if _, _, err := l.Over(bytes.NewReader(database), int64(len(database))); err == nil {
			t.Error("a log with pages of another size is taken for the database's")
		}
	}
}

// Lists that lead in a ring, numbers that lie and pages made to cost much end soon.
func TestHostileFiles(t *testing.T) {
	raw, _ := databaseOf(t, `WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<200) INSERT INTO notes SELECT n, 'samir', 'note number '||n, 1 FROM c`, `DELETE FROM notes`)
	trunk := binary.BigEndian.Uint32(raw[32:])
	ring := bytes.Clone(raw)
	binary.BigEndian.PutUint32(ring[(trunk-1)*1024:], trunk)
	freed(t, ring, notes)
	lies := bytes.Clone(raw)
	binary.BigEndian.PutUint32(lies[(trunk-1)*1024+4:], 1<<31)
	freed(t, lies, notes)

	// Each byte begins a header that promises a long text.
	costly := sqlitefile.Stretch{Bytes: bytes.Repeat([]byte("\x04\x83\xff\x7f"), 16<<10), Block: true}
	many := make([]sqlitefile.Shape, 200)
	for i := range many {
		many[i] = sqlitefile.Shape{Table: strings.Repeat("t", i+1), Columns: strings.Repeat("b", 200)}
	}
	sqlitefile.Carve(costly, many)
	for _, head := range [][]byte{nil, raw[:50], append(append(bytes.Clone(raw[:16]), 0, 3), raw[18:]...)} {
		if _, err := sqlitefile.Open(bytes.NewReader(head), int64(len(head))); err == nil {
			t.Errorf("%d bytes are opened", len(head))
		}
	}
}

// Free blocks that lie over each other are not read over and over: a page of them
// gives no more bytes than it has.
func TestBlocksOverEachOther(t *testing.T) {
	page := make([]byte, 64<<10)
	page[0] = 0x0d
	big := binary.BigEndian
	const first = 16
	big.PutUint16(page[1:], first)
	for at := first; at+4 < len(page); at += 4 {
		big.PutUint16(page[at:], uint16(at+4))
		big.PutUint16(page[at+2:], uint16(len(page)-at))
	}
	raw := make([]byte, 128<<10)
	copy(raw, sqlitefile.Magic)
	big.PutUint16(raw[16:], 1)
	copy(raw[64<<10:], page)
	f, err := sqlitefile.Open(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	if err := f.Freed(func(s sqlitefile.Stretch) error { told += len(s.Bytes); return nil }); err != nil || told > len(raw) {
		t.Errorf("%d bytes are told of %d, %v", told, len(raw), err)
	}
}

func FuzzFreed(f *testing.F) {
	raw, _ := databaseOf(f, `INSERT INTO notes VALUES (1,'samir','the first note',1),(2,'lamp','the second note',2)`, `DELETE FROM notes WHERE _id=1`)
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := sqlitefile.Open(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return
		}
		_ = file.Freed(func(s sqlitefile.Stretch) error {
			for _, r := range sqlitefile.Carve(s, notes) {
				if r.Offset < 0 || r.Offset+int64(r.Length) > int64(len(raw)) {
					t.Fatalf("a record at %d+%d of %d bytes", r.Offset, r.Length, len(raw))
				}
			}
			return nil
		})
	})
}

func FuzzCarve(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x20\x1b\x1d\x04samirthe first note\x65"), true)
	f.Add([]byte("\x1c\x01\x05\x00\x17\x29\x01samirthe first note\x65"), false)
	f.Fuzz(func(t *testing.T, raw []byte, block bool) {
		sqlitefile.Carve(sqlitefile.Stretch{Bytes: raw, Block: block}, notes)
	})
}

func FuzzLog(f *testing.F) {
	database, log := databaseOf(f, `PRAGMA journal_mode=WAL`, `PRAGMA wal_autocheckpoint=0`, `INSERT INTO notes VALUES (1,'samir','only in the log',1)`)
	f.Add(log)
	f.Add([]byte(sqlitefile.JournalMagic))
	f.Fuzz(func(t *testing.T, raw []byte) {
		each := func(s sqlitefile.Stretch) error {
			sqlitefile.Carve(s, notes)
			return nil
		}
		_ = sqlitefile.JournalPages(bytes.NewReader(raw), int64(len(raw)), each)
		l, err := sqlitefile.OpenLog(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return
		}
		if merged, size, err := l.Over(bytes.NewReader(database), int64(len(database))); err == nil && size < 1<<20 {
			_, _ = merged.ReadAt(make([]byte, size), 0)
		}
		_ = l.Pages(each)
	})
}
