package triage

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"parley/internal/triage/sqlitefile"
)

// What SQLite leaves beside a database: the write-ahead log (two magics, one for
// each byte order of its checksums) and the rollback journal.
// sqlite.org/fileformat2.html sections 3 and 4.
const (
	walMagicLittle = "\x37\x7f\x06\x82"
	walMagicBig    = "\x37\x7f\x06\x83"
)

func isWriteAheadLog(f *file) bool {
	return hasPrefix(f, walMagicLittle) || hasPrefix(f, walMagicBig)
}

func isJournal(f *file) bool { return hasPrefix(f, sqlitefile.JournalMagic) }

// readWriteAheadLog reads the rows that the log's commits made or changed: the
// database beside it is read without the log and with it, and what only the second
// has is told, as being in the log. Then what the log holds besides is carved.
func readWriteAheadLog(ctx context.Context, r *reading, f *file) error {
	at, err := f.readerAt()
	if err != nil {
		return err
	}
	log, err := sqlitefile.OpenLog(at, f.size)
	if err != nil {
		return err
	}
	db, missing := openLogged(ctx, f, log, r.opt.Limits)
	if missing != nil {
		log.All()
		if err := r.carvePages(ctx, nil, f.place(), log.Pages); err != nil {
			return err
		}
		return fmt.Errorf("whole rows in it were read, without the names of tables: %w", missing)
	}
	defer db.close()
	newer := *r
	newer.sink, err = r.withoutLog(ctx, f)
	if err != nil {
		return err
	}
	if err := newer.rows(ctx, db); err != nil {
		return err
	}
	return r.carvePages(ctx, db, f.place(), log.Pages)
}

// openLogged opens the database that the log belongs to, as of the last commit.
func openLogged(ctx context.Context, f *file, log *sqlitefile.Log, limits Limits) (*database, error) {
	main, err := f.databaseBeside(ctx, "-wal")
	switch {
	case err != nil:
		return nil, err
	case log.Committed() == 0:
		return nil, errors.New("nothing in it was committed")
	}
	at, err := main.readerAt()
	if err != nil {
		return nil, err
	}
	release := main.hold()
	merged, size, err := log.Over(at, main.size)
	if err != nil {
		release()
		return nil, err
	}
	db, err := openDatabaseAt(ctx, merged, size, f.place(), limits)
	if err != nil {
		release()
		return nil, err
	}
	closed := db.close
	db.close = func() {
		closed()
		release()
	}
	return db, nil
}

// latest opens a database as of the last commit in the log beside it, if one is
// there.
func latest(ctx context.Context, f *file, limits Limits) (*database, error) {
	log, err := f.beside.file(ctx, f.name()+"-wal")
	if err == nil && isWriteAheadLog(log) {
		if db, err := logged(ctx, log, limits); err == nil {
			return db, nil
		}
	}
	return openDatabase(ctx, f, limits)
}

// databaseBeside finds the database that a log or a journal belongs to.
func (f *file) databaseBeside(ctx context.Context, suffix string) (*file, error) {
	name, ok := strings.CutSuffix(f.name(), suffix)
	if !ok {
		name = ""
	}
	main, err := f.beside.file(ctx, name)
	if cause := ctx.Err(); cause != nil {
		return nil, stop{cause}
	}
	if errors.Is(err, errSearched) {
		return nil, err
	}
	if err != nil || !isSQLite(main) {
		return nil, errors.New("the database it belongs to is not beside it")
	}
	return main, nil
}

// withoutLog gives a sink that passes on what the database does not tell of itself.
func (r *reading) withoutLog(ctx context.Context, f *file) (*newerSink, error) {
	newer := &newerSink{Sink: r.sink, seen: make(map[[16]byte]bool), gathering: true}
	main, err := f.databaseBeside(ctx, "-wal")
	if err != nil {
		return nil, err
	}
	defer main.hold()()
	older := *r
	older.sink = newer
	if db, err := openDatabase(ctx, main, r.opt.Limits); err == nil {
		err = older.rows(ctx, db)
		db.close()
		if err != nil {
			return nil, err
		}
	}
	newer.gathering = false
	return newer, nil
}

// carvePages carves pages that lie in a log or a journal.
func (r *reading) carvePages(ctx context.Context, db *database, place Place, pages func(func(sqlitefile.Stretch) error) error) error {
	c := newCarving(r, db, place)
	if err := pages(func(s sqlitefile.Stretch) error { return c.stretch(ctx, s) }); err != nil {
		return err
	}
	return c.applications(ctx)
}

// readJournal carves the rollback journal: its pages are what the database held
// before a transaction, and mostly holds still.
func readJournal(ctx context.Context, r *reading, f *file) error {
	at, err := f.readerAt()
	if err != nil {
		return err
	}
	var db *database
	main, err := f.databaseBeside(ctx, "-journal")
	if _, ends := errors.AsType[stop](err); ends {
		return err
	}
	if err == nil {
		defer main.hold()()
		if db, err = openDatabase(ctx, main, r.opt.Limits); err == nil {
			defer db.close()
		}
	}
	return r.carvePages(ctx, db, f.place(), func(each func(sqlitefile.Stretch) error) error {
		return sqlitefile.JournalPages(at, f.size, each)
	})
}

// mostSeen bounds what is remembered of a database to tell what is new in its log.
const mostSeen = 5_000_000

// newerSink first gathers what a database tells, then passes on what is not that.
type newerSink struct {
	Sink
	seen      map[[16]byte]bool
	gathering bool
}

// known reports whether this was told before; only its file may differ.
func (n *newerSink) known(thing any) bool {
	raw, err := json.Marshal(thing)
	if err != nil {
		return false
	}
	sum := sha256.Sum256(raw)
	key := [16]byte(sum[:16])
	if n.gathering && len(n.seen) < mostSeen {
		n.seen[key] = true
	}
	return n.gathering || n.seen[key]
}

func (n *newerSink) Finding(f Finding) error {
	same := f
	if same.Place.Chain = nil; n.known(same) {
		return nil
	}
	return n.Sink.Finding(f)
}

func (n *newerSink) Artifact(a Artifact) error {
	same := a
	if same.Place.Chain = nil; n.known(same) {
		return nil
	}
	return n.Sink.Artifact(a)
}

func (n *newerSink) Fault(f Fault) error {
	if n.gathering {
		return nil // the database's own reading tells it
	}
	return n.Sink.Fault(f)
}

// logged opens the database for a place in its log.
func logged(ctx context.Context, f *file, limits Limits) (*database, error) {
	at, err := f.readerAt()
	if err != nil {
		return nil, err
	}
	log, err := sqlitefile.OpenLog(io.NewSectionReader(at, 0, f.size), f.size)
	if err != nil {
		return nil, err
	}
	return openLogged(ctx, f, log, limits)
}
