package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"parley/internal/node"
	"parley/internal/store"
)

// The header by which a program says that two requests are one: a text that it
// draws, the same when it asks again because no answer came.
const onceHeader = "Idempotency-Key"

// maxKey bounds it, in bytes.
const maxKey = 200

// keyed tells whether a request has a key of its own.
func keyed(r *http.Request) bool { return r.Header.Get(onceHeader) != "" }

// once does what a program asks for, and nothing where it was done before under the
// same key: then it answers what it answered.
func (c *console) once(r *http.Request, body []byte, do func(*http.Request) (done, error)) (didBody, error) {
	answered := func(did done, err error) (didBody, error) { return didBody{did.Said, apiRoot + did.To, c.raised}, err }
	if !keyed(r) {
		return answered(do(r))
	}
	key := r.Header.Get(onceHeader)
	if len(key) > maxKey {
		return didBody{}, problem{http.StatusUnprocessableEntity, "No key", fmt.Sprintf("%s has at most %d bytes", onceHeader, maxKey)}
	}
	request := fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s", r.Method, r.URL.Path, r.Header.Get("If-Match"), body)
	if before, err := c.before(r.Context(), key, request); !errors.Is(err, store.ErrNotFound) {
		return before, err
	}
	did, err := answered(do(r.WithContext(c.node.Once(r.Context(), key, request))))
	if node.IsDone(err) { // by a request that came at the same time
		return c.before(r.Context(), key, request)
	}
	if err != nil {
		return did, err
	}
	text, err := json.Marshal(did)
	if err == nil {
		err = c.node.Answered(r.Context(), key, text)
	}
	if err != nil {
		c.opt.Log.Error("what was answered to a program cannot be kept", "page", r.Pattern) // the act is done, and stays done once
	}
	return did, nil
}

// before is what was answered under a key; where the node was stopped before it
// could answer, what it would have answered as far as the ledger says.
func (c *console) before(ctx context.Context, key string, request []byte) (did didBody, err error) {
	r, err := c.node.Before(ctx, key, request)
	if err != nil {
		return did, err
	}
	if len(r.Answer) > 0 {
		return did, json.Unmarshal(r.Answer, &did)
	}
	return didBody{Said: "It was done already.", At: apiRoot + subjectPage(r.Subject)}, nil
}

// subjectPage is where the subject of a line of the ledger is read.
func subjectPage(subject string) string {
	pages := map[byte]string{'R': "/releases/", 'M': "/matches/", 'W': "/warnings/", 'Q': "/consents/", 'I': "/inbox/"}
	if subject != "" {
		if _, err := strconv.ParseInt(subject[1:], 10, 64); err == nil && pages[subject[0]] != "" {
			return pages[subject[0]] + subject
		}
	}
	return "/ledger"
}
