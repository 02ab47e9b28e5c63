package console

import (
	"bytes"
	"net/http"
	"time"

	"parley/internal/match"
	"parley/internal/node"
	"parley/internal/store"
)

// Patterns lists the pages that need a sign-in, for tests that walk them all.
func Patterns(n *node.Node) (all []string) {
	for _, r := range routes() {
		all = append(all, r.pattern)
	}
	return all
}

// ProgramRoutes lists the addresses for programs, each as the router knows it.
func ProgramRoutes() (all []string) {
	for _, one := range resources() {
		all = append(all, apiRoot+one.pattern)
	}
	for _, form := range Forms() {
		if _, told := apiFields()[form]; told {
			all = append(all, apiRoot+form)
		}
	}
	return append(all, apiRoot+"/events", apiRoot+"/evidence/new")
}

// Forms lists the addresses that forms are sent to.
func Forms() (all []string) {
	for _, a := range acts() {
		all = append(all, a.pattern)
	}
	return all
}

// MatchPage shows a match as it stands, with what its sides asked.
func MatchPage(n *node.Node, m match.Matching, list *node.StandingList, asks ...store.Ask) (string, error) {
	var b bytes.Buffer
	body := matchBody{Matching: m, Asks: asks, List: list}
	err := newConsole(n, Options{}).pages.in(time.UTC)["match"].ExecuteTemplate(&b, "layout", frame{view: view{Page: "match", Title: "Match", Body: body}, User: &n.User})
	return b.String(), err
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
