package triage

import (
	"context"
	"errors"
	"sync"
)

// beside finds the files that lie in the same container as another: the next
// segment of an image, the list of a backup's files.
type beside struct {
	limits Limits
	open   func(name string) (item, error)

	mu    sync.Mutex
	lists map[string]map[string]string // of backups, by their folder
}

var errNotBeside = errors.New("it is not there")

func newBeside(limits Limits, open func(name string) (item, error)) *beside {
	return &beside{limits: limits, open: open, lists: map[string]map[string]string{}}
}

// file reads enough of a file beside another to read anywhere in it.
func (b *beside) file(ctx context.Context, name string) (*file, error) {
	if b == nil {
		return nil, errNotBeside
	}
	it, err := b.open(name)
	if err != nil {
		return nil, err
	}
	return glance(ctx, it, b.limits)
}

// glance reads the beginning of an item that can be read anywhere; another is
// read whole.
func glance(ctx context.Context, it item, limits Limits) (*file, error) {
	if it.at == nil {
		return load(ctx, it, limits)
	}
	f := &file{item: it, size: it.size, inside: limits.allowance(it.size, it.budget)}
	f.head = make([]byte, min(headSize, it.size))
	n, err := it.at.ReadAt(f.head, 0)
	if n == len(f.head) {
		err = nil
	}
	return f, err
}
