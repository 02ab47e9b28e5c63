package taxii

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// What a [Backend] or an [Authenticator] answers when it refuses. Any other error becomes status
// 500, and its text goes to the log alone.
var (
	// ErrUnauthenticated asks the client to say who it is: 401.
	ErrUnauthenticated = errors.New("taxii: the client needs to authenticate")
	// ErrForbidden refuses somebody who is known: 403.
	ErrForbidden = errors.New("taxii: the client has no right to this")
	// ErrNotFound is for what is not there, and for what a client must not know of: 404.
	ErrNotFound = errors.New("taxii: not found")
	// ErrFull is for a store with no room for now: 503.
	ErrFull = errors.New("taxii: no room for more")
)

// Error is TAXII's error message (section 3.6.1). A [Client] returns it as *Error when a server
// refuses; every refusal of a [Server] has one as its body.
type Error struct {
	Title       string         `json:"title"`
	Description string         `json:"description,omitempty"`
	ErrorID     string         `json:"error_id,omitempty"`
	HTTPStatus  string         `json:"http_status,omitempty"`
	Details     map[string]any `json:"details,omitempty"`

	status int
}

// Status gives the HTTP status of the answer.
func (e *Error) Status() int { return e.status }

// Error gives the status, the title and the description.
func (e *Error) Error() string {
	text := "server answered " + strconv.Itoa(e.status)
	if e.Title != "" {
		text += " " + shown(e.Title)
	}
	if e.Description != "" {
		text += ": " + shown(e.Description)
	}
	return text
}

// Is makes errors.Is find [ErrUnauthenticated], [ErrForbidden], [ErrNotFound] and [ErrFull] behind
// the status.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrUnauthenticated:
		return e.status == http.StatusUnauthorized
	case ErrForbidden:
		return e.status == http.StatusForbidden
	case ErrNotFound:
		return e.status == http.StatusNotFound
	case ErrFull:
		return e.status == http.StatusServiceUnavailable
	}
	return false
}

// refuse makes an error of a status and a sentence that says what to do.
func refuse(status int, format string, args ...any) *Error {
	return &Error{
		Title:       http.StatusText(status),
		Description: fmt.Sprintf(format, args...),
		HTTPStatus:  strconv.Itoa(status),
		status:      status,
	}
}

// refusal turns any error into what the client is told, or gives false if it must not be told.
func refusal(err error) (*Error, bool) {
	var e *Error
	switch {
	case errors.As(err, &e) && e.HTTPStatus != "":
		return e, true
	case errors.Is(err, ErrUnauthenticated):
		return refuse(http.StatusUnauthorized, "say who you are with one of the schemes in WWW-Authenticate"), true
	case errors.Is(err, ErrForbidden):
		return refuse(http.StatusForbidden, "you have no right to do this here"), true
	case errors.Is(err, ErrNotFound):
		return refuse(http.StatusNotFound, "there is nothing here, or nothing that you may see"), true
	case errors.Is(err, ErrFull):
		return refuse(http.StatusServiceUnavailable, "there is no room for more now; try again later"), true
	}
	return nil, false
}
