package volume

import (
	"context"
	"fmt"
)

// Reading is one reading of a volume: what is given, within its limits.
type Reading struct {
	Limits
	Yield func(File) error

	ctx   context.Context
	count int
}

// NewReading begins to read a volume.
func NewReading(ctx context.Context, limits Limits, yield func(File) error) *Reading {
	return &Reading{Limits: limits.Complete(), Yield: yield, ctx: ctx}
}

// Entry counts a file or a folder more. An error ends the reading.
func (r *Reading) Entry() error {
	if err := r.Err(); err != nil {
		return err
	}
	if r.count++; r.count > r.Limits.Entries {
		return ErrEntries
	}
	return nil
}

// Err is the context's error.
func (r *Reading) Err() error { return r.ctx.Err() }

// Problem gives what is wrong with a file of which nothing is read.
func (r *Reading) Problem(path string, problem error) error {
	return r.Yield(File{Path: path, Problem: problem})
}

// Folder gives the entries of a folder of slots: entries goes through them and calls
// back for each, with its name. What cannot be read of the folder is said behind.
func (r *Reading) Folder(path string, slots *Slots, entries func() error) error {
	if err := entries(); err != nil {
		return err
	}
	if err := slots.Err(); err != nil {
		return r.Problem(Join(path, "."), fmt.Errorf("the folder cannot be read whole: %w", err))
	}
	return nil
}
