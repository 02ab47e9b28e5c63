package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"parley/internal/node"
	"parley/internal/views"
)

// How the stream of events looks for news, and for how long before the reader
// has to come again: an EventSource does that by itself, and says where it was.
const (
	eventsLook = 500 * time.Millisecond
	eventsTime = pageTime - 5*time.Second
)

// events streams the entries of the ledger as they are written, as server-sent
// events: from the one behind Last-Event-ID on, or only those that come.
func (c *console) events(w http.ResponseWriter, r *http.Request) {
	mine, r, ok := c.forProgram(w, r)
	if !ok {
		return
	}
	if !node.MayAudit(mine.node.User) {
		mine.refuseProgram(w, r, fmt.Errorf("user %s does not read the ledger: %w", mine.node.User.Name, node.ErrRole))
		return
	}
	last, err := mine.lastEvent(r)
	if err != nil {
		mine.refuseProgram(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "retry: 1000\n\n")
	out := http.NewResponseController(w)
	tick := time.NewTicker(eventsLook)
	defer tick.Stop()
	end := time.NewTimer(eventsTime)
	defer end.Stop()
	for {
		if last, err = mine.writeEvents(w, r, last); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-end.C:
			return
		case <-tick.C:
		}
	}
}

// lastEvent is the number of the entry that a reader has already.
func (c *console) lastEvent(r *http.Request) (int64, error) {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		return c.newest(r)
	}
	last, err := strconv.ParseInt(text, 10, 64)
	if err != nil || last < 0 {
		return 0, problem{http.StatusBadRequest, "Not an event", "Last-Event-ID is an entry's number"}
	}
	return last, nil
}

// errNotObject: an entry that cannot be written as JSON.
var errNotObject = errors.New("an entry of the ledger cannot be written")

func (c *console) writeEvents(w http.ResponseWriter, r *http.Request, last int64) (int64, error) {
	all, err := c.node.Ledger(r.Context(), last+1, pageRows)
	if err != nil {
		return last, err
	}
	for _, e := range all {
		b, err := json.Marshal(views.EntryOf(e))
		if err != nil {
			return last, errNotObject
		}
		if _, err := fmt.Fprintf(w, "id: %d\nevent: entry\ndata: %s\n\n", e.Seq, b); err != nil {
			return last, err
		}
		last = e.Seq
	}
	return last, nil
}
