package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"parley/internal/match"
	"parley/internal/views"
)

// progressLook is how often a stream of progress looks how far something is.
const progressLook = 250 * time.Millisecond

// matchProgress streams how far a match is, as server-sent events: its state now, and
// each time that it is another. It ends when the match has, and after a while anyway:
// an EventSource comes again by itself.
func (c *console) matchProgress(w http.ResponseWriter, r *http.Request) {
	mine, r, ok := c.forProgram(w, r)
	if !ok {
		return
	}
	id, err := numbered(r, "M")
	if err != nil {
		mine.refuseProgram(w, r, err)
		return
	}
	mine.stream(w, r, func() (v any, over bool, err error) {
		m, err := mine.node.Match(r.Context(), id)
		if err != nil {
			return nil, true, err
		}
		return views.MatchOf(m), match.Ended(m.State), nil
	})
}

// stream writes what is now, and whenever it is something else, until it is over.
func (c *console) stream(w http.ResponseWriter, r *http.Request, look func() (v any, over bool, err error)) {
	var last []byte
	out, tick, end := http.NewResponseController(w), time.NewTicker(progressLook), time.NewTimer(eventsTime)
	defer tick.Stop()
	defer end.Stop()
	for begun := false; ; begun = true {
		v, over, err := look()
		if err != nil {
			if !begun {
				c.refuseProgram(w, r, err)
			}
			return
		}
		if !begun {
			w.Header().Set("Content-Type", "text/event-stream")
			fmt.Fprint(w, "retry: 1000\n\n")
		}
		now, err := json.Marshal(v)
		if err != nil {
			return
		}
		if !bytes.Equal(now, last) {
			last = now
			event := "progress"
			if over {
				event = "end"
			}
			fmt.Fprintf(w, "event: %s\ndata: %s\n\n", event, now)
			if out.Flush() != nil {
				return
			}
		}
		if over {
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
