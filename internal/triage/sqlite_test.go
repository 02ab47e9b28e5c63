package triage_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ncruces/go-sqlite3"

	"parley/internal/triage"
	"parley/selector"
)

// The tables of Android's databases, as far as they matter, as Android makes them.
var (
	contactsSchema = []string{
		`CREATE TABLE mimetypes (_id INTEGER PRIMARY KEY AUTOINCREMENT, mimetype TEXT NOT NULL)`,
		`CREATE TABLE raw_contacts (_id INTEGER PRIMARY KEY AUTOINCREMENT, account_id INTEGER, display_name TEXT, deleted INTEGER NOT NULL DEFAULT 0, sort_key TEXT COLLATE PHONEBOOK)`,
		`CREATE TABLE data (_id INTEGER PRIMARY KEY AUTOINCREMENT, mimetype_id INTEGER NOT NULL, raw_contact_id INTEGER NOT NULL, data1 TEXT, data2 TEXT, data3 TEXT, data4 TEXT)`,
		`CREATE VIEW view_data AS SELECT data1 FROM data`,
	}
	smsSchema = []string{
		`CREATE TABLE sms (_id INTEGER PRIMARY KEY, thread_id INTEGER, address TEXT, person INTEGER, date INTEGER, date_sent INTEGER DEFAULT 0, protocol INTEGER, read INTEGER DEFAULT 0, status INTEGER DEFAULT -1, type INTEGER, reply_path_present INTEGER, subject TEXT, body TEXT, service_center TEXT)`,
	}
	callsSchema = []string{
		`CREATE TABLE calls (_id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT, date INTEGER, duration INTEGER, type INTEGER, name TEXT)`,
	}
)

func TestContacts(t *testing.T) {
	raw := databaseOf(t, append(contactsSchema[:1:1],
		`CREATE TABLE raw_contacts (_id INTEGER PRIMARY KEY AUTOINCREMENT, display_name TEXT)`, contactsSchema[2],
		`INSERT INTO mimetypes VALUES (1,'vnd.android.cursor.item/email_v2'),(5,'vnd.android.cursor.item/phone_v2'),(7,'vnd.android.cursor.item/name'),(9,'vnd.android.cursor.item/note')`,
		`INSERT INTO raw_contacts VALUES (3,'Samir Halloran'),(8,NULL),(9,'Nobody')`,
		`INSERT INTO data VALUES (1,7,3,'Samir H.',NULL,NULL,NULL),(2,5,3,'(202) 555-0147','2',NULL,NULL),(3,1,3,'Desk@Example.org',NULL,NULL,NULL),
			(4,7,8,'Second',NULL,NULL,NULL),(5,9,8,'see t.me/lamp_light',NULL,NULL,NULL)`)...)
	r, path := runBytes(t, "contacts2.db", raw, us)
	want := []string{
		"[data row 2 data1 @0+14] = phone:+12025550147", "[data row 3 data1 @0+16] = email:desk@example.org",
		"[data row 5 data1 @4+15] = telegram:lamp_light",
	}
	if diff := cmp.Diff(want, r.found()); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	file := []string{"contacts2.db"}
	wantArtifacts := []triage.Artifact{
		{
			Kind: triage.KindContact, Place: triage.Place{Chain: file, Table: "raw_contacts", Row: 3}, Name: "Samir Halloran", Application: "Android contacts",
			Selectors: []selector.Selector{{Kind: selector.Phone, Value: "+12025550147"}, {Kind: selector.Email, Value: "desk@example.org"}},
		},
		{
			Kind: triage.KindContact, Place: triage.Place{Chain: file, Table: "raw_contacts", Row: 8}, Name: "Second", Application: "Android contacts",
			Text: "see t.me/lamp_light", Selectors: []selector.Selector{{Kind: selector.Telegram, Value: "lamp_light"}},
		},
		{Kind: triage.KindContact, Place: triage.Place{Chain: file, Table: "raw_contacts", Row: 9}, Name: "Nobody", Application: "Android contacts"},
	}
	if diff := cmp.Diff(wantArtifacts, r.artifacts); diff != "" {
		t.Errorf("artifacts (-want +got):\n%s", diff)
	}
	checkPlaces(t, path, r, us)
}

// Android's own collations are not here; its tables are read all the same.
func TestUnknownCollation(t *testing.T) {
	raw := databaseOf(t, `CREATE TABLE t (_id INTEGER PRIMARY KEY, k TEXT, v TEXT)`, `INSERT INTO t VALUES (4,'b','desk@example.org')`)
	// The name of the collation is put into the schema by hand: SQLite would
	// refuse to make such a table without knowing it.
	raw = bytes.Replace(raw, []byte("k TEXT, v TEXT)"), []byte("k COLLATE LOC,v"), 1)
	raw = bytes.Replace(raw, []byte("k COLLATE LOC,v"), []byte("k COLLATE LO,v)"), 1)
	r, _ := runBytes(t, "x.db", raw, us)
	if diff := cmp.Diff([]string{"[t row 4 v @0+16] = email:desk@example.org"}, r.found()); diff != "" {
		t.Errorf("%s\n%v", diff, r.faults)
	}
}

func TestMessagesAndCalls(t *testing.T) {
	raw := databaseOf(t, append(append(smsSchema, callsSchema...),
		`INSERT INTO sms (_id,address,date,type,body) VALUES (3,'+12025550147',1704457845000,1,'Meet at eight: https://example.org/x'),(4,'SERVICE',0,2,'ok')`,
		`INSERT INTO calls VALUES (7,'2025550148',1704457845000,65,2,'Samir'),(8,'',0,0,3,NULL)`)...)
	r, path := runBytes(t, "mmssms.db", raw, us)
	at := time.Date(2024, 1, 5, 12, 30, 45, 0, time.UTC)
	file := []string{"mmssms.db"}
	want := []triage.Artifact{
		{
			Kind: triage.KindMessage, Place: triage.Place{Chain: file, Table: "sms", Row: 3}, Time: at, From: "+12025550147", Application: "SMS", Text: "Meet at eight: https://example.org/x",
			Selectors: []selector.Selector{{Kind: selector.Phone, Value: "+12025550147"}, {Kind: selector.URL, Value: "https://example.org/x"}},
		},
		{Kind: triage.KindMessage, Place: triage.Place{Chain: file, Table: "sms", Row: 4}, To: "SERVICE", Application: "SMS", Text: "ok"},
		{
			Kind: triage.KindCall, Place: triage.Place{Chain: file, Table: "calls", Row: 7}, Time: at, To: "2025550148", Name: "Samir", Application: "Android calls", Text: "outgoing, 1m5s",
			Selectors: []selector.Selector{{Kind: selector.Phone, Value: "+12025550148"}},
		},
		{Kind: triage.KindCall, Place: triage.Place{Chain: file, Table: "calls", Row: 8}, Application: "Android calls", Text: "missed"},
	}
	if diff := cmp.Diff(want, r.artifacts); diff != "" {
		t.Errorf("artifacts (-want +got):\n%s", diff)
	}
	checkPlaces(t, path, r, us)
}

func TestShowRow(t *testing.T) {
	path := write(t, "x.db", databaseOf(t, `CREATE TABLE t (a TEXT, b BLOB, c INTEGER)`, `INSERT INTO t VALUES ('write to desk@example.org now', x'0102', 7)`))
	e, err := triage.Show(t.Context(), path, triage.Place{Chain: []string{"x.db"}, Table: "t", Row: 1, Column: "a", Offset: 9, Length: 16}, us)
	if err != nil || e.Before != "write to " || e.Match != "desk@example.org" || e.After != " now" {
		t.Errorf("%+v, %v", e, err)
	}
	want := []triage.Cell{{Column: "a", Value: "write to desk@example.org now"}, {Column: "b", Value: "(2 bytes)"}, {Column: "c", Value: "7"}}
	if diff := cmp.Diff(want, e.Row); diff != "" {
		t.Error(diff)
	}
	for _, p := range []triage.Place{
		{Chain: []string{"x.db"}, Table: "t", Row: 9},
		{Chain: []string{"x.db"}, Table: "u", Row: 1},
		{Chain: []string{"x.db"}, Table: "t", Row: 1, Column: "a", Offset: 20, Length: 16},
	} {
		if e, err := triage.Show(t.Context(), path, p, us); err == nil {
			t.Errorf("%s shows %+v", p, e)
		}
	}
}

// Tables of every shape, and names an enemy would choose.
func TestTablesOfEveryShape(t *testing.T) {
	raw := databaseOf(t,
		`CREATE TABLE plain (a TEXT)`, `INSERT INTO plain VALUES ('a@example.org')`,
		`CREATE TABLE without (k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID`, `INSERT INTO without VALUES ('z','c@example.org'),('a','b@example.org')`,
		`CREATE TABLE shadow (rowid TEXT, _rowid_ TEXT, oid TEXT)`, `INSERT INTO shadow VALUES ('d@example.org','','')`,
		`CREATE TABLE alias (rowid TEXT)`, `INSERT INTO alias (_rowid_, rowid) VALUES (42,'e@example.org')`,
		`CREATE TABLE "odd "" name; DROP TABLE plain" ("col ] @1" TEXT)`, `INSERT INTO "odd "" name; DROP TABLE plain" VALUES ('f@example.org')`,
		`CREATE TABLE typed (n INTEGER, b BLOB)`, `INSERT INTO typed VALUES ('g@example.org', CAST('h@example.org' AS BLOB))`,
		`CREATE TABLE computed (a TEXT, b TEXT AS (a || 'x@example.org'))`, `INSERT INTO computed VALUES ('i@example.org ')`,
		`CREATE TABLE "select" (a TEXT)`, `INSERT INTO "select" VALUES ('j@example.org')`)
	r, path := runBytes(t, "x.db", raw, us)
	want := []string{
		"[alias row 42 rowid @0+13] = email:e@example.org",
		"[computed row 1 a @0+13] = email:i@example.org",
		`[odd%20"%20name;%20DROP%20TABLE%20plain row 1 col%20%5D%20%401 @0+13] = email:f@example.org`,
		"[plain row 1 a @0+13] = email:a@example.org",
		"[select row 1 a @0+13] = email:j@example.org",
		"[shadow row 1 rowid @0+13] = email:d@example.org",
		"[typed row 1 n @0+13] = email:g@example.org",
		"[typed row 1 b @0+13] = email:h@example.org",
		"[without row 1 v @0+13] = email:b@example.org",
		"[without row 2 v @0+13] = email:c@example.org",
	}
	if diff := cmp.Diff(want, r.found()); diff != "" {
		t.Errorf("(-want +got):\n%s\n%v", diff, r.faults)
	}
	checkPlaces(t, path, r, us)
}

func TestUTF16Database(t *testing.T) {
	raw := databaseOf(t, `PRAGMA encoding='UTF-16le'`, `CREATE TABLE t (a TEXT)`, `INSERT INTO t VALUES ('лампа desk@example.org')`)
	r, path := runBytes(t, "x.db", raw, us)
	if diff := cmp.Diff([]string{"[t row 1 a @11+16] = email:desk@example.org"}, r.found()); diff != "" {
		t.Error(diff)
	}
	checkPlaces(t, path, r, us)
}

// A database that keeps a write-ahead log says so in its header.
func TestDatabaseInWALMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wal.db")
	conn, err := sqlite3.Open("file:" + filepath.ToSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{`PRAGMA journal_mode=WAL`, `CREATE TABLE t (a TEXT)`, `INSERT INTO t VALUES ('desk@example.org')`} {
		if err := conn.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	conn.Close()
	raw, err := os.ReadFile(path)
	if err != nil || raw[18] != 2 {
		t.Fatalf("no database in WAL mode: %v", err)
	}
	r, path := runBytes(t, "wal.db", raw, us)
	if diff := cmp.Diff([]string{"[t row 1 a @0+16] = email:desk@example.org"}, r.found()); diff != "" {
		t.Errorf("%s %v", diff, r.faults)
	}
	checkPlaces(t, path, r, us)
}

// A write-ahead log without its database is read row by row, and what is missed
// is said.
func TestWriteAheadLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wal.db")
	conn, err := sqlite3.Open("file:" + filepath.ToSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, statement := range []string{`PRAGMA journal_mode=WAL`, `CREATE TABLE t (a TEXT)`, `INSERT INTO t VALUES ('write to desk@example.org ')`} {
		if err := conn.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(path + "-wal")
	if err != nil {
		t.Skipf("this system keeps no log beside a database: %v", err)
	}
	r, path := runBytes(t, "wal.db-wal", raw, us)
	if len(r.findings) == 0 || r.findings[0].Raw != "desk@example.org" || !r.problem("wal.db-wal", "without the names of tables") {
		t.Errorf("%v %v", r.found(), r.faults)
	}
	checkPlaces(t, path, r, us)
}

// What a schema could make a reader do is not done.
func TestMaliciousSchema(t *testing.T) {
	for _, statements := range [][]string{
		{`CREATE TABLE t (a TEXT)`, `INSERT INTO t VALUES ('desk@example.org')`, `CREATE VIEW sms AS SELECT 1 _id, a address, 2 date, 1 type, a||randomblob(1e9) body FROM t`},
		{`CREATE TABLE t (a TEXT)`, `INSERT INTO t VALUES ('desk@example.org')`, `CREATE VIEW w AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT x FROM c`},
		{`CREATE TABLE t (a TEXT)`, `INSERT INTO t VALUES ('desk@example.org')`, `ALTER TABLE t ADD COLUMN b AS (hex(zeroblob(100000000)))`},
		{`CREATE TABLE t (a TEXT)`, `INSERT INTO t VALUES ('desk@example.org')`, `CREATE INDEX i ON t (a||a)`, `CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END`},
	} {
		r, _ := runBytes(t, "x.db", databaseOf(t, statements...), us)
		if diff := cmp.Diff([]string{"[t row 1 a @0+16] = email:desk@example.org"}, r.found()); diff != "" {
			t.Errorf("%q: %s %v", statements, diff, r.faults)
		}
	}
}

// A value of the largest size is read, a larger one is a fault; neither takes
// more memory than a database may.
func TestLargeValues(t *testing.T) {
	for _, c := range []struct {
		size int
		says string
	}{{15 << 20, ""}, {40 << 20, "breaks off"}} {
		raw := databaseOf(t, `CREATE TABLE a (x TEXT)`, `CREATE TABLE b (x TEXT)`, `INSERT INTO b VALUES ('desk@example.org')`,
			fmt.Sprintf(`INSERT INTO a VALUES (printf('%%*s', %d, 'lamp@example.org'))`, c.size))
		r, path := runBytes(t, "x.db", raw, us)
		want := []string{"[b row 1 x @0+16] = email:desk@example.org"}
		if c.says == "" {
			want = []string{fmt.Sprintf("[a row 1 x @%d+16] = email:lamp@example.org", c.size-16), want[0]}
		} else if !r.problem("", c.says) {
			t.Errorf("faults: %v", r.faults)
		}
		if diff := cmp.Diff(want, r.found()); diff != "" {
			t.Errorf("%d bytes: %s %v", c.size, diff, r.faults)
		}
		checkPlaces(t, path, r, us)
	}
}

// A broken page costs its table; the others are read.
func TestBrokenTable(t *testing.T) {
	statements := []string{`PRAGMA page_size=512`, `CREATE TABLE a (x TEXT)`, `CREATE TABLE b (x TEXT)`, `INSERT INTO b VALUES ('desk@example.org')`}
	for n := range 200 {
		statements = append(statements, fmt.Sprintf(`INSERT INTO a VALUES ('row %d %s')`, n, strings.Repeat("x", 100)))
	}
	raw := databaseOf(t, statements...)
	at := bytes.Index(raw, []byte("row 150 "))
	page := at / 512 * 512
	copy(raw[page:page+512], bytes.Repeat([]byte{0xee}, 512))
	r, _ := runBytes(t, "x.db", raw, us)
	if diff := cmp.Diff([]string{"[b row 1 x @0+16] = email:desk@example.org"}, r.found()); diff != "" {
		t.Error(diff)
	}
	if len(r.faults) != 1 || r.faults[0].Place.Table != "a" || r.faults[0].Place.Row < 100 || !r.problem("", "breaks off after this row") {
		t.Errorf("faults: %v", r.faults)
	}
}

func TestLimitOfRows(t *testing.T) {
	opt := us
	opt.Limits.Rows = 20
	statements := []string{`CREATE TABLE t (a TEXT)`}
	for range 30 {
		statements = append(statements, `INSERT INTO t VALUES ('desk@example.org')`)
	}
	r, _ := runBytes(t, "x.db", databaseOf(t, statements...), opt)
	if len(r.findings) == 0 || len(r.findings) > 20 || !r.problem("", "more rows than the limit") {
		t.Errorf("%d findings, %v", len(r.findings), r.faults)
	}
}

func TestNoDatabase(t *testing.T) {
	whole := databaseOf(t, `CREATE TABLE t (a TEXT)`, `INSERT INTO t VALUES ('desk@example.org')`)
	for name, raw := range map[string][]byte{
		"cut": whole[:1000], "garbage": append(whole[:100:100], bytes.Repeat([]byte{0xff}, 4000)...),
	} {
		r, _ := runBytes(t, name, raw, us)
		if len(r.faults) != 1 || len(r.files) != 1 {
			t.Errorf("%s: faults %v", name, r.faults)
		}
	}
}
