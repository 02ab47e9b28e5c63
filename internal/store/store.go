package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
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
	ErrKey = errors.New("the store cannot be opened: the key is not its key, or the file is no store")
	// ErrDamaged: a page's checksum does not hold.
	ErrDamaged = errors.New("the store's file is damaged")
	// ErrFull: the disk is full, over its quota or broken (the engine does not
	// always say which); nothing of the transaction was kept.
	ErrFull = errors.New("the disk is full or cannot be written")
	// ErrBusy: another process kept the store for longer than the wait.
	ErrBusy = errors.New("another process is writing to the store")
)

// Options are a store's settings; the zero value serves.
type Options struct {
	// Readers is how many connections may read at once (4 when 0).
	Readers int
	// BusyWait is how long a writer waits for another process (30 s when 0).
	BusyWait time.Duration
	// Plain leaves the file unencrypted, to see what encryption costs. No node
	// has such a store: what it holds would be anybody's who takes the disk.
	Plain bool
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
	key   *[KeySize]byte // what connections are opened with; wiped by Close
	write *sql.DB
	read  *sql.DB
	erase *sql.DB // empties the log of writes; never waits
	codec *codec

	writing, reading statements // compiled once for each connection
	recents          recents    // ids of members that are in no index yet

	unscrubbed atomic.Bool // the log still holds a secret that was replaced
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
	s, err := open(ctx, path, key, opt)
	if err != nil {
		remove(path) // nothing is in it, and it would keep a second attempt from working
		return nil, err
	}
	return s, nil
}

// remove takes away a store that could not be made.
func remove(path string) {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(path + suffix)
	}
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
	s := &Store{path: abs, key: &key}
	if s.codec, err = newCodec(); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if s.write, err = openWriter(abs, s.key, opt); err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, explain(err))
	}
	if err := s.write.PingContext(ctx); err != nil { // the first page opens, or does not
		return nil, fmt.Errorf("open store %s: %w", path, errors.Join(explain(err), s.Close()))
	}
	if err := migrate(ctx, s.write); err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, errors.Join(explain(err), s.Close()))
	}
	s.writing.db = s.write
	if s.read, err = openReaders(abs, s.key, opt); err == nil {
		s.reading.db = s.read
		s.erase, err = openEraser(abs, s.key, opt)
	}
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, errors.Join(explain(err), s.Close()))
	}
	return s, nil
}

// Close closes every connection and wipes the key.
func (s *Store) Close() error {
	defer clear(s.key[:])
	var all []error
	for _, db := range []*sql.DB{s.erase, s.read, s.write} {
		if db != nil {
			all = append(all, db.Close())
		}
	}
	return errors.Join(all...)
}

// Path is the file's absolute path.
func (s *Store) Path() string { return s.path }

// Tx is one transaction; it must not outlive the function it was given to.
type Tx struct {
	tx       *sql.Tx
	codec    *codec
	recents  *recents
	compiled *statements          // of the connections it may run on
	prepared map[string]*sql.Stmt // those it uses, by their text
	erased   bool                 // a secret was replaced: see Store.scrub
	started  *int64               // the clock of members when it was first asked for
	own      map[int64]*recent    // what it added itself, by collection
}

// Update runs fn in one writing transaction: all of it is kept, or none.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	tx, err := s.run(ctx, &s.writing, func(tx *Tx) error {
		if err := provided(ctx, tx); err != nil {
			return err
		}
		return fn(tx)
	})
	if err != nil {
		return err
	}
	s.recents.publish(tx.own)
	if tx.erased || s.unscrubbed.Load() {
		s.scrub(ctx)
	}
	return nil
}

// View runs fn on one unchanging snapshot; it cannot write, since its connection
// does not. (To say so again for the transaction would make the engine compile
// every query anew.)
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	_, err := s.run(ctx, &s.reading, fn)
	return err
}

func (s *Store) run(ctx context.Context, compiled *statements, fn func(*Tx) error) (*Tx, error) {
	compiled.compile(ctx)
	begun, err := compiled.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("begin transaction: %w", explain(err))
	}
	tx := &Tx{tx: begun, codec: s.codec, recents: &s.recents, compiled: compiled, prepared: map[string]*sql.Stmt{}}
	returned := false
	defer func() {
		if !returned { // a panic; not waited for, since one in the engine leaves it locked
			go func() { _ = begun.Rollback() }()
		}
	}()
	err = fn(tx)
	returned = true
	if err != nil {
		_ = begun.Rollback() // fails only where the engine gave the transaction up itself
		return nil, explain(err)
	}
	if err := begun.Commit(); err != nil {
		return nil, fmt.Errorf("commit transaction: %w", explain(err))
	}
	return tx, nil
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
			return fmt.Errorf("check store: %s: %w", strings.Join(strings.Fields(line), " "), ErrDamaged)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("check store: %w", explain(err))
	}
	return nil
}
