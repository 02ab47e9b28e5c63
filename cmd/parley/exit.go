package main

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"

	"parley/internal/channel"
	"parley/internal/intake"
	"parley/internal/match"
	"parley/internal/node"
	"parley/internal/relay"
	"parley/internal/release"
	"parley/internal/rules"
	"parley/internal/store"
	"parley/internal/warning"
	"parley/stix"
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

// exitCode says what kind of failure an error is.
func exitCode(err error) int {
	var (
		usage usageError
		typed node.Invalid
		early node.NotYet
		input badInput
		fault *stix.Fault
		rule  *rules.Fault
		step  *warning.Refusal
	)
	switch {
	case errors.As(err, &usage), errors.As(err, &typed):
		return exitUsage
	case errors.As(err, &step), errors.As(err, &early):
		return exitRefused
	case isAny(err, node.ErrPassphrase, node.ErrKeyFile, node.ErrUserLocked, store.ErrKey):
		return exitPassphrase
	case isAny(err, node.ErrRole, node.ErrOtherParty, node.ErrSpoken, node.ErrUse, match.ErrState, match.ErrTerms, match.ErrBudget, release.ErrStep, release.ErrLeak,
		release.ErrSamePerson, release.ErrThirdParty, release.ErrNoOverride, release.ErrRule, store.ErrExists, channel.ErrUsed):
		return exitRefused
	case isAny(err, store.ErrNotFound, node.ErrNoNode, fs.ErrNotExist):
		return exitNotFound
	case isAny(err, store.ErrFull, syscall.ENOSPC, relay.ErrUnavailable, intake.ErrUnavailable, node.ErrUnreachable, store.ErrBusy, errWaited):
		return exitUnavailable
	case errors.As(err, &input), errors.As(err, &fault), errors.As(err, &rule), isAny(err, release.ErrPicture, store.ErrDamaged, store.ErrVersion, store.ErrChain, node.ErrChanged):
		return exitBadInput
	}
	return exitFailed
}

func isAny(err error, targets ...error) bool {
	for _, t := range targets {
		if errors.Is(err, t) {
			return true
		}
	}
	return false
}

// oneLine makes an error one sentence: joined errors stand behind each other.
func oneLine(err error) string {
	return strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}
