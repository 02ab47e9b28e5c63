package console

import (
	"net/http"

	"parley/internal/node"
)

// goTo are the pages that the palette offers, with the keys that go there.
func goTo(u node.User) (all []entry) {
	for _, e := range []entry{
		{Path: "/", Name: "Overview", Key: "o"},
		{Path: "/warnings", Name: "Warnings", Key: "w"},
		{Path: "/watches", Name: "Watch list", Key: "t"},
		{Path: "/inbox", Name: "Inbox", Key: "i"},
		{Path: "/matches", Name: "Matches", Key: "m"},
		{Path: "/matches/new", Name: "New match"},
		{Path: "/releases", Name: "Releases", Key: "r"},
		{Path: "/releases/new", Name: "New release"},
		{Path: "/consents", Name: "Asks to pass something on", Key: "q"},
		{Path: "/rules", Name: "Rules", Key: "u"},
		{Path: "/counterparts", Name: "Counterparts", Key: "c"},
		{Path: "/claims", Name: "Claims", Key: "a"},
		{Path: "/counts", Name: "Counts", Key: "n"},
		{Path: "/evidence", Name: "Evidence", Key: "e"},
		{Path: "/selectors", Name: "Selectors", Key: "s"},
		{Path: "/ledger", Name: "Ledger", Key: "l"},
		{Path: "/search", Name: "Search", Key: "f"},
		{Path: "/account", Name: "How you come in"},
		{Path: "/look", Name: "Theme and time zone"},
		{Path: "/help", Name: "Keys", Key: "h"},
	} {
		if e.Path != "/ledger" || node.MayAudit(u) {
			all = append(all, e)
		}
	}
	return all
}

// help lists the keys, for those who have no script.
func (c *console) help(*http.Request) (view, error) {
	return view{Page: "help", Title: "Keys"}, nil
}
