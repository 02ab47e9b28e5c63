package console

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"

	"parley/internal/match"
	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/store"
	"parley/internal/warning"
)

// act is something that people do with a form of a page.
type act struct {
	pattern string // where the form is sent: the page's path and one word more
	page    page   // where the form stands; shown again when it could not be done
	// fresh refuses a form that was made from another version of its subject
	// than is there now.
	fresh bool
	do    func(c *console, r *http.Request) (done, error)
}

// done is what an act did.
type done struct {
	To   string // the page that shows it
	Said string // in a word or two, without content
}

// on makes an act of what is done about the number in the address.
func on(prefix string, do func(c *console, r *http.Request, id int64) (done, error)) func(*console, *http.Request) (done, error) {
	return func(c *console, r *http.Request) (done, error) {
		id, err := numbered(r, prefix)
		if err != nil {
			return done{}, err
		}
		return do(c, r, id)
	}
}

// acts lists everything that can be done in the console.
func acts() []act {
	return slices.Concat(deskActs(), consentActs(), warningActs(), markActs(), watchActs(), accountActs(), userActs(), outsideActs(), introduceActs(), passkeyActs(), matchActs(), roomActs(), rulesActs(), searchActs(), bulkActs(), triageActs())
}

// tried is a form that could not be done, so that nothing of what was typed is
// lost.
type tried struct {
	Failed string // why
	status int
	act    string
	typed  url.Values
}

// Was is what was typed into a field, if it was this form.
func (t tried) Was(act, field string) string {
	if t.act != act {
		return ""
	}
	return t.typed.Get(field)
}

// Tried tells whether it was this form.
func (t tried) Tried(act string) bool { return t.act == act }

// Chosen tells whether a value was among those of a field.
func (t tried) Chosen(act, field, value string) bool {
	return t.act == act && slices.Contains(t.typed[field], value)
}

// acting does what a form asks for, in the name of whoever is signed in, and
// leads to the page that shows it: to go back or to load again does nothing
// twice.
func (c *console) acting(a act) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost { // somebody loads the address of a form that failed
			seeOther(w, path.Dir(r.URL.EscapedPath()))
			return
		}
		if err := readForm(r); err != nil {
			c.refuse(w, r, problem{http.StatusBadRequest, "Not a form", "The form could not be read, so nothing was done. It may be longer than the console takes."})
			return
		}
		mine, r, ok := c.inHand(w, r, signInForm{To: local(r.URL.EscapedPath()), Kept: keep(r.PostForm)})
		if !ok {
			return
		}
		mine.who.acting.Lock()
		defer mine.who.acting.Unlock()
		asked := r
		if a.fresh {
			asked = r.WithContext(node.Seen(r.Context(), r.PathValue("number"), r.PostForm.Get("version")))
		}
		did, err := a.do(mine, asked)
		if err != nil {
			mine.again(w, r, a, err)
			return
		}
		c.sessions.say(mine.who, did.Said)
		seeOther(w, did.To)
	})
}

// again shows the page of a form that could not be done, as things stand now,
// with why, and with what was typed.
func (c *console) again(w http.ResponseWriter, r *http.Request, a act, err error) {
	t := tried{Failed: err.Error(), status: refusal(err), act: path.Base(r.URL.Path), typed: r.PostForm}
	switch {
	case errors.Is(err, shown{}):
		t.status, t.Failed = http.StatusOK, ""
	case errors.Is(err, node.ErrOutdated):
		t.Failed = "Somebody changed it while you had it open, so nothing was done. This is how it stands now, and what you typed is still here: look again, then send it again."
	case t.status == http.StatusInternalServerError:
		c.opt.Log.Error("something asked of the console failed", "page", r.Pattern)
	}
	c.show(w, r, a.page, t)
}

// refusal is the status of an act that was not done.
func refusal(err error) int {
	var (
		known problem
		typed node.Invalid
		early node.NotYet
		step  *warning.Refusal
	)
	is := func(all ...error) bool {
		return slices.ContainsFunc(all, func(one error) bool { return errors.Is(err, one) })
	}
	switch {
	case errors.As(err, &known):
		return known.Status
	case errors.As(err, &typed):
		return http.StatusUnprocessableEntity
	case is(node.ErrRole, release.ErrSamePerson):
		return http.StatusForbidden
	case is(node.ErrOutdated, node.ErrKeyUsed, release.ErrStep, match.ErrState, store.ErrExists), errors.As(err, &early), errors.As(err, &step):
		return http.StatusConflict
	case is(store.ErrNotFound):
		return http.StatusNotFound
	case is(store.ErrFull, store.ErrBusy, store.ErrDamaged):
		return http.StatusInternalServerError
	}
	return http.StatusUnprocessableEntity
}

// version is that of what a page is about, or empty.
func (c *console) version(r *http.Request) string {
	v, err := c.node.Version(r.Context(), r.PathValue("number"))
	if err != nil {
		return "" // it has none, or the page itself says what is wrong
	}
	return v
}
