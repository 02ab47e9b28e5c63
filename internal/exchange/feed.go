package exchange

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"parley/internal/misp"
	"parley/internal/store"
	"parley/taxii"
)

// feedPath is where feeds begin: /misp/ALIAS/manifest.json.
const feedPath = "/misp/"

// Handler serves TAXII and, beside it, each collection that a consumer may read as a MISP feed. server
// is the TAXII server over this exchange.
func (x *Exchange) Handler(server http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rest, is := strings.CutPrefix(r.URL.Path, feedPath); is {
			x.serveFeed(w, r, rest)
			return
		}
		server.ServeHTTP(w, r)
	})
}

// serveFeed answers a request for a file of a feed: "released/manifest.json".
func (x *Exchange) serveFeed(w http.ResponseWriter, r *http.Request, rest string) {
	who, err := x.Authenticate(r.Context(), r)
	switch {
	case errors.Is(err, taxii.ErrUnauthenticated):
		w.Header().Set("Connection", "close") // a stranger holds no connection
		w.Header().Set("WWW-Authenticate", x.Challenges()[0])
		http.Error(w, "say who you are, with the name and the token that you were given", http.StatusUnauthorized)
		return
	case errors.Is(err, taxii.ErrForbidden):
		http.Error(w, "you have no right to this", http.StatusForbidden)
		return
	}
	name, file, _ := strings.Cut(rest, "/")
	var c store.Collection
	if err == nil {
		c, err = x.feedCollection(r.Context(), who, name)
	}
	switch {
	case errors.Is(err, taxii.ErrNotFound):
		http.NotFound(w, r)
	case err != nil:
		x.opt.Log.ErrorContext(r.Context(), "a feed could not be served", "error", err)
		http.Error(w, "the feed cannot be read now", http.StatusInternalServerError)
	default:
		r.URL.Path = "/" + file
		x.serveFile(w, r, c, file)
	}
}

// serveFile answers with a file of a feed. An event that went out whole has been read.
func (x *Exchange) serveFile(w http.ResponseWriter, r *http.Request, c store.Collection, file string) {
	var held store.Issue
	id, isEvent := strings.CutSuffix(file, ".json")
	if isEvent && r.Method == http.MethodGet {
		err := x.store.View(r.Context(), func(tx *store.Tx) (err error) {
			held, err = tx.Issue(r.Context(), c.ID, id)
			return err
		})
		isEvent = err == nil
	}
	answered := &status{ResponseWriter: w}
	x.feedOf(c).ServeHTTP(answered, r)
	if isEvent && r.Method == http.MethodGet && answered.code == http.StatusOK {
		x.read.noteEvent(event{held.ID, held.Changed})
	}
}

// status remembers what a request was answered with.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

func (s *status) Write(b []byte) (int, error) {
	if s.code == 0 {
		s.code = http.StatusOK
	}
	return s.ResponseWriter.Write(b)
}

// feedCollection finds a collection that a consumer may read, by its alias or id.
func (x *Exchange) feedCollection(ctx context.Context, who taxii.Requester, name string) (c store.Collection, err error) {
	err = x.store.View(ctx, func(tx *store.Tx) error {
		all, err := collectionsOf(ctx, tx, who)
		if err != nil {
			return err
		}
		for _, held := range all {
			if held.CanRead && (held.Alias == name || uuid.UUID(held.UUID).String() == name) {
				c = held
				return nil
			}
		}
		return taxii.ErrNotFound
	})
	return c, err
}

// feedOf gives the handler of a collection's feed, which keeps its manifest from one request to the next.
func (x *Exchange) feedOf(c store.Collection) http.Handler {
	x.feeds.Lock()
	defer x.feeds.Unlock()
	if x.feeds.handlers == nil {
		x.feeds.handlers = map[int64]http.Handler{}
	}
	h, ok := x.feeds.handlers[c.ID]
	if !ok {
		h = misp.FeedHandler(&feed{x: x, collection: c})
		x.feeds.handlers[c.ID] = h
	}
	return h
}

// feed is a collection as the source of a MISP feed.
type feed struct {
	x          *Exchange
	collection store.Collection
}

// Version names the state of the feed.
func (f *feed) Version(ctx context.Context) (v misp.Version, err error) {
	err = f.x.store.View(ctx, func(tx *store.Tx) error {
		events, at, err := tx.IssuesChanged(ctx, f.collection.ID)
		v = misp.Version{Tag: fmt.Sprintf("%d events, %d", events, at.UnixMicro()), At: at}
		return err
	})
	return v, err
}

// Issues gives every event in the order of their UUIDs, with its hashes and without its file.
func (f *feed) Issues(ctx context.Context) iter.Seq2[misp.Issue, error] {
	return func(yield func(misp.Issue, error) bool) {
		var all []store.Issue
		err := f.x.store.View(ctx, func(tx *store.Tx) (err error) {
			all, err = tx.Issues(ctx, f.collection.ID)
			return err
		})
		for _, held := range all {
			if err == nil {
				err = f.x.store.View(ctx, func(tx *store.Tx) error { return tx.ReadIssue(ctx, &held) })
			}
			if err != nil {
				break
			}
			i := issueOf(held)
			i.File = nil
			if !yield(i, nil) {
				return
			}
		}
		if err != nil {
			yield(misp.Issue{}, err)
		}
	}
}

// Issue gives one event with its file.
func (f *feed) Issue(ctx context.Context, id string) (misp.Issue, error) {
	var held store.Issue
	err := f.x.store.View(ctx, func(tx *store.Tx) (err error) {
		if held, err = tx.Issue(ctx, f.collection.ID, id); err != nil {
			return err
		}
		return tx.ReadIssue(ctx, &held)
	})
	if errors.Is(err, store.ErrNotFound) {
		return misp.Issue{}, fmt.Errorf("event %s is not in the feed: %w", id, fs.ErrNotExist)
	}
	return issueOf(held), err
}

func issueOf(i store.Issue) misp.Issue {
	return misp.Issue{UUID: i.UUID, Timestamp: i.Timestamp, At: i.Changed.Truncate(time.Second), File: i.File, Entry: i.Manifest, Hashes: i.Hashes}
}
