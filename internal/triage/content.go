package triage

import (
	"context"
	"fmt"
)

// Content gives the bytes of the file that the place p is in, of at most so many. The
// evidence at path is only read.
func Content(ctx context.Context, path string, p Place, most int64, opt Options) ([]byte, error) {
	content, err := content(ctx, path, p, most, opt)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", Place{Chain: p.Chain}, err)
	}
	return content, nil
}

func content(ctx context.Context, path string, p Place, most int64, opt Options) (content []byte, err error) {
	err = reach(ctx, path, p, opt, func(f *file, _ Limits) error {
		if f.size > most {
			return fmt.Errorf("it has %d bytes, more than the %d that are read for this", f.size, most)
		}
		content, err = f.bytes(0, f.size)
		return err
	})
	return content, err
}
