package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"parley/internal/channel"
	"parley/internal/intake"
	"parley/internal/match"
	"parley/internal/node"
	"parley/internal/relay"
	"parley/internal/release"
	"parley/internal/store"
	"parley/internal/warning"
)

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		code int
	}{
		{errors.New("anything else"), exitFailed},
		{usageError{errors.New("x")}, exitUsage},
		{node.Invalid{}, exitUsage},
		{node.ErrPassphrase, exitPassphrase},
		{store.ErrKey, exitPassphrase},
		{node.ErrRole, exitRefused},
		{node.ErrOtherParty, exitRefused},
		{node.ErrSpoken, exitRefused},
		{node.NotYet{}, exitRefused},
		{match.ErrState, exitRefused},
		{release.ErrStep, exitRefused},
		{release.ErrLeak, exitRefused},
		{release.ErrSamePerson, exitRefused},
		{release.ErrThirdParty, exitRefused},
		{&warning.Refusal{}, exitRefused},
		{store.ErrExists, exitRefused},
		{channel.ErrUsed, exitRefused},
		{store.ErrNotFound, exitNotFound},
		{node.ErrNoNode, exitNotFound},
		{badInput{errors.New("x")}, exitBadInput},
		{store.ErrDamaged, exitBadInput},
		{store.ErrVersion, exitBadInput},
		{store.ErrChain, exitBadInput},
		{node.ErrChanged, exitBadInput},
		{store.ErrFull, exitUnavailable},
		{store.ErrBusy, exitUnavailable},
		{relay.ErrUnavailable, exitUnavailable},
		{intake.ErrUnavailable, exitUnavailable},
		{badInput{intake.ErrUnavailable}, exitUnavailable},
		{errWaited, exitUnavailable},
		// A file whose import was refused by a rule is no bad file.
		{badInput{node.ErrOtherParty}, exitRefused},
		{badInput{store.ErrFull}, exitUnavailable},
	} {
		if got := exitCode(fmt.Errorf("do something: %w", c.err)); got != c.code {
			t.Errorf("%T %v: exit code %d, want %d", c.err, c.err, got, c.code)
		}
	}
}

// Who presses Ctrl-C knows why the command ended.
func TestInterruptedCommandsSayNothing(t *testing.T) {
	newNode(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for _, args := range [][]string{{"status"}, {"inbox", "--wait", "5m"}, {"--json", "ledger", "verify"}} {
		var out, errw strings.Builder
		if code := run(ctx, args, strings.NewReader(""), &out, &errw); code != exitInterrupted || out.Len()+errw.Len() > 0 {
			t.Errorf("%v: exit code %d, %q, %q", args, code, out.String(), errw.String())
		}
	}
}

func TestAnErrorIsOneSentence(t *testing.T) {
	joined := errors.Join(errors.New("the first"), io.ErrUnexpectedEOF)
	if got, want := oneLine(joined), "the first; unexpected EOF"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
