package console_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"parley/internal/console"
	"parley/internal/node"
)

// Two nodes that did the whole job answer programs as the document says: ask holds each
// answer to it.
func TestTheStoryIsAnsweredAsTheDocumentSays(t *testing.T) {
	north, south := parties(t)
	for _, party := range []*node.Node{north.Node(), south.Node()} {
		p := withToken(t, party, browse(t, party, console.Options{}).base, node.Analyst)
		read := map[string]int{}
		for _, route := range console.ProgramReads() {
			for _, path := range storyPaths(p, route) {
				a := p.ask(http.MethodGet, path, "")
				if a.status == http.StatusOK && !strings.HasPrefix(a.body, `{"of":0`) {
					read[route]++
				}
			}
		}
		for _, route := range []string{"/matches/{number}", "/evidence/{number}/artifacts", "/selectors/{number}", "/ledger", "/claims", "/counterparts/{number}", "/rules"} {
			if party == north.Node() && read["/api/v1"+route] == 0 {
				t.Errorf("nothing was read at %s", route)
			}
		}
	}
}

// storyPaths are addresses of a route, with the numbers that a story has.
func storyPaths(p program, route string) []string {
	letters := map[string]string{
		"inbox": "I", "counterparts": "C", "evidence": "E", "findings": "F", "artifacts": "A", "selectors": "S", "warnings": "W", "matches": "M", "releases": "R", "consents": "Q",
	}
	root := strings.Split(strings.TrimPrefix(route, "/api/v1/"), "/")[0]
	switch {
	case strings.Contains(route, "{number}"):
		return []string{strings.Replace(route, "{number}", letters[root]+"1", 1), strings.Replace(route, "{number}", letters[root]+"2", 1)}
	case strings.Contains(route, "{id}"):
		var list struct {
			Items []struct{ ID, Proposition string }
		}
		if err := json.Unmarshal([]byte(p.ask(http.MethodGet, "/api/v1/"+root, "").body), &list); err != nil {
			p.Fatal(err)
		}
		var all []string
		for _, one := range list.Items {
			all = append(all, strings.Replace(route, "{id}", one.ID+one.Proposition, 1))
		}
		return all
	}
	return []string{route}
}
