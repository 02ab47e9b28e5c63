package triage_test

import (
	"archive/tar"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/ncruces/go-sqlite3"

	"parley/internal/triage"
)

// folderOf makes a folder with a database in it that is still in use: what
// statements after the mark ";;" wrote is only in the log.
func openDatabaseOf(t *testing.T, folder, name string, statements ...string) *sqlite3.Conn {
	t.Helper()
	conn, err := sqlite3.Open("file:" + filepath.ToSlash(filepath.Join(folder, name)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	for _, statement := range statements {
		if err := conn.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	return conn
}

func deleted(r *record) []string {
	var lines []string
	for _, a := range r.artifacts {
		if a.Deleted {
			lines = append(lines, a.From+a.To+": "+a.Text)
		}
	}
	return lines
}

// Messages that were deleted, in their pages' free blocks, in the gap of a page
// that was emptied and in pages that were given back, are read as messages.
func TestDeletedMessages(t *testing.T) {
	const insert = `INSERT INTO sms (_id,address,date,type,body) VALUES `
	for name, c := range map[string]struct {
		statements []string
		want       []string
	}{
		"one of three": {
			[]string{insert + `(1,'+12025550147',1704457845000,1,'first write to a@example.org'),(2,'+12025550148',1704457846000,1,'second write to b@example.org'),(3,'+12025550149',1704457847000,1,'third')`, `DELETE FROM sms WHERE _id=2`},
			[]string{"+12025550148: second write to b@example.org"},
		},
		"the last one": {
			[]string{insert + `(1,'+12025550147',1704457845000,1,'first write to a@example.org')`, `DELETE FROM sms`},
			[]string{"+12025550147: first write to a@example.org"},
		},
		"neighbours": {
			[]string{insert + `(1,'+12025550147',1704457845000,1,'first'),(2,'+12025550148',1704457846000,2,'second'),(3,'+12025550149',1704457847000,1,'third'),(4,'+12025550150',1704457848000,1,'fourth')`, `DELETE FROM sms WHERE _id IN (2,3)`},
			[]string{"+12025550149: third", "+12025550148: second"}, // in the order of the page
		},
		"changed": {
			[]string{insert + `(1,'+12025550147',1704457845000,1,'first'),(2,'+12025550148',1704457846000,1,'the text as it was'),(3,'+12025550149',1704457847000,1,'third')`, `UPDATE sms SET body='another text that is longer than it was' WHERE _id=2`},
			[]string{"+12025550148: the text as it was"},
		},
		"a table that was dropped": {
			[]string{insert + `(1,'+12025550147',1704457845000,1,'first')`, `CREATE TABLE other AS SELECT * FROM sms`, `DROP TABLE other`},
			nil, // it is a row in use, once more
		},
	} {
		t.Run(name, func(t *testing.T) {
			raw := databaseOf(t, append([]string{`PRAGMA secure_delete=OFF`, smsSchema[0]}, c.statements...)...)
			r, path := runBytes(t, "mmssms.db", raw, us)
			if diff := cmp.Diff(c.want, deleted(r)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			checkPlaces(t, path, r, us)
			checkArtifacts(t, path, r, us)
		})
	}
}

// Hundreds of rows whose pages were given back.
func TestFreedPages(t *testing.T) {
	raw := databaseOf(t, `PRAGMA secure_delete=OFF`, smsSchema[0],
		`WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<1000) INSERT INTO sms (_id,address,date,type,body) SELECT n, '+12025550147', 1704457845000+n, 1, 'message number '||n||' to box'||n||'@example.org' FROM c`,
		`DELETE FROM sms WHERE _id BETWEEN 101 AND 900`)
	r, path := runBytes(t, "mmssms.db", raw, us)
	lines := map[string]bool{}
	for _, line := range deleted(r) {
		if lines[line] {
			t.Errorf("%q is told twice", line)
		}
		lines[line] = true
	}
	if len(lines) < 700 {
		t.Errorf("%d of 800 deleted messages are found", len(lines))
	}
	r.findings = r.findings[len(r.findings)-50:]
	checkPlaces(t, path, r, us)
}

// What is only in the log is told as being in the log, row by row, and opened
// there again; what the database has too is told once.
func TestWriteAheadLogBesideItsDatabase(t *testing.T) {
	folder := t.TempDir()
	openDatabaseOf(t, folder, "mmssms.db", `PRAGMA journal_mode=WAL`, `PRAGMA wal_autocheckpoint=0`, smsSchema[0],
		`INSERT INTO sms (_id,address,date,type,body) VALUES (1,'+12025550147',1704457845000,1,'old: a@example.org'),(2,'+12025550148',1704457846000,1,'will change')`,
		`PRAGMA wal_checkpoint(TRUNCATE)`,
		`INSERT INTO sms (_id,address,date,type,body) VALUES (3,'+12025550149',1704457847000,1,'new: b@example.org')`,
		`UPDATE sms SET body='has changed: c@example.org' WHERE _id=2`,
		`INSERT INTO sms (_id,address,date,type,body) VALUES (4,'+12025550150',1704457848000,1,'never was: d@example.org')`, `DELETE FROM sms WHERE _id=4`)
	if _, err := os.Stat(filepath.Join(folder, "mmssms.db-wal")); err != nil {
		t.Skipf("this system keeps no log beside a database: %v", err)
	}
	// SQLite's own file of shared memory is no evidence, and changes.
	evidence := t.TempDir()
	var entries []entry
	for _, name := range []string{"mmssms.db", "mmssms.db-wal"} {
		raw, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(evidence, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, entry{name: "data/" + name, content: string(raw)})
	}
	archive := write(t, "phone.zip", zipOf(t, entries...))
	var tape bytes.Buffer
	w := tar.NewWriter(&tape)
	if err := w.AddFS(os.DirFS(evidence)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		evidence, archive,
		write(t, "phone.tar", tape.Bytes()), write(t, "phone.tar.gz", gzipOf(t, tape.Bytes())),
	} {
		r, _ := run(t, path, us)
		var inLog, inDatabase []string
		for _, a := range r.artifacts {
			line := a.Text
			if a.Deleted {
				line = "deleted " + line
			}
			if strings.HasSuffix(a.Place.Chain[len(a.Place.Chain)-1], "-wal") {
				inLog = append(inLog, line)
			} else {
				inDatabase = append(inDatabase, line)
			}
		}
		if diff := cmp.Diff([]string{"old: a@example.org", "will change"}, inDatabase); diff != "" {
			t.Errorf("%s: in the database (-want +got):\n%s", path, diff)
		}
		if len(inLog) < 3 || inLog[0] != "has changed: c@example.org" || inLog[1] != "new: b@example.org" {
			t.Errorf("%s: in the log %q", path, inLog)
		}
		if all := strings.Join(inLog, "\n"); !strings.Contains(all, "deleted never was: d@example.org") || strings.Contains(all, "old:") {
			t.Errorf("%s: in the log %q", path, inLog)
		}
		if len(r.faults) > 0 {
			t.Errorf("%s: %v", path, r.faults)
		}
		checkPlaces(t, path, r, us)
		checkArtifacts(t, path, r, us)
	}
}

// A log that was cut, or whose sums are wrong, is believed up to the last commit
// before; what comes after is carved.
func TestBrokenWriteAheadLog(t *testing.T) {
	folder := t.TempDir()
	openDatabaseOf(t, folder, "x.db", `PRAGMA journal_mode=WAL`, `PRAGMA wal_autocheckpoint=0`, `CREATE TABLE t (_id INTEGER PRIMARY KEY, a TEXT, b TEXT)`,
		`INSERT INTO t VALUES (1,'one','a@example.org')`, `INSERT INTO t VALUES (2,'two','b@example.org')`)
	log, err := os.ReadFile(filepath.Join(folder, "x.db-wal"))
	if err != nil {
		t.Skip(err)
	}
	raw, err := os.ReadFile(filepath.Join(folder, "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	for name, hurt := range map[string]func([]byte) []byte{
		"cut":         func(b []byte) []byte { return b[:len(b)-1000] },
		"a wrong sum": func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
	} {
		path := write(t, "x.zip", zipOf(t, entry{name: "x.db", content: string(raw)}, entry{name: "x.db-wal", content: string(hurt([]byte(string(log))))}))
		r, _ := run(t, path, triage.Options{})
		found := strings.Join(r.found(), "\n")
		if !strings.Contains(found, "x.db-wal [t row 1 b @0+13] = email:a@example.org") || strings.Contains(found, "[t row 2") {
			t.Errorf("%s: %s", name, found)
		}
		if name == "a wrong sum" && !strings.Contains(found, "email:b@example.org") {
			t.Errorf("%s: what was not committed is not carved: %s", name, found)
		}
		checkPlaces(t, path, r, us)
	}
}
