package relay

import (
	"fmt"
	"log/slog"
	"regexp"
)

// quietLogger passes the engine's warnings and errors on without the addresses in them.
type quietLogger struct{ log *slog.Logger }

var longHex = regexp.MustCompile(`[0-9a-fA-F]{16,}`)

func (q quietLogger) say(level func(string, ...any), format string, args []any) {
	level("the relay's engine reports", "text", longHex.ReplaceAllString(fmt.Sprintf(format, args...), "…"))
}

// known are warnings that say nothing here: replicas compare keys instead of chains, and the engine's
// one password is made at its start and kept nowhere.
var known = regexp.MustCompile(`^(TLS certificate chain and hostname of solicited routes|Plaintext passwords detected)`)

func (q quietLogger) Warnf(format string, args ...any) {
	if !known.MatchString(format) {
		q.say(q.log.Warn, format, args)
	}
}
func (q quietLogger) Errorf(format string, args ...any) { q.say(q.log.Error, format, args) }
func (q quietLogger) Fatalf(format string, args ...any) { q.say(q.log.Error, format, args) }

// What the engine says of its normal work is nobody's business.
func (q quietLogger) Noticef(string, ...any) {}
func (q quietLogger) Debugf(string, ...any)  {}
func (q quietLogger) Tracef(string, ...any)  {}
