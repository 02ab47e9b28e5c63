package node

import (
	"errors"
	"io/fs"
	"syscall"

	"parley/internal/channel"
	"parley/internal/intake"
	"parley/internal/match"
	"parley/internal/relay"
	"parley/internal/release"
	"parley/internal/rules"
	"parley/internal/store"
	"parley/internal/warning"
	"parley/stix"
)

// Failure is what kind of failure an error is: the command line ends with a code
// for it, and the API says it beside the words, so that both tell the same.
type Failure string

// The kinds.
const (
	Failed      Failure = "failed"
	Usage       Failure = "usage"       // what was asked was not understood
	WrongUser   Failure = "wrong-user"  // passphrase, key file or token
	Refused     Failure = "refused"     // by a rule, a leak, a step out of turn
	NotFound    Failure = "not-found"   //
	BadInput    Failure = "bad-input"   // what was read is damaged or not what it should be
	Unavailable Failure = "unavailable" // the disk is full, or a server cannot be reached
)

// Fails is an error that knows its kind: one that a node elsewhere told.
type Fails interface {
	error
	Failure() Failure
}

// FailureOf says what kind of failure an error is.
func FailureOf(err error) Failure {
	var (
		told  Fails
		typed Invalid
		early NotYet
		fault *stix.Fault
		rule  *rules.Fault
		step  *warning.Refusal
	)
	switch {
	case errors.As(err, &told):
		return told.Failure()
	case errors.As(err, &typed):
		return Usage
	case errors.As(err, &step), errors.As(err, &early):
		return Refused
	case isAny(err, ErrPassphrase, ErrKeyFile, ErrUserLocked, ErrToken, store.ErrKey):
		return WrongUser
	case isAny(err, ErrRole, ErrOtherParty, ErrSpoken, ErrUse, match.ErrState, match.ErrTerms, match.ErrBudget, release.ErrStep, release.ErrLeak,
		release.ErrSamePerson, release.ErrThirdParty, release.ErrNoOverride, release.ErrRule, store.ErrExists, store.ErrOutdated, channel.ErrUsed):
		return Refused
	case isAny(err, store.ErrNotFound, ErrNoNode, fs.ErrNotExist):
		return NotFound
	case isAny(err, store.ErrFull, syscall.ENOSPC, relay.ErrUnavailable, intake.ErrUnavailable, ErrUnreachable, store.ErrBusy):
		return Unavailable
	case errors.As(err, &fault), errors.As(err, &rule), isAny(err, release.ErrPicture, store.ErrDamaged, store.ErrVersion, store.ErrChain, ErrChanged):
		return BadInput
	}
	return Failed
}

func isAny(err error, targets ...error) bool {
	for _, t := range targets {
		if errors.Is(err, t) {
			return true
		}
	}
	return false
}
