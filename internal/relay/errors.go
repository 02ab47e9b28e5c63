package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// What a client's errors are, for errors.Is.
var (
	// ErrUnavailable means: nothing is lost, try again later; RetryAfter may say when.
	ErrUnavailable = errors.New("the relay is unavailable")

	// ErrRefused means: the relay understood and will not; the same request will be refused again.
	ErrRefused = errors.New("the relay refused")

	// ErrNotOpen means: the relay asks for a token, and the mailbox's reader has not opened it yet. It is
	// an ErrUnavailable too.
	ErrNotOpen = errors.New("the mailbox is not open")

	// ErrCursor is the refusal of a cursor the relay no longer knows: fetch from the beginning.
	ErrCursor = errors.New("the relay does not know this place in the mailbox any more")
)

// unavailableError is a relay that could not be reached, is busy or full, or answers nonsense.
type unavailableError struct {
	cause     error
	after     time.Duration
	elsewhere bool // another replica of the relay may well answer
}

func unavailable(cause error) error { return &unavailableError{cause: cause, elsewhere: true} }

func (e *unavailableError) Error() string   { return ErrUnavailable.Error() + ": " + e.cause.Error() }
func (e *unavailableError) Unwrap() []error { return []error{ErrUnavailable, e.cause} }

// RetryAfter is how long the relay asked to be left alone; 0 when err does not say.
func RetryAfter(err error) time.Duration {
	var u *unavailableError
	if errors.As(err, &u) {
		return u.after
	}
	return 0
}

// isElsewhere tells whether another replica of the relay is worth asking.
func isElsewhere(err error) bool {
	var u *unavailableError
	return errors.As(err, &u) && u.elsewhere
}

// failed says why there was no whole answer. The transport's errors do not name the URL.
func failed(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return unavailable(err)
}

// maxRetryAfter bounds what a relay can ask for.
const maxRetryAfter = time.Hour

// refused turns an answer other than 2xx into an error. Its text comes from a stranger: it is
// bounded and quoted.
func refused(resp *http.Response) error {
	var body struct {
		Error string `json:"error"`
	}
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	_ = json.Unmarshal(text, &body) // an answer without a reason is still an answer
	cause := fmt.Errorf("it answered %d, %.200q", resp.StatusCode, body.Error)
	switch {
	case resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode >= 500:
		seconds, _ := strconv.ParseUint(resp.Header.Get("Retry-After"), 10, 16)
		elsewhere := resp.StatusCode >= 500 && resp.StatusCode != http.StatusInsufficientStorage
		return &unavailableError{cause, min(time.Duration(seconds)*time.Second, maxRetryAfter), elsewhere}
	case resp.StatusCode == http.StatusPaymentRequired:
		seconds, _ := strconv.ParseUint(resp.Header.Get("Retry-After"), 10, 16)
		return &unavailableError{fmt.Errorf("%w: %w", ErrNotOpen, cause), min(time.Duration(seconds)*time.Second, maxRetryAfter), false}
	case resp.StatusCode == http.StatusGone:
		return fmt.Errorf("%w: %w: %w", ErrRefused, ErrCursor, cause)
	}
	return fmt.Errorf("%w: %w", ErrRefused, cause)
}
