package misp

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// ReadFeed reads the events that the manifest of a feed names, in its order. One event must be in each
// file, the one it is named for. The limits hold for all of the feed together; what is wrong with one
// file is wrong with the feed, and no events are given.
func ReadFeed(folder fs.FS, lim Limits) ([]Event, error) {
	lim = lim.orDefault()
	ids, err := readManifest(folder, &lim)
	if err != nil {
		return nil, fmt.Errorf("read feed: %s: %w", manifestFile, err)
	}
	var events []Event
	for _, id := range ids {
		e, err := readFeedEvent(folder, id, &lim)
		if err != nil {
			return nil, fmt.Errorf("read feed: %s.json: %w", id, err)
		}
		events = append(events, e)
	}
	return events, nil
}

// readManifest gives the UUIDs of a manifest's events. What else it says of them, they say themselves.
func readManifest(folder fs.FS, lim *Limits) (ids []string, err error) {
	f, err := folder.Open(manifestFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	source := &bounded{from: f, left: lim.Bytes}
	in := &reader{lim: *lim, source: source}
	in.dec = jsontext.NewDecoder(source)
	in.object(func(name string) {
		id, err := uuid.Parse(name)
		if err != nil || id.String() != strings.ToLower(name) {
			in.fail("is named %s and must be named by an event's UUID", shown(name))
			return
		}
		if len(ids) >= in.lim.Events {
			in.failFor(ErrLimit, "is one more than the %d events allowed", in.lim.Events)
		}
		ids = append(ids, id.String())
		in.skip()
	})
	if in.err == nil {
		in.end()
	}
	lim.Bytes = source.left
	return ids, in.err
}

func readFeedEvent(folder fs.FS, id string, lim *Limits) (Event, error) {
	f, err := folder.Open(id + ".json")
	if err != nil {
		return Event{}, err
	}
	defer f.Close()
	if lim.Bytes <= 0 {
		return Event{}, fmt.Errorf("the feed has more bytes than allowed; raise the limit: %w", ErrLimit)
	}
	counted := &counting{from: f}
	events, err := Read(counted, *lim)
	lim.Bytes -= counted.n
	switch {
	case err != nil:
		return Event{}, err
	case len(events) != 1:
		return Event{}, fmt.Errorf("it holds %d events and must hold one", len(events))
	case events[0].UUID != id:
		return Event{}, fmt.Errorf("it holds event %s", events[0].UUID)
	}
	if lim.Parts -= events[0].parts(); lim.Parts < 1 {
		return Event{}, fmt.Errorf("the feed has more parts than allowed; raise the limit: %w", ErrLimit)
	}
	return events[0], nil
}

// parts counts what takes room.
func (e Event) parts() int {
	n := len(e.Attributes) + len(e.Tags) + len(e.Unread)
	for _, o := range e.Objects {
		n += 1 + len(o.Attributes)
	}
	return n
}

type counting struct {
	from io.Reader
	n    int64
}

// Read reads on.
func (c *counting) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}

// FeedHandler serves a feed's folder, and nothing else that may be in it, to whoever can reach it: put
// who may in front of it. It only reads.
func FeedHandler(folder fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "a feed can only be read", http.StatusMethodNotAllowed)
			return
		}
		kind, ok := feedFile(name)
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-cache")
		serve(w, r, folder, name)
	})
}

// feedFile tells whether a name is one of a feed's files, and its media type.
func feedFile(name string) (kind string, ok bool) {
	switch name {
	case manifestFile:
		return "application/json", true
	case hashesFile:
		return "text/csv; charset=utf-8", true
	}
	base, isJSON := strings.CutSuffix(name, ".json")
	id, err := uuid.Parse(base)
	return "application/json", isJSON && err == nil && id.String() == base
}

func serve(w http.ResponseWriter, r *http.Request, folder fs.FS, name string) {
	f, err := folder.Open(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer f.Close()
	info, err := f.Stat()
	content, seeks := f.(io.ReadSeeker)
	if err != nil || !info.Mode().IsRegular() || !seeks {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, name, info.ModTime(), content)
}
