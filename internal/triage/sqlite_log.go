package triage

import (
	"context"
	"errors"
)

// What SQLite leaves beside a database: the write-ahead log (two magics, one for
// each byte order of its checksums) and the rollback journal.
// sqlite.org/fileformat2.html sections 3 and 4.
const (
	walMagicLittle = "\x37\x7f\x06\x82"
	walMagicBig    = "\x37\x7f\x06\x83"
	journalMagic   = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
)

func isSQLiteLog(f *file) bool {
	return hasPrefix(f, walMagicLittle) || hasPrefix(f, walMagicBig) || hasPrefix(f, journalMagic)
}

// readSQLiteLog scans the pages in the log as bytes, and says that this is less
// than reading their rows: the newest rows of a telephone's database may be only
// here.
func readSQLiteLog(ctx context.Context, r *reading, f *file) error {
	if err := readText(ctx, r, f); err != nil {
		return err
	}
	return errors.New("a database's log was scanned as bytes, its rows were not read: they may be newer than the database; open both with SQLite on a copy to put them together")
}
