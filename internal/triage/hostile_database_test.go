package triage_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A text of a megabyte that many rows refer to, or that is the row of many tables,
// is not read as often as an enemy likes. What lies beside the database is read.
func TestSharedPages(t *testing.T) {
	text := "'lamp@example.org' || hex(zeroblob(500000))"
	var messages []string
	for i := range 300 {
		messages = append(messages, fmt.Sprintf("(%d,'message %d',1,0,1)", i+1, i))
	}
	for name, c := range map[string]struct {
		statements []string
		says       string
	}{
		"messages by one person": {[]string{
			`CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT, service TEXT)`,
			`CREATE TABLE message (ROWID INTEGER PRIMARY KEY, text TEXT, handle_id INTEGER, is_from_me INTEGER, date INTEGER)`,
			`INSERT INTO handle VALUES (1, ` + text + `, 'SMS')`, `INSERT INTO message VALUES ` + strings.Join(messages, ","),
		}, "pages are used twice"},
		"tables with one page": {[]string{
			`CREATE TABLE a (body TEXT)`, `INSERT INTO a VALUES (` + text + `)`, `PRAGMA writable_schema=ON`,
			`WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<300) INSERT INTO sqlite_schema SELECT 'table','t'||n,'t'||n,(SELECT rootpage FROM sqlite_schema WHERE name='a'),'CREATE TABLE t'||n||'(body TEXT)' FROM c`,
		}, "pages are used twice"},
		"tables with the rows of one": {[]string{
			`CREATE TABLE a (body INTEGER)`, `WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<5000) INSERT INTO a SELECT 1 FROM c`, `PRAGMA writable_schema=ON`,
			`WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<300) INSERT INTO sqlite_schema SELECT 'table','t'||n,'t'||n,(SELECT rootpage FROM sqlite_schema WHERE name='a'),'CREATE TABLE t'||n||'(body INTEGER)' FROM c`,
		}, "more rows than"},
	} {
		raw := databaseOf(t, c.statements...)
		r, _ := runBytes(t, "e.zip", zipOf(t, entry{name: "sms.db", content: string(raw)}, entry{name: "note.txt", content: note}), us)
		if n := len(r.artifacts) + len(r.findings); n > 200 {
			t.Errorf("%s: %d things were told", name, n)
		}
		if len(r.faults) > 3 || !r.problem("", c.says) {
			t.Errorf("%s: no fault says %q: %v", name, c.says, r.problems())
		}
		if !slices.Contains(r.found(), "note.txt [@9+16] = email:desk@example.org") {
			t.Errorf("%s: what lies beside it is lost", name)
		}
	}
}

// A backup's list that is too long is said at the list, and the files that it names
// later are read as they lie.
func TestLongBackup(t *testing.T) {
	opt := us
	opt.Limits.Entries = 2
	folder := filepath.Join(t.TempDir(), "backup")
	statements := []string{`CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB)`}
	for i := range 3 {
		statements = append(statements, fmt.Sprintf(`INSERT INTO Files VALUES ('%040d', 'HomeDomain', 'note%d.txt', 1, NULL)`, i, i))
	}
	id := fmt.Sprintf("%040d", 2)
	for name, content := range map[string]string{"Manifest.db": string(databaseOf(t, statements...)), filepath.Join("00", id): note} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, _ := run(t, folder, opt)
	if !slices.Contains(r.found(), "00/"+id+" [@9+16] = email:desk@example.org") {
		t.Errorf("%v", r.found())
	}
	if !r.problem("Manifest.db", "not all of the backup's files are given the names") {
		t.Errorf("%v", r.problems())
	}
}
