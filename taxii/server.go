package taxii

import (
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// ServerOptions configure a [Server]. The zero value serves everybody.
type ServerOptions struct {
	// Authenticator finds out who asks. Without one, everybody is Requester{}.
	Authenticator Authenticator
	// CursorKey, of [CursorKeySize] bytes, seals cursors. Servers that share it take each other's
	// cursors, and one that keeps it takes its own after a restart. Without one it is random.
	CursorKey []byte
	// PageSize is the most objects in a page, and how many there are if the client names no limit;
	// 1,000 if 0.
	PageSize int
	// PageBytes is how many bytes of objects fill a page; 16 MiB if 0. A page has one object at least.
	PageBytes int64
	// MaxContentLength is the size of a posted body for API roots that name none; 100 MiB if 0.
	MaxContentLength int64
	// MaxObjects is how many objects an envelope may have; 250,000 if 0.
	MaxObjects int
	// MaxDepth is how deep lists and objects may be nested; 64 if 0.
	MaxDepth int
	// Log gets one line for each failure of the server's own, with the error_id that the client saw.
	// It never gets objects, queries or secrets. Without one, nothing is logged.
	Log *slog.Logger
	// Rand makes error ids and, if need be, the cursor key; crypto/rand if nil.
	Rand io.Reader
}

// Server is an http.Handler that speaks TAXII 2.1. Serve it over TLS 1.2 or newer, from the root of
// a host, since clients look for /taxii2/ there, and give the http.Server time limits.
type Server struct {
	backend Backend
	opts    ServerOptions
	cursors cursors
}

// NewServer makes a server over a backend.
func NewServer(backend Backend, opts ServerOptions) (*Server, error) {
	if backend == nil {
		return nil, fmt.Errorf("taxii server: give it a backend")
	}
	if opts.Authenticator == nil {
		opts.Authenticator = anybody{}
	}
	if opts.Rand == nil {
		opts.Rand = rand.Reader
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	opts.PageSize = orDefault(opts.PageSize, 1000)
	opts.PageBytes = orDefault(opts.PageBytes, 16<<20)
	opts.MaxContentLength = orDefault(opts.MaxContentLength, 100<<20)
	opts.MaxObjects = orDefault(opts.MaxObjects, 250_000)
	opts.MaxDepth = orDefault(opts.MaxDepth, 64)
	key := slices.Clone(opts.CursorKey)
	if len(key) == 0 {
		key = make([]byte, CursorKeySize)
		if _, err := io.ReadFull(opts.Rand, key); err != nil {
			return nil, fmt.Errorf("taxii server: make a cursor key: %w", err)
		}
	}
	if len(key) != CursorKeySize {
		return nil, fmt.Errorf("taxii server: the cursor key has %d bytes and must have %d", len(key), CursorKeySize)
	}
	return &Server{backend: backend, opts: opts, cursors: cursors{key}}, nil
}

// orDefault fills in what was left at zero or below.
func orDefault[N int | int64](value, otherwise N) N {
	if value <= 0 {
		return otherwise
	}
	return value
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", MediaType)
	header.Set("Cache-Control", "private, no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Vary", "Accept, Accept-Encoding, Authorization")
	if err := s.serve(w, r); err != nil {
		s.answerError(w, r, err)
	}
}

// serve checks in the order in which less may be known of the server: who, where, how, in what form.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) error {
	who, err := s.opts.Authenticator.Authenticate(r.Context(), r)
	if err != nil {
		return err
	}
	at, ok := parseRoute(r.URL.EscapedPath())
	if !ok {
		return refuse(http.StatusNotFound, "TAXII has nothing at this path; start from /%s/", discoveryPath)
	}
	methods := at.endpoint.methods()
	if !slices.Contains(methods, r.Method) {
		w.Header().Set("Allow", strings.Join(methods, ", "))
		return refuse(http.StatusMethodNotAllowed, "this can be asked for with %s", strings.Join(methods, ", "))
	}
	if !acceptable(r.Header.Values("Accept")) {
		return refuse(http.StatusNotAcceptable, "answers are %s: name it in the Accept header", MediaType)
	}
	return s.dispatch(exchange{w: w, r: r, who: who, at: at})
}

// exchange is one request and where its answer goes.
type exchange struct {
	w   http.ResponseWriter
	r   *http.Request
	who Requester
	at  route
}

func (s *Server) dispatch(x exchange) error {
	switch x.at.endpoint {
	case atDiscovery:
		return s.discovery(x)
	case atRoot:
		return s.root(x)
	case atStatus:
		return s.status(x)
	case atCollections:
		return s.collections(x)
	case atCollection:
		return s.collection(x)
	}
	place, c, err := s.place(x)
	if err != nil {
		return err
	}
	switch {
	case x.r.Method == http.MethodPost:
		return s.add(x, place, c)
	case x.r.Method == http.MethodDelete:
		return s.delete(x, place)
	}
	return s.page(x, place)
}

// answerError writes the error resource. A failure of the server's own gets an id, which stands in
// the log beside its text; the client sees the id alone.
func (s *Server) answerError(w http.ResponseWriter, r *http.Request, err error) {
	e, known := refusal(err)
	if !known {
		e = refuse(http.StatusInternalServerError, "the server failed; its operator finds more under the error_id")
		if id, idErr := uuid.NewRandomFromReader(s.opts.Rand); idErr == nil {
			e.ErrorID = id.String()
		}
		s.opts.Log.ErrorContext(r.Context(), "taxii request failed", "method", r.Method, "error_id", e.ErrorID, "error", err)
	}
	switch e.status {
	case http.StatusUnauthorized:
		w.Header().Set("Connection", "close") // a stranger holds no connection
		for _, challenge := range s.opts.Authenticator.Challenges() {
			w.Header().Add("WWW-Authenticate", challenge)
		}
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "60")
	}
	// The client has gone, or will be told by a broken connection.
	_ = answerJSON(w, r, e.status, e)
}
