package relay

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// ask sends a request to the relay's hosts in turn until one answers. They hold the same parcels, so
// what one of them refuses the others would refuse too; only a host that cannot be reached, or that
// says it is failing or stopping, is passed over. The one that answered is asked first next time.
func (c *Client) ask(ctx context.Context, wait time.Duration, send func(context.Context, string) (*http.Response, error)) (*http.Response, error) {
	first := c.first.Load()
	var failures []error
	for i := range uint32(len(c.hosts)) {
		at := (first + i) % uint32(len(c.hosts))
		resp, err := c.askHost(ctx, wait, c.hosts[at], send)
		if err == nil || !isElsewhere(err) || ctx.Err() != nil {
			c.first.Store(at)
			return resp, err
		}
		failures = append(failures, err)
	}
	return nil, latest(failures)
}

// errSilent is a host that took a request and did not answer.
var errSilent = errors.New("it did not answer in time")

// askHost asks one host. Where there are others, it may use only its share of the time.
func (c *Client) askHost(ctx context.Context, wait time.Duration, host string, send func(context.Context, string) (*http.Response, error)) (*http.Response, error) {
	if len(c.hosts) == 1 {
		return send(ctx, host)
	}
	share, give := context.WithCancelCause(ctx) // ends with ctx: the answer's body is read under it
	context.AfterFunc(ctx, func() { give(nil) })
	silent := time.AfterFunc(wait+c.timeout/time.Duration(len(c.hosts)), func() { give(errSilent) })
	resp, err := send(share, host)
	silent.Stop()
	if ctx.Err() == nil && errors.Is(context.Cause(share), errSilent) {
		return nil, unavailable(errSilent)
	}
	return resp, err
}

// latest gives the last failure, which asks for the longest rest if any does.
func latest(failures []error) error {
	last := failures[len(failures)-1]
	for _, err := range failures {
		if RetryAfter(err) > RetryAfter(last) {
			last = err
		}
	}
	return last
}
