package triage

import (
	"context"
	"errors"
	"fmt"
)

// ReadFile gives all bytes of the file at the place p in the evidence at path,
// of which there may be at most so many. The evidence is only read; an error
// says which part of the place is not there.
func ReadFile(ctx context.Context, path string, p Place, most int64, opt Options) (raw []byte, err error) {
	if !p.file() {
		return nil, fmt.Errorf("read %s: the place is in a file, not a file", p)
	}
	err = reach(ctx, path, p, opt, func(f *file, _ Limits) error {
		if f.size > most {
			return fmt.Errorf("the file has %d bytes, over the %d that are read: %w", f.size, most, ErrTooLarge)
		}
		raw, err = f.bytes(0, f.size)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", p, err)
	}
	return raw, nil
}

// ErrTooLarge is wrapped by the error of [ReadFile] for a file over the bound.
var ErrTooLarge = errors.New("too large")
