package triage

import (
	"context"
	"errors"
	"fmt"
	"io"

	"parley/internal/triage/sevenzip"
)

func isSevenZip(f *file) bool { return hasPrefix(f, sevenzip.Magic) }

// sevenZipEntries gives the entries in the archive's order: those packed together
// are unpacked once as they are read.
func sevenZipEntries(ctx context.Context, r *reading, f *file, yield func(item) error) error {
	at, err := f.readerAt()
	if err != nil {
		return err
	}
	left := r.opt.Limits.allowance(f.size, nil).left
	archive, err := sevenzip.Open(at, f.size, sevenzip.Limits{
		Header: min(r.opt.Limits.EntryBytes, left), Dictionary: dictionaryBytes, Files: r.opt.Limits.Entries,
	})
	if err != nil {
		return err
	}
	names := newNames()
	for i, entry := range archive.Files {
		if err := ctx.Err(); err != nil {
			return stop{err}
		}
		if left -= entry.Size; left < 0 {
			return fmt.Errorf("its entries up to number %d claim more than it may expand to: %w; the rest is not read", i+1, errBudget)
		}
		if entry.IsFolder {
			continue
		}
		it := f.child(names.unique(entry.Name))
		if problem := entryProblem(entry); problem != nil {
			if err := r.fault(it.place(), problem); err != nil {
				return err
			}
			if entry.IsLink() {
				continue
			}
		}
		it.size = entry.Size
		it.open = func() (io.ReadCloser, error) { return archive.Open(i) }
		if err := yield(it); err != nil {
			return err
		}
	}
	if n := archive.Claimed(); n > len(archive.Files) {
		return fmt.Errorf("it has %d entries, more than the limit of %d: the rest is not read", n, r.opt.Limits.Entries)
	}
	return nil
}

func entryProblem(entry sevenzip.File) error {
	if entry.IsLink() {
		return errors.New("it is a symbolic link: not followed")
	}
	return unsafeName(entry.Name)
}
