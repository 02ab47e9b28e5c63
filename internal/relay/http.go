package relay

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"
)

// The headers that carry a mailbox's secrets and their hashes, as 64 lower-case hex digits.
const (
	headerWrite     = "Parley-Write"
	headerRead      = "Parley-Read"
	headerWriteHash = "Parley-Write-Hash"
	headerReadHash  = "Parley-Read-Hash"
)

const (
	maxWait      = 60 * time.Second // of a fetch
	transferTime = 60 * time.Second // for a parcel to come in, or for one to go out
)

// refusal is an answer other than the one asked for.
type refusal struct {
	status int
	reason string
	after  int // Retry-After, in seconds; 0 is none
}

func (e refusal) Error() string { return e.reason }

func badRequest(format string, args ...any) error {
	return refusal{status: http.StatusBadRequest, reason: fmt.Sprintf(format, args...)}
}

// errClosedBox is the one answer to wrong secrets, whatever the mailbox holds.
var errClosedBox = refusal{status: http.StatusForbidden, reason: "these secrets do not open this mailbox"}

// handlerFunc is a handler that leaves failures to its caller.
type handlerFunc func(w http.ResponseWriter, req *http.Request) error

// Handler serves the relay's requests; docs/protocol/relay.md describes them.
func (r *Relay) Handler() http.Handler { return r.handler(nil) }

// handler is Handler for a server that closes stopping when it begins to stop, to send home the
// readers that wait.
func (r *Relay) handler(stopping <-chan struct{}) http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, h handlerFunc) { mux.Handle(pattern, r.answering(h)) }
	handle("PUT /v1/mailboxes/{address}/parcels/{id}", r.servePut)
	handle("GET /v1/mailboxes/{address}/parcels", func(w http.ResponseWriter, req *http.Request) error {
		return r.serveFetch(w, req, stopping)
	})
	handle("DELETE /v1/mailboxes/{address}/parcels", r.serveRemove)
	handle("PUT /v1/mailboxes/{address}", r.serveOpen)
	handle("GET /v1/tokens", r.serveTokenKey)
	handle("POST /v1/tokens", r.serveIssue)
	handle("/v1/mailboxes/{address}", wrongMethod("PUT"))
	handle("/v1/tokens", wrongMethod("GET, POST"))
	handle("GET /v1/health", r.serveHealth)
	handle("/v1/mailboxes/{address}/parcels/{id}", wrongMethod("PUT"))
	handle("/v1/mailboxes/{address}/parcels", wrongMethod("GET, DELETE"))
	handle("/v1/health", wrongMethod("GET"))
	handle("/", func(http.ResponseWriter, *http.Request) error {
		return refusal{status: http.StatusNotFound, reason: "a relay has no such path"}
	})
	return mux
}

func wrongMethod(allowed string) handlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Allow", allowed)
		return refusal{status: http.StatusMethodNotAllowed, reason: "this path takes " + allowed}
	}
}

// answering turns a handler's error into an answer, and a fault into a line of the log.
func (r *Relay) answering(h handlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				r.opt.Log.Error("a request stopped its handler", "stack", string(debug.Stack()))
				panic(http.ErrAbortHandler)
			}
		}()
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if err := h(w, req); err != nil {
			r.refuse(w, err)
		}
	})
}

// errAnswered is a failure after the answer began: the connection can only be broken off.
var errAnswered = errors.New("the answer had begun")

func (r *Relay) refuse(w http.ResponseWriter, err error) {
	if errors.Is(err, errAnswered) {
		panic(http.ErrAbortHandler)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		err = refusal{http.StatusServiceUnavailable, "the request ended before it was done", 1}
	}
	ref, known := refusalFor(err)
	if !known {
		r.opt.Log.Error("a request failed", "error", longHex.ReplaceAllString(err.Error(), "…"))
	}
	r.counts.refused.Add(1)
	if ref.after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(ref.after))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(ref.status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": ref.reason})
}

// refusalFor finds an error's status; the seconds say when it is worth asking again.
func refusalFor(err error) (ref refusal, known bool) {
	if errors.As(err, &ref) {
		return ref, true
	}
	for _, k := range []struct {
		err           error
		status, after int
	}{
		{errMailboxFull, http.StatusTooManyRequests, 60},
		{errBusy, http.StatusTooManyRequests, 1},
		{errTooManyWaiting, http.StatusTooManyRequests, 30},
		{errRelayFull, http.StatusInsufficientStorage, 600},
		{errDiskFull, http.StatusInsufficientStorage, 600},
		{errStopping, http.StatusServiceUnavailable, 5},
		{errBroken, http.StatusServiceUnavailable, 60},
		{errNoMajority, http.StatusServiceUnavailable, 1},
		{errCursor, http.StatusGone, 0},
		{errNotOpen, http.StatusPaymentRequired, 5},
		{errToken, http.StatusForbidden, 0},
		{errAllowance, http.StatusForbidden, 0},
		{errAllowanceUsed, http.StatusTooManyRequests, 3600},
	} {
		if errors.Is(err, k.err) {
			return refusal{k.status, k.err.Error(), k.after}, true
		}
	}
	return refusal{status: http.StatusInternalServerError, reason: "the relay failed; its operator can see why in its log"}, false
}

func (r *Relay) servePut(w http.ResponseWriter, req *http.Request) error {
	a, err := authorize(req, headerWrite)
	if err != nil {
		return err
	}
	id, err := parseParcelID(req.PathValue("id"))
	if err != nil {
		return badRequest("%s", err)
	}
	class, err := checkLength(req.ContentLength)
	if err != nil {
		return err
	}
	if err := r.mustBeOpen(a); err != nil {
		return err
	}
	done, err := r.takeIn(req.ContentLength)
	if err != nil {
		return err
	}
	defer done()
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(transferTime))
	parcel := make([]byte, req.ContentLength)
	if _, err := io.ReadFull(req.Body, parcel); err != nil {
		return badRequest("the parcel broke off before its %d bytes were here", req.ContentLength)
	}
	created, err := r.put(req.Context(), a, id, class, parcel)
	if err != nil {
		return err
	}
	r.counts.put.Add(1)
	if created {
		w.WriteHeader(http.StatusCreated)
	}
	return nil
}

// checkLength finds a put's size class from what it says its length is; net/http lets no more in.
func checkLength(length int64) (uint8, error) {
	if length < 0 {
		return 0, refusal{status: http.StatusLengthRequired, reason: "a put has to say its length"}
	}
	if length > MaxParcel {
		return 0, refusal{status: http.StatusRequestEntityTooLarge, reason: fmt.Sprintf("a parcel has at most %d bytes", MaxParcel)}
	}
	class, ok := sizeClass(length)
	if !ok {
		return 0, badRequest("a parcel has one of %v bytes, this has %d", SizeClasses, length)
	}
	return class, nil
}

func (r *Relay) serveFetch(w http.ResponseWriter, req *http.Request, stopping <-chan struct{}) error {
	a, err := authorize(req, headerRead)
	if err != nil {
		return err
	}
	query, err := parseQuery(req, "after", "wait")
	if err != nil {
		return err
	}
	wait, err := parseWait(query["wait"])
	if err != nil {
		return err
	}
	c, err := newCursors(r.folder.key, r.journal.birth, a)
	if err != nil {
		return err
	}
	after, err := c.open(Cursor(query["after"]))
	if err != nil {
		return err
	}
	if err := r.mustBeOpen(a); err != nil && len(r.index.list(a, after)) == 0 { // what lies there is given
		return err
	}
	rc := http.NewResponseController(w)
	_ = rc.SetReadDeadline(time.Now().Add(wait + transferTime)) // or net/http ends the wait itself
	entries, err := r.await(req.Context(), stopping, a, after, wait)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", parcelsType)
	err = r.send(req.Context(), w, a, c, entries, func() {
		_ = rc.SetWriteDeadline(time.Now().Add(transferTime))
	})
	if err != nil {
		return fmt.Errorf("%w: %w", errAnswered, err)
	}
	return nil
}

func (r *Relay) serveRemove(w http.ResponseWriter, req *http.Request) error {
	a, err := authorize(req, headerRead)
	if err != nil {
		return err
	}
	query, err := parseQuery(req, "through")
	if err != nil {
		return err
	}
	if query["through"] == "" {
		return badRequest("a removal has to say through which cursor")
	}
	c, err := newCursors(r.folder.key, r.journal.birth, a)
	if err != nil {
		return err
	}
	through, err := c.open(Cursor(query["through"]))
	if err != nil {
		return err
	}
	if err := r.remove(req.Context(), a, through); err != nil {
		return err
	}
	r.counts.removed.Add(1)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (r *Relay) serveHealth(w http.ResponseWriter, _ *http.Request) error {
	if err := r.health(); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, err := io.WriteString(w, "{\"status\":\"ok\"}\n")
	return err
}

// authorize checks that a request may use the mailbox it names: it shows the secret of what it wants
// to do, and the hash of the other. A malformed secret is a wrong one.
func authorize(req *http.Request, secretHeader string) (boxAddress, error) {
	a, err := parseBoxAddress(req.PathValue("address"))
	if err != nil {
		return a, badRequest("%s", err)
	}
	hashHeader := map[string]string{headerWrite: headerReadHash, headerRead: headerWriteHash}[secretHeader]
	var secret, other [32]byte
	defer clear(secret[:])
	if parseHex(secret[:], req.Header.Get(secretHeader)) != nil || parseHex(other[:], req.Header.Get(hashHeader)) != nil {
		return a, errClosedBox
	}
	writeHash, readHash := sha256.Sum256(secret[:]), other
	if secretHeader == headerRead {
		writeHash, readHash = other, writeHash
	}
	if !a.opens(writeHash, readHash) {
		return a, errClosedBox
	}
	return a, nil
}

// parseQuery reads a query whose only names are the given ones, each at most once.
func parseQuery(req *http.Request, names ...string) (map[string]string, error) {
	if len(req.URL.RawQuery) > 512 {
		return nil, badRequest("the query is over 512 bytes")
	}
	values := req.URL.Query()
	got := map[string]string{}
	for _, name := range names {
		if len(values[name]) > 1 {
			return nil, badRequest("%q is in the query %d times", name, len(values[name]))
		}
		got[name] = values.Get(name)
		values.Del(name)
	}
	if len(values) > 0 {
		return nil, badRequest("the query takes only %v", names)
	}
	return got, nil
}

// parseWait reads the whole seconds a reader is ready to wait.
func parseWait(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(s, 10, 8)
	if err != nil || time.Duration(n)*time.Second > maxWait {
		return 0, badRequest("wait is in whole seconds from 0 to %d", int(maxWait.Seconds()))
	}
	return time.Duration(n) * time.Second, nil
}
