package main

import (
	"errors"
	"strings"

	"parley/internal/node"
)

// Exit codes, for scripts.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitPassphrase  = 3
	exitRefused     = 4
	exitNotFound    = 5
	exitBadInput    = 6
	exitUnavailable = 7
	exitInterrupted = 130
)

// usageError is a command line that was not understood.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// errWaited: what was waited for did not happen in time.
var errWaited = errors.New("the wait is over")

// badInput marks a file or text that was read and refused.
type badInput struct{ error }

func (b badInput) Unwrap() error { return b.error }

// exitCodes are those of each kind of failure.
var exitCodes = map[node.Failure]int{
	node.Failed: exitFailed, node.Usage: exitUsage, node.WrongUser: exitPassphrase, node.Refused: exitRefused, node.NotFound: exitNotFound,
	node.BadInput: exitBadInput, node.Unavailable: exitUnavailable,
}

// exitCode says what kind of failure an error is.
func exitCode(err error) int {
	var (
		usage usageError
		input badInput
	)
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, errWaited):
		return exitUnavailable
	}
	code := exitCodes[node.FailureOf(err)]
	if code == exitFailed && errors.As(err, &input) {
		return exitBadInput
	}
	return code
}

// oneLine makes an error one sentence: joined errors stand behind each other.
func oneLine(err error) string {
	return strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}
