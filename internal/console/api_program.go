package console

import (
	"net/http"
	"slices"
)

// programActs are what programs do and no form does yet.
func programActs() []act {
	return []act{
		{"/matches/{number}/check", nil, true, on("M", (*console).checkMatch)},
		{"/matches/{number}/standing", nil, true, on("M", (*console).watchMatch)},
	}
}

// allActs are those of forms, and those of programs that no form does.
func allActs() []act {
	all := acts()
	for _, a := range programActs() {
		if !slices.ContainsFunc(all, func(form act) bool { return form.pattern == a.pattern }) {
			all = append(all, a)
		}
	}
	return all
}

func (c *console) checkMatch(r *http.Request, id int64) (done, error) {
	run, err := c.node.CheckMatch(r.Context(), id)
	return done{matchPage(run), "What is new is checked against the list."}, err
}

func (c *console) watchMatch(r *http.Request, id int64) (done, error) {
	on := r.PostForm.Get("off") == ""
	return done{matchPage(id), "Noted."}, c.node.WatchMatch(r.Context(), id, on)
}

// notForPrograms are the acts and the pages of people alone, by what their address
// begins with, and why.
func notForPrograms() map[string]string {
	return map[string]string{
		"/account":                        "how people come in is no matter of a token: who steals one must not make another with it, nor take a second factor away",
		"/evidence/{number}/review/undo":  "to take back belongs to a session; a program marks with what stood before",
		"/evidence/{number}/pictures":     "mosaics are for eyes; the pictures themselves are at /evidence/{number}/artifacts?kind=picture",
		"/users/add":                      "new users are made by people, since a secret is shown to people alone",
		"/users/{number}/renew":           "a new passphrase is shown to people alone",
		"/users/{number}/session-end":     "sessions belong to browsers",
		"/evidence/{number}/review/marks": "many rows of a page at once; a program marks each",
		"/evidence/{number}/contacts/all": "a canvas is for eyes; the same is at /evidence/{number}/artifacts",
		"/evidence/{number}/timeline/all": "a canvas is for eyes; the same is at /evidence/{number}/artifacts",
		"/evidence/{number}/map/all":      "a canvas is for eyes; the same is at /evidence/{number}/artifacts",
		"/releases/compare":               "two columns for eyes; the same is at /reports/{id}/releases",
		"/introduce":                      "a form to fill in",
		"/help":                           "keys are for hands",
		"/look":                           "theme and zone belong to a browser",
		"/styleguide":                     "how pages look",
		"/{$}":                            "its rows are those of /status, /warnings, /inbox and /releases",
		"/evidence/new":                   "a form to fill in; a program sends the file itself",
		"/matches/new":                    "a form to fill in",
		"/releases/new":                   "a form to fill in; what it chooses from is at /reports/{id}",
	}
}
