package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// KeySize is the length of a store's key in bytes.
const KeySize = 32

// Errors that callers tell apart.
var (
	// ErrNotFound: nothing of that name or number is in the store.
	ErrNotFound = errors.New("not found")
	// ErrExists: there is already one of that name.
	ErrExists = errors.New("already there")
	// ErrKey: the file is no store, or the key is not its key.
	ErrKey = errors.New("the store cannot be opened with this key")
	// ErrDamaged: a page's checksum does not hold.
	ErrDamaged = errors.New("the store's file is damaged")
	// ErrFull: the disk is full; nothing of the transaction was kept.
	ErrFull = errors.New("the disk is full")
	// ErrBusy: another process kept the store for longer than the wait.
	ErrBusy = errors.New("another process is writing to the store")
)

// Options are a store's settings; the zero value serves.
type Options struct {
	// Readers is how many connections may read at once (4 when 0).
	Readers int
	// BusyWait is how long a writer waits for another process (30 s when 0).
	BusyWait time.Duration
}

func (o Options) withDefaults() Options {
	if o.Readers == 0 {
		o.Readers = 4
	}
	if o.BusyWait == 0 {
		o.BusyWait = 30 * time.Second
	}
	return o
}

// Store is an open database: one writing connection and several reading ones.
type Store struct {
	path  string
	write *sql.DB
	read  *sql.DB
}

// Create makes a new store at path and refuses one that is there.
func Create(ctx context.Context, path string, key [KeySize]byte, opt Options) (*Store, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("create store %s: %w", path, ErrExists)
	}
	if err != nil {
		return nil, fmt.Errorf("create store: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("create store %s: %w", path, err)
	}
	return open(ctx, path, key, opt)
}

// Open opens the store at path, and brings its schema up to date.
func Open(ctx context.Context, path string, key [KeySize]byte, opt Options) (*Store, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open store %s: %w", path, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if info.Size() == 0 {
		return nil, fmt.Errorf("open store %s: the file is empty: %w", path, ErrDamaged)
	}
	return open(ctx, path, key, opt)
}

func open(ctx context.Context, path string, key [KeySize]byte, opt Options) (*Store, error) {
	opt = opt.withDefaults()
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{path: abs}
	if s.write, err = openWriter(abs, key, opt); err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, explain(err))
	}
	if err := migrate(ctx, s.write); err != nil {
		s.write.Close()
		return nil, fmt.Errorf("open store %s: %w", path, explain(err))
	}
	if s.read, err = openReaders(abs, key, opt); err != nil {
		s.write.Close()
		return nil, fmt.Errorf("open store %s: %w", path, explain(err))
	}
	return s, nil
}

// Close closes every connection.
func (s *Store) Close() error {
	return errors.Join(s.read.Close(), s.write.Close())
}

// Path is the file's absolute path.
func (s *Store) Path() string { return s.path }

// Tx is one transaction; it must not outlive the function it was given to.
type Tx struct {
	tx *sql.Tx
}

// Update runs fn in one writing transaction: all of it is kept, or none.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	return run(ctx, s.write, nil, fn)
}

// View runs fn on one unchanging snapshot; it cannot write.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	return run(ctx, s.read, &sql.TxOptions{ReadOnly: true}, fn)
}

func run(ctx context.Context, db *sql.DB, opt *sql.TxOptions, fn func(*Tx) error) error {
	tx, err := db.BeginTx(ctx, opt)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", explain(err))
	}
	if err := fn(&Tx{tx: tx}); err != nil {
		return errors.Join(explain(err), ignoreDone(tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit transaction: %w", errors.Join(explain(err), ignoreDone(tx.Rollback())))
	}
	return nil
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// Check reads every page and every constraint, and says what does not hold.
func (s *Store) Check(ctx context.Context) error {
	rows, err := s.read.QueryContext(ctx, `PRAGMA integrity_check`)
	if err != nil {
		return fmt.Errorf("check store: %w", explain(err))
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return fmt.Errorf("check store: %w", explain(err))
		}
		if line != "ok" {
			return fmt.Errorf("check store: %s: %w", line, ErrDamaged)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("check store: %w", explain(err))
	}
	return nil
}
