package console

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A form may come when nobody is signed in any more: the session was idle for
// too long, or the node was restarted. What was typed is kept in the sign-in
// page, and after the sign-in a person says whether it is still to be done.

// keptPrefix stands before the names of fields that are kept.
const keptPrefix = "kept."

// kept is one field of a form that waits.
type kept struct{ Name, Value string }

// keep takes the fields of a form, but for secrets.
func keep(form url.Values) (all []kept) {
	for name, values := range form {
		if strings.HasPrefix(name, "secret") {
			continue
		}
		for _, v := range values {
			all = append(all, kept{name, v})
		}
	}
	slices.SortStableFunc(all, func(a, b kept) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// keptBefore reads the fields that a sign-in page kept.
func keptBefore(r *http.Request) []kept {
	form := url.Values{}
	for name, values := range r.PostForm {
		if rest, is := strings.CutPrefix(name, keptPrefix); is {
			form[rest] = values
		}
	}
	return keep(form)
}
