package console

import (
	"net/http"

	"parley/internal/node"
)

// Patterns lists the pages that need a sign-in, for tests that walk them all.
func Patterns(n *node.Node) (all []string) {
	for _, r := range newConsole(n, Options{}).routes() {
		all = append(all, r.pattern)
	}
	return all
}

// Bounds that tests hold the console to.
const (
	IdleTime      = idleTime
	LongestTime   = longestTime
	AttemptsOfOne = attemptsOfOne
	AttemptsTime  = attemptsTime
	PageRows      = pageRows
	MaxBody       = maxBody
)

// CookieName is the name of the session's cookie for a request.
func CookieName(r *http.Request) string { return cookieName(r) }
