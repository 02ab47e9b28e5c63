package store

import (
	"context"
	"errors"
	"sync"
)

// ErrOutdated: what somebody acted on is no longer as they saw it.
var ErrOutdated = errors.New("it was changed meanwhile")

type throughKey struct{}

// Through has every line of the ledger that is written under the context say by
// which way its writer came in, such as "console".
func Through(ctx context.Context, way string) context.Context {
	return context.WithValue(ctx, throughKey{}, way)
}

func throughOf(ctx context.Context) string {
	way, _ := ctx.Value(throughKey{}).(string)
	return way
}

type providedKey struct{}

// condition is looked at once.
type condition struct {
	once  sync.Once
	holds func(context.Context, *Tx) error
}

// Provided has the first Update under the context begin with a look: where that
// fails, nothing is done. What follows stands in the same transaction, so that
// nothing can change between the look and the act. A look that the context asks
// for already comes first.
func Provided(ctx context.Context, holds func(context.Context, *Tx) error) context.Context {
	earlier, _ := ctx.Value(providedKey{}).(*condition)
	return context.WithValue(ctx, providedKey{}, &condition{holds: func(ctx context.Context, tx *Tx) error {
		if err := earlier.look(ctx, tx); err != nil {
			return err
		}
		return holds(ctx, tx)
	}})
}

// look looks, if it was not done yet.
func (c *condition) look(ctx context.Context, tx *Tx) (err error) {
	if c != nil {
		c.once.Do(func() { err = c.holds(ctx, tx) })
	}
	return err
}

// provided looks whether what the context asks for holds.
func provided(ctx context.Context, tx *Tx) error {
	c, _ := ctx.Value(providedKey{}).(*condition)
	return c.look(ctx, tx)
}
