package console

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"time"

	"parley/internal/catalogue"
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
	for _, a := range allActs() {
		if _, told := apiFields()[a.pattern]; told {
			all = append(all, apiRoot+a.pattern)
		}
	}
	for _, one := range streams() {
		all = append(all, apiRoot+one.pattern)
	}
	return append(all, apiRoot+"/evidence/new")
}

// NotForPrograms are the addresses of people alone, with the reasons.
func NotForPrograms() map[string]string { return notForPrograms() }

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
	err := newConsole(n, Options{}).pages.in(catalogue.English(), time.UTC)["match"].ExecuteTemplate(&b, "layout", frame{view: view{Page: "match", Title: "Match", Body: body}, User: &n.User})
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
	PacesTime     = pacesTime
	PacesOfGuess  = pacesOfGuess
)

// CookieName is the name of the session's cookie for a request.
func CookieName(r *http.Request) string { return cookieName(r) }

// Document is what programs are told of themselves, as JSON.
func Document() ([]byte, error) { return json.Marshal(openAPI()) }

// Answered are the types that programs are answered with, by their names in the source.
func Answered() map[string]bool {
	s := newSchemas()
	for _, one := range resources() {
		s.of(one.says)
	}
	s.of(reflect.TypeFor[didBody]())
	s.of(reflect.TypeFor[faultBody]())
	all := map[string]bool{}
	for name := range s.named {
		all[name] = true
	}
	return all
}

// ProgramReads are the addresses that programs read by a GET.
func ProgramReads() (all []string) {
	for _, one := range resources() {
		if one.fields == nil {
			all = append(all, apiRoot+one.pattern)
		}
	}
	return all
}

// Strength is how a passphrase is judged.
func Strength(text string, known ...string) string { return strengthOf(text, known...).Word() }

// Lists lists the lists that can be written out, and whether analysts alone do.
func Lists() map[string]bool {
	all := map[string]bool{}
	for _, l := range lists() {
		all[l.pattern] = l.raw
	}
	return all
}
