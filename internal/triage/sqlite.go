package triage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs/readervfs"
)

const (
	sqliteMagic  = "SQLite format 3\x00"
	sqliteHeader = 100      // bytes; sqlite.org/fileformat2.html section 1.3
	writeVersion = 18       // offsets of the two bytes that are 2 when the
	readVersion  = 19       // database keeps a write-ahead log
	sqliteMemory = 64 << 20 // what one open database may take
	largestValue = 16 << 20 // bytes of a row that is read
)

func isSQLite(f *file) bool { return hasPrefix(f, sqliteMagic) && f.size >= 512 }

// database is an enemy's SQLite database, open for reading only.
type database struct {
	conn   *sqlite3.Conn
	place  Place
	tables []table
	byName map[string]int // places in tables, from 1, by name in lower case
	size   int64          // of the file
	left   int64          // rows that may still be read
	bytes  int64          // of values that may still be read
	seeks  map[string]seek
	carved map[string][]record // instead of the rows, by table in lower case; nil outside freed space
	close  func()
}

// openDatabase opens the file in place, with everything off that a schema could
// do on its own: triggers, views, functions in the schema, virtual tables, other
// databases, and any statement but SELECT.
func openDatabase(ctx context.Context, f *file, limits Limits) (*database, error) {
	at, err := f.readerAt()
	if err != nil {
		return nil, err
	}
	return openDatabaseAt(ctx, at, f.size, f.place(), limits)
}

func openDatabaseAt(ctx context.Context, at io.ReaderAt, size int64, place Place, limits Limits) (*database, error) {
	source := &databaseFile{at: at, size: size}
	name := fmt.Sprintf("triage-%p", source)
	readervfs.Create(name, source)
	conn, err := sqlite3.OpenContext(sqlite3.WithMaxMemory(ctx, sqliteMemory),
		"file:"+url.PathEscape(name)+"?vfs=reader&mode=ro&immutable=1")
	if err != nil {
		readervfs.Delete(name)
		return nil, fmt.Errorf("cannot be opened: %w", err)
	}
	db := &database{conn: conn, place: place, size: size, seeks: map[string]seek{}, byName: map[string]int{}}
	db.allow(limits)
	db.close = func() {
		defer readervfs.Delete(name) // even if an out of memory makes Close panic
		for _, seek := range db.seeks {
			seek.statement.Close()
		}
		conn.Close()
	}
	conn.SetInterrupt(ctx)
	if err := harden(conn); err != nil {
		db.close()
		return nil, err
	}
	if err := db.readSchema(); err != nil {
		db.close()
		return nil, fmt.Errorf("its schema cannot be read: %w", err)
	}
	return db, nil
}

func harden(conn *sqlite3.Conn) error {
	settings := map[sqlite3.DBConfig]bool{
		sqlite3.DBCONFIG_TRUSTED_SCHEMA: false, sqlite3.DBCONFIG_ENABLE_TRIGGER: false,
		sqlite3.DBCONFIG_ENABLE_VIEW: false, sqlite3.DBCONFIG_DEFENSIVE: true,
	}
	for setting, on := range settings {
		if _, err := conn.Config(setting, on); err != nil {
			return fmt.Errorf("cannot be hardened: %w", err)
		}
	}
	for limit, value := range map[sqlite3.LimitCategory]int{
		sqlite3.LIMIT_LENGTH: largestValue, sqlite3.LIMIT_SQL_LENGTH: 1 << 20,
		sqlite3.LIMIT_COLUMN: 2000, sqlite3.LIMIT_EXPR_DEPTH: 20, sqlite3.LIMIT_ATTACHED: 0,
		sqlite3.LIMIT_VDBE_OP: 100_000, sqlite3.LIMIT_TRIGGER_DEPTH: 1, sqlite3.LIMIT_WORKER_THREADS: 0,
	} {
		conn.Limit(limit, value)
	}
	// A collation of Android's (LOCALIZED, UNICODE) is unknown here; none is used
	// to read rows in their own order.
	if err := conn.AnyCollationNeeded(); err != nil {
		return fmt.Errorf("cannot be hardened: %w", err)
	}
	for _, pragma := range [...]string{"cell_size_check=ON", "temp_store=MEMORY", "mmap_size=0", "cache_size=-16384"} {
		if err := conn.Exec("PRAGMA " + pragma); err != nil {
			return fmt.Errorf("cannot be opened: %w", err)
		}
	}
	return conn.SetAuthorizer(onlySelect)
}

func onlySelect(action sqlite3.AuthorizerActionCode, name, _, _, _ string) sqlite3.AuthorizerReturnCode {
	switch action {
	case sqlite3.AUTH_SELECT, sqlite3.AUTH_READ:
		return sqlite3.AUTH_OK
	case sqlite3.AUTH_PRAGMA:
		if name == "table_xinfo" {
			return sqlite3.AUTH_OK
		}
	}
	return sqlite3.AUTH_DENY
}

// databaseFile shows SQLite the file without its write-ahead log, which lies in
// another file: SQLite refuses to open the one without the other.
type databaseFile struct {
	at   io.ReaderAt
	size int64
}

func (d *databaseFile) Size() (int64, error) { return d.size, nil }

func (d *databaseFile) ReadAt(p []byte, offset int64) (int, error) {
	n, err := d.at.ReadAt(p, offset)
	for _, version := range [...]int64{writeVersion, readVersion} {
		if i := version - offset; i >= 0 && i < int64(n) && p[i] == 2 {
			p[i] = 1
		}
	}
	return n, err
}

const (
	shortestRow = 4 // bytes of a row and of what points to it
	freeRows    = 10_000
	// Readers of artifacts look up the same persons and chats for many messages.
	valuesPerByte = 16
	freeValues    = 64 << 20
)

// allow says how many rows, and bytes in them, may be read from here on. A true
// database has no more than its pages hold; an enemy's can have one page in many
// tables, and one text of megabytes that every row refers to.
func (db *database) allow(limits Limits) {
	db.left = min(limits.Rows, db.size/shortestRow+freeRows)
	db.bytes = min(db.size, 1<<50)*valuesPerByte + freeValues
}

var errTwice = errors.New("its rows hold more than its pages can: pages are used twice; the rest is not read")

// took counts bytes that were read.
func (db *database) took(n int) error {
	if db.bytes -= int64(n); db.bytes < 0 {
		return errTwice
	}
	return nil
}

// rows runs a SELECT and calls each for every row, within the limit of rows.
func (db *database) rows(ctx context.Context, query string, each func(*sqlite3.Stmt) error) error {
	if db.bytes < 0 {
		return errTwice
	}
	statement, tail, err := db.conn.Prepare(query)
	if err != nil {
		return err
	}
	defer statement.Close()
	if strings.TrimSpace(tail) != "" || !statement.ReadOnly() {
		return errors.New("more than one reading statement")
	}
	for statement.Step() {
		if db.left--; db.left < 0 {
			return errors.New("it has more rows than the limit, or than its pages can hold: the rest is not read")
		}
		if err := each(statement); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return stop{err}
	}
	return statement.Err()
}

// quote makes a name safe inside a statement.
func quote(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}
