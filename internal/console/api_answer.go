package console

import (
	"bytes"
	"encoding/json"
	"net/http"

	"parley/internal/node"
)

// faultBody is why something was not answered (RFC 9457).
type faultBody struct {
	Title  string       `json:"title"`
	Status int          `json:"status"`
	Detail string       `json:"detail"` // in one sentence
	Kind   node.Failure `json:"kind"`   // for programs, and for the command line's exit code
}

func fault(w http.ResponseWriter, status int, kind node.Failure, why string) {
	b, err := json.Marshal(faultBody{http.StatusText(status), status, why, kind})
	if err != nil {
		panic(err) // plain fields
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
	fault(w, status, kindOf(err, status), err.Error())
}

// kindOf says what kind of failure a refusal is.
func kindOf(err error, status int) node.Failure {
	kind := node.FailureOf(err)
	if kind != node.Failed {
		return kind
	}
	switch status {
	case http.StatusNotFound:
		return node.NotFound
	case http.StatusBadRequest:
		return node.Usage
	}
	return kind
}

func (c *console) refuseMethodToProgram(w http.ResponseWriter, r *http.Request) {
	fault(w, http.StatusMethodNotAllowed, node.Usage, "this address cannot be asked for in this way")
}

func answerJSON(w http.ResponseWriter, status int, v any) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		fault(w, http.StatusInternalServerError, node.Failed, "the answer cannot be written as JSON")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a program that has gone is no fault of ours
}
