package triage

import (
	"context"
	"errors"
	"sync"
)

// beside finds the files that lie in the same container as another: the database
// of a log, the next segment of an image, the list of a backup's files.
type beside struct {
	limits Limits
	open   func(ctx context.Context, name string) (item, error)

	search search // of those containers that must be gone through

	mu    sync.Mutex
	lists map[string]backupNames // of backups, by their folder
	named int                    // bytes in them
	kept  []*diskFile            // files that others are read with, open until the end
}

var errNotBeside = errors.New("it is not there")

func newBeside(limits Limits, open func(ctx context.Context, name string) (item, error)) *beside {
	return &beside{limits: limits, open: open}
}

// file reads enough of a file beside another to read anywhere in it. Its bytes are
// not charged: they have been, or will be, as those of a file of its own.
func (b *beside) file(ctx context.Context, name string) (*file, error) {
	if b == nil || name == "" {
		return nil, errNotBeside
	}
	it, err := b.open(ctx, name)
	if err != nil {
		return nil, err
	}
	it.beside, it.budget = b, b.limits.allowance(max(it.size, 0), nil)
	return glance(ctx, it, b.limits)
}

// keep holds a file open until the evidence is closed.
func (b *beside) keep(f *file) {
	disk, ok := f.at.(*diskFile)
	if !ok {
		return
	}
	disk.hold()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept = append(b.kept, disk)
}

func (b *beside) close() {
	if b == nil {
		return
	}
	for _, disk := range b.kept {
		disk.release()
	}
}

// glance reads the beginning of an item that can be read anywhere; another is
// read whole.
func glance(ctx context.Context, it item, limits Limits) (*file, error) {
	if it.at == nil {
		return load(ctx, it, limits, nil)
	}
	f := &file{item: it, size: it.size, inside: limits.allowance(it.size, it.budget)}
	f.near = newBeside(limits, f.entry)
	if it.data != nil {
		f.head = it.data[:min(headSize, len(it.data))]
		return f, nil
	}
	f.head = make([]byte, min(headSize, it.size))
	n, err := it.at.ReadAt(f.head, 0)
	if n == len(f.head) {
		err = nil
	}
	return f, err
}

// entry finds what is inside a container by its name, going through all of it. Zips, and
// tars that can be read anywhere, have lists.
func (f *file) entry(ctx context.Context, name string) (found item, err error) {
	format := formatOf(f)
	if format.entries == nil {
		return item{}, errNotBeside
	}
	defer brokeOff(&err)
	limits := f.near.limits
	err = f.near.search.find(ctx, name, unpackCost, func(is func(string) bool) error {
		return format.entries(ctx, quiet(limits), f, func(it item) error {
			if it.raw != nil || !is(it.name()) {
				return nil
			}
			if it.once { // it passes by only now
				it.budget = limits.allowance(f.size, nil)
				kept, err := load(ctx, it, limits, nil)
				if err != nil {
					return stop{err}
				}
				it.once, it.size, it.open = false, kept.size, kept.reader
			}
			found = it
			return stop{errFound}
		})
	})
	if errors.Is(err, errFound) {
		return found, nil
	}
	if err == nil {
		err = errNotBeside
	}
	return item{}, err
}

// quiet is a reading that goes through a container once more: its faults are told
// the first time.
func quiet(limits Limits) *reading {
	return newReading(Options{Limits: limits}, faultSink{func(Fault) error { return nil }})
}
