package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/node"
	"parley/internal/store"
)

// apiRoot is where programs find as JSON what people find as pages.
const apiRoot = "/api/v1"

// resource is something that programs read.
type resource struct {
	pattern string // below apiRoot
	what    string // for the document
	read    func(c *console, r *http.Request) (any, error)
}

// apiHandler serves what programs read and do. Whoever has a token, or a session,
// has the rights of it.
func (c *console) apiHandler(mux *http.ServeMux) {
	for _, one := range resources() {
		mux.Handle(apiRoot+one.pattern, only(c.apiReads(one), c.refuseMethodToProgram, http.MethodGet, http.MethodHead))
	}
	for _, a := range acts() {
		if fields, told := apiFields()[a.pattern]; told {
			mux.Handle(apiRoot+a.pattern, only(c.apiActs(a, fields), c.refuseMethodToProgram, http.MethodPost))
		}
	}
	mux.Handle(apiRoot+"/events", only(http.HandlerFunc(c.events), c.refuseMethodToProgram, http.MethodGet))
	mux.Handle(apiRoot+"/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fault(w, http.StatusNotFound, "there is no such address")
	}))
}

// forProgram gives the console as whoever sent the request has it, or refuses.
func (c *console) forProgram(w http.ResponseWriter, r *http.Request) (*console, *http.Request, bool) {
	user, way, since, err := c.whoAsks(r)
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
		fault(w, http.StatusUnauthorized, "send a valid token as Authorization: Bearer")
		return nil, r, false
	}
	c.opt.Log.Error("the console cannot read the node", "page", r.Pattern)
	fault(w, http.StatusInternalServerError, "the node cannot be read")
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
		v, err := one.read(mine, r)
		if err != nil {
			mine.refuseProgram(w, r, err)
			return
		}
		answerJSON(w, http.StatusOK, v)
	})
}

// didBody says what an act did.
type didBody struct {
	Said string `json:"said"`
	At   string `json:"at"` // where it is read
}

func (c *console) apiActs(a act, fields []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mine, r, ok := c.forProgram(w, r)
		if !ok {
			return
		}
		form, err := formOf(r.Body, fields)
		if err != nil {
			fault(w, http.StatusUnprocessableEntity, err.Error())
			return
		}
		r.PostForm, r.Form = form, form
		if a.fresh {
			r = r.WithContext(node.Seen(r.Context(), r.PathValue("number"), form.Get("version")))
		}
		did, err := a.do(mine, r)
		if err != nil {
			mine.refuseProgram(w, r, err)
			return
		}
		answerJSON(w, http.StatusOK, didBody{did.Said, apiRoot + did.To})
	})
}

// formOf reads a JSON object as a form: texts, numbers, true for a tick, and lists
// of texts. What is not among the fields is refused.
func formOf(body io.Reader, fields []string) (url.Values, error) {
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("read the body: %w", err)
	}
	form := url.Values{}
	if len(bytes.TrimSpace(text)) == 0 {
		return form, nil
	}
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		return nil, fmt.Errorf("the body is no JSON object: %w", err)
	}
	for name, v := range object {
		kind, known := fieldKind(name, fields)
		if !known {
			return nil, fmt.Errorf("no field is called %q: there are %s", name, strings.Join(fields, ", "))
		}
		if err := set(form, name, kind, v); err != nil {
			return nil, err
		}
	}
	return form, nil
}

// fieldKind finds a field: "name", "name[]" for a list, "name?" for a tick, "why.*"
// for any name that begins so.
func fieldKind(name string, fields []string) (kind byte, known bool) {
	for _, f := range fields {
		switch base := strings.TrimRight(f, "[]?*"); {
		case strings.HasSuffix(f, "*") && strings.HasPrefix(name, base):
			return 't', true
		case base != name:
		case strings.HasSuffix(f, "[]"):
			return 'l', true
		case strings.HasSuffix(f, "?"):
			return 'b', true
		default:
			return 't', true
		}
	}
	return 0, false
}

func set(form url.Values, name string, kind byte, v any) error {
	switch v := v.(type) {
	case string:
		if kind == 't' {
			form.Set(name, v)
			return nil
		}
	case float64:
		if kind == 't' {
			form.Set(name, strconv.FormatFloat(v, 'f', -1, 64))
			return nil
		}
	case bool:
		if kind == 'b' {
			if v {
				form.Set(name, "yes")
			}
			return nil
		}
	case []any:
		if kind == 'l' && !slices.ContainsFunc(v, func(one any) bool { _, is := one.(string); return !is }) {
			for _, one := range v {
				form.Add(name, one.(string))
			}
			return nil
		}
	}
	return fmt.Errorf("field %q is %s", name, map[byte]string{'t': "a text", 'b': "true or false", 'l': "a list of texts"}[kind])
}

// faultBody is why something was not answered (RFC 9457).
type faultBody struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

func fault(w http.ResponseWriter, status int, why string) {
	b, err := json.Marshal(faultBody{http.StatusText(status), status, why})
	if err != nil {
		panic(err) // three plain fields
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(b) // a program that has gone is no fault of ours
}

// refuseProgram says to a program why something was not done.
func (c *console) refuseProgram(w http.ResponseWriter, r *http.Request, err error) {
	status := refusal(err)
	if status == http.StatusInternalServerError {
		c.opt.Log.Error("something asked of the console failed", "page", r.Pattern)
	}
	fault(w, status, err.Error())
}

func (c *console) refuseMethodToProgram(w http.ResponseWriter, r *http.Request) {
	fault(w, http.StatusMethodNotAllowed, "this address cannot be asked for in this way")
}

func answerJSON(w http.ResponseWriter, status int, v any) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		fault(w, http.StatusInternalServerError, "the answer cannot be written as JSON")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a program that has gone is no fault of ours
}

// page of a list for programs.
type listBody struct {
	Of    int    `json:"of"`
	First int    `json:"first"`
	Next  string `json:"next,omitempty"`
	Items any    `json:"items"`
}

// listed gives the rows that the address asks for.
func listed[T any](r *http.Request, all []T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	some, w, err := windowed(r, all)
	if err != nil {
		return nil, err
	}
	return listBody{w.Of, w.First, w.Next, append([]T{}, some...)}, nil
}

// oneOf reads the one thing that an address names, with its version.
func oneOf(prefix string, read func(c *console, ctx context.Context, id int64) (any, error)) func(*console, *http.Request) (any, error) {
	return func(c *console, r *http.Request) (any, error) {
		id, err := numbered(r, prefix)
		if err != nil {
			return nil, err
		}
		return c.versioned(r.Context(), r.PathValue("number"), func() (any, error) { return read(c, r.Context(), id) })
	}
}

// withVersion puts the version beside what a program reads, to be given with what
// it does about it.
type withVersion struct {
	Version string `json:"version"`
	Is      any    `json:"is"`
}

func (c *console) versioned(ctx context.Context, subject string, read func() (any, error)) (any, error) {
	v, err := c.node.Version(ctx, subject) // before it is read: rather too old than too new
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	is, err := read()
	return withVersion{v, is}, err
}
