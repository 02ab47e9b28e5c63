package triage

import (
	"context"
	"errors"
	"slices"
)

// beside loads the file of another name that lies beside f, in the same folder or
// archive; nil if there is none, or it cannot be read.
func (f *file) beside(ctx context.Context, name string, opt Options) (*file, error) {
	it, err := f.sibling(ctx, name, opt)
	if err != nil || it.open == nil {
		return nil, err
	}
	it.budget = opt.Limits.allowance(f.size, nil) // it has been counted already, as a file of its own
	found, err := load(ctx, it, opt.Limits)
	if err != nil && ctx.Err() != nil {
		return nil, stop{ctx.Err()}
	}
	if err != nil {
		return nil, nil
	}
	return found, nil
}

func (f *file) sibling(ctx context.Context, name string, opt Options) (found item, err error) {
	if f.source != nil && f.source.folder {
		if found, err = f.source.item(append(slices.Clone(f.chain[:1]), name), name); err != nil {
			return item{}, nil
		}
		return found, nil
	}
	if f.parent == nil {
		return item{}, nil
	}
	format := formatOf(f.parent)
	if format.entries == nil {
		return item{}, nil
	}
	quiet := newReading(opt, faultSink{func(Fault) error { return nil }})
	err = format.entries(ctx, quiet, f.parent, func(it item) error {
		if it.name() != name {
			return nil
		}
		if it.once { // it passes by only now
			kept, err := load(ctx, it, opt.Limits)
			if err != nil {
				return err
			}
			it.once, it.open = false, kept.reader
		}
		found = it
		return stop{errFound}
	})
	if errors.Is(err, errFound) || ctx.Err() == nil {
		err = nil
	}
	return found, err
}
