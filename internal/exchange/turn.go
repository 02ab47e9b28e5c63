package exchange

import (
	"context"
	"sync"
)

// turns let each consumer do one thing at a time, whoever else is at it. What a
// consumer asks for meanwhile waits, so that many requests of one take no more
// memory and no more of the store than one of them.
type turns struct {
	mu  sync.Mutex
	own map[string]chan struct{} // by consumer
	all chan struct{}            // how many consumers at once; nil: any number
}

// take waits for a consumer's turn, until ctx ends. done ends the turn.
func (t *turns) take(ctx context.Context, who string) (done func(), err error) {
	own := t.of(who)
	if err := enter(ctx, own); err != nil {
		return nil, err
	}
	if t.all == nil {
		return func() { <-own }, nil
	}
	if err := enter(ctx, t.all); err != nil {
		<-own
		return nil, err
	}
	return func() { <-t.all; <-own }, nil
}

func (t *turns) of(who string) chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.own == nil {
		t.own = map[string]chan struct{}{}
	}
	if t.own[who] == nil {
		t.own[who] = make(chan struct{}, 1)
	}
	return t.own[who]
}

func enter(ctx context.Context, room chan struct{}) error {
	select {
	case room <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
