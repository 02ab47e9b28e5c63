package console

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/internal/node"
)

// apiRoot is where programs find as JSON what people find as pages.
const apiRoot = "/api/v1"

// apiHandler serves what programs read and do. Whoever has a token, or a session,
// has the rights of it.
func (c *console) apiHandler(mux *http.ServeMux) {
	for _, one := range resources() {
		mux.Handle(apiRoot+one.pattern, only(c.apiReads(one), c.refuseMethodToProgram, one.methods()...))
	}
	for _, a := range allActs() {
		if fields, told := apiFields()[a.pattern]; told {
			mux.Handle("POST "+apiRoot+a.pattern, c.apiActs(a, fields))
		}
	}
	mux.Handle(apiRoot+"/matches/{number}/progress", only(http.HandlerFunc(c.matchProgress), c.refuseMethodToProgram, http.MethodGet))
	mux.Handle(apiRoot+"/events", only(http.HandlerFunc(c.events), c.refuseMethodToProgram, http.MethodGet))
	mux.Handle(apiRoot+"/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fault(w, http.StatusNotFound, node.NotFound, "there is no such address")
	}))
}

// forProgram gives the console as whoever sent the request has it, or refuses.
func (c *console) forProgram(w http.ResponseWriter, r *http.Request) (*console, *http.Request, bool) {
	user, way, since, err := c.whoAsks(r)
	if wait, ok := c.paces.allow(r, user.Name, err == nil); !ok {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		fault(w, http.StatusTooManyRequests, node.Unavailable, fmt.Sprintf("too many requests: ask again in %s", wait.Round(time.Second)))
		return nil, r, false
	}
	if err == nil {
		var as *node.Node
		if as, err = c.node.Admit(r.Context(), user, since); err == nil && !(way == "console" && as.MustChoose()) {
			mine := *c
			mine.node, mine.who = as, &session{user: user}
			return &mine, r.WithContext(node.Through(r.Context(), way)), true
		}
		if err == nil || errors.Is(err, node.ErrGone) {
			err = node.ErrToken
		}
	}
	if errors.Is(err, node.ErrToken) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="parley"`)
		fault(w, http.StatusUnauthorized, node.WrongUser, "send a valid token as Authorization: Bearer")
		return nil, r, false
	}
	c.opt.Log.Error("the console cannot read the node", "page", r.Pattern)
	fault(w, http.StatusInternalServerError, node.Failed, "the node cannot be read")
	return nil, r, false
}

// whoAsks is the user of a request's token or, where it has none, of its session;
// by which way they came in, and when a session began.
func (c *console) whoAsks(r *http.Request) (u node.User, way string, since time.Time, err error) {
	if given := r.Header.Get("Authorization"); given != "" {
		text, is := strings.CutPrefix(given, "Bearer ")
		if !is {
			return u, "", since, node.ErrToken
		}
		u, err = c.node.TokenUser(r.Context(), text)
		return u, "api", since, err
	}
	if who, known := c.sessions.find(token(r)); known {
		return who.user, "console", who.started, nil
	}
	return u, "", since, node.ErrToken
}

func (c *console) apiReads(one resource) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mine, r, ok := c.forProgram(w, r)
		if !ok {
			return
		}
		if one.fields != nil {
			form, _, err := formOf(r.Body, one.fields)
			if err != nil {
				fault(w, http.StatusUnprocessableEntity, node.Usage, err.Error())
				return
			}
			r.PostForm, r.Form = form, form
		}
		v, err := one.read(mine, r)
		if err != nil {
			mine.refuseProgram(w, r, err)
			return
		}
		if tagged, is := v.(interface{ tag() string }); is && tagged.tag() != "" {
			w.Header().Set("ETag", strconv.Quote(tagged.tag()))
		}
		if raw, is := v.(rawJSON); is { // byte for byte
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(raw) // a program that has gone is no fault of ours
			return
		}
		answerJSON(w, http.StatusOK, v)
	})
}
