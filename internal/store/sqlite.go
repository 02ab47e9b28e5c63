package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/ext/fts5"
	"github.com/ncruces/go-sqlite3/vfs"
	_ "github.com/ncruces/go-sqlite3/vfs/adiantum" // the encrypting file system, by its name in the address
)

// This file holds all that is SQLite's own: the driver, its settings, its
// error codes.

// cacheKiB is the page cache of one connection. A connection's memory is
// capped at 256 MiB, so the cache stays well below.
const cacheKiB = 64 << 10

// byType stands behind a table's name where the engine, which has no figures on
// how many members a collection has, would not find the index by itself.
const byType = ` INDEXED BY member_type `

func openWriter(path string, key *[KeySize]byte, opt Options) (*sql.DB, error) {
	db, err := driver.Open(address(path, "immediate", opt), func(c *sqlite3.Conn) error {
		if err := unlock(c, key, opt); err != nil {
			return err
		}
		return c.Exec(`PRAGMA journal_mode=wal;
			PRAGMA synchronous=full;
			PRAGMA secure_delete=on;
			PRAGMA wal_autocheckpoint=16000;
			PRAGMA foreign_keys=on`)
	})
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	return db, nil
}

func openReaders(path string, key *[KeySize]byte, opt Options) (*sql.DB, error) {
	db, err := driver.Open(address(path, "deferred", opt), func(c *sqlite3.Conn) error {
		if err := unlock(c, key, opt); err != nil {
			return err
		}
		return c.Exec(`PRAGMA query_only=on`)
	})
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(opt.Readers)
	db.SetMaxIdleConns(opt.Readers)
	return db, nil
}

// openEraser opens the connection that empties the log of writes. It does not
// wait: where somebody reads, the log is emptied after a later change.
func openEraser(path string, key *[KeySize]byte, opt Options) (*sql.DB, error) {
	opt.BusyWait = 0
	db, err := driver.Open(address(path, "deferred", opt), func(c *sqlite3.Conn) error {
		return unlock(c, key, opt)
	})
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	return db, nil
}

// scrub moves what stands in the log of writes into the file, over what stood
// there before, and cuts the log to nothing. A log keeps old pages until it is
// written over: keys of the channel and of matches that are gone from the
// tables would still be in it for whoever takes the disk and the passphrase.
//
// It never fails an update that is already kept. What could not be done now is
// done after the next one.
func (s *Store) scrub(ctx context.Context) {
	s.unscrubbed.Store(true)
	var busy, frames, moved int64
	err := s.erase.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &moved)
	if err == nil && busy == 0 {
		s.unscrubbed.Store(false)
	}
}

// address holds no secret: the key goes in by a statement, so that no error
// that quotes the address can show it. The log gets the file's own permissions.
func address(path, txlock string, opt Options) string {
	u := url.URL{Scheme: "file", OmitHost: true, Path: path}
	q := url.Values{"_txlock": {txlock}, "modeof": {path}}
	if !opt.Plain {
		q.Set("vfs", "adiantum")
	}
	return u.String() + "?" + strings.ReplaceAll(q.Encode(), "+", "%20") // the engine takes a plus for a plus
}

// unlock gives a new connection the key, and sees that the first page opens.
// An empty file gets its page checksums here, before anything is written.
func unlock(c *sqlite3.Conn, key *[KeySize]byte, opt Options) error {
	if !opt.Plain {
		if err := c.Exec(`PRAGMA hexkey='` + hex.EncodeToString(key[:]) + `'`); err != nil {
			return errors.New("the key was not taken") // never the statement's own error: it quotes the key
		}
	}
	if err := c.BusyTimeout(opt.BusyWait); err != nil {
		return err
	}
	if err := c.Exec(fmt.Sprintf(`PRAGMA temp_store=memory; PRAGMA trusted_schema=off; PRAGMA cache_size=-%d`, cacheKiB)); err != nil {
		return err
	}
	// A query keeps the plan it was compiled with, whatever is asked for: else the
	// engine would compile many of them anew each time.
	if _, err := c.Config(sqlite3.DBCONFIG_ENABLE_QPSG, true); err != nil {
		return err
	}
	if err := fts5.Register(c); err != nil {
		return fmt.Errorf("load the index of words: %w", err)
	}
	if opt.Plain { // without checksums too: the driver cannot empty the log of an unencrypted file that has them
		return nil
	}
	if err := readHeader(c); err != nil {
		return err
	}
	tables, err := number(c, `SELECT count(*) FROM sqlite_schema`)
	if err != nil {
		return err
	}
	if tables == 0 {
		if err := c.EnableChecksums("main"); err != nil {
			return err
		}
	}
	on, err := number(c, `PRAGMA checksum_verification`)
	if err == nil && on != 1 {
		err = fmt.Errorf("its pages carry no checksums: %w", ErrDamaged)
	}
	return err
}

// readHeader reads the start of the file itself, whatever the log of writes
// holds. The layer that checks pages learns there that they carry checksums. A
// connection without it checks nothing and, worse, moves pages from the log to
// the file without giving them any; and it would be without it where it got
// its key after it was opened and finds the first page in the log.
func readHeader(c *sqlite3.Conn) error {
	file, err := c.FileControl("main", sqlite3.FCNTL_FILE_POINTER)
	if err != nil {
		return err
	}
	f, ok := file.(vfs.File)
	if !ok {
		return errors.New("the database's file cannot be read directly")
	}
	if _, err := f.ReadAt(make([]byte, headerSize), 0); !errors.Is(err, io.EOF) { // a new file has none yet
		return err
	}
	return nil
}

// headerSize is the length of the header of an SQLite file in bytes.
const headerSize = 100

// number runs a query on a connection that has no transaction yet.
func number(c *sqlite3.Conn, query string) (int, error) {
	stmt, _, err := c.Prepare(query)
	if err != nil {
		return 0, err
	}
	defer stmt.Close()
	if !stmt.Step() {
		return 0, stmt.Err()
	}
	return stmt.ColumnInt(0), nil
}

// insertNew runs an INSERT that does nothing where the row is there, and
// returns the new row's number and whether there is one. It asks the engine
// for the number: RETURNING, which PostgreSQL would need here, makes SQLite
// keep a journal for every row and takes twice as long.
func (tx *Tx) insertNew(ctx context.Context, query string, args ...any) (id int64, added bool, err error) {
	stmt, err := tx.prepare(ctx, query)
	if err != nil {
		return 0, false, err
	}
	res, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, false, explain(err)
	}
	n, err := res.RowsAffected()
	if err != nil || n == 0 {
		return 0, false, explain(err)
	}
	id, err = res.LastInsertId()
	return id, true, explain(err)
}

// explain turns the engine's code into the store's error, so that callers and
// people need not know SQLite. An error that was explained is left as it is.
func explain(err error) error {
	switch {
	case err == nil:
		return nil
	case explained(err):
		return err
	case errors.Is(err, sqlite3.NOTADB):
		return fmt.Errorf("%w (%w)", ErrKey, err)
	case errors.Is(err, sqlite3.IOERR_DATA), errors.Is(err, sqlite3.CORRUPT):
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	case errors.Is(err, sqlite3.FULL), errors.Is(err, sqlite3.IOERR_WRITE), errors.Is(err, sqlite3.IOERR_FSYNC),
		errors.Is(err, sqlite3.IOERR_TRUNCATE), errors.Is(err, sqlite3.IOERR_SHMSIZE):
		return fmt.Errorf("%w (%w)", ErrFull, err)
	case errors.Is(err, sqlite3.BUSY):
		return fmt.Errorf("%w (%w)", ErrBusy, err)
	case errors.Is(err, sqlite3.CONSTRAINT_UNIQUE), errors.Is(err, sqlite3.CONSTRAINT_PRIMARYKEY):
		return fmt.Errorf("%w (%w)", ErrExists, err)
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	}
	return err
}

func explained(err error) bool {
	for _, known := range []error{ErrNotFound, ErrExists, ErrKey, ErrDamaged, ErrFull, ErrBusy} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}
