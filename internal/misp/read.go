package misp

import (
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// Read reads one event, a list of events, the answer of a search, or an event's file of a feed. Other
// than with its limits it is lenient where MISP is: numbers and truth values as strings and the other
// way about, null or an empty list for an empty object, an object with numbers for names or a lone
// object for a list. What it has no field for is in [Event].Unread, numbers that mean something only
// on their own instance (id, event_id and the like) apart. The first thing wrong ends it with a
// *[Fault] and no events.
func Read(r io.Reader, lim Limits) ([]Event, error) {
	lim = lim.orDefault()
	in := &reader{lim: lim, source: &bounded{from: r, left: lim.Bytes}}
	in.dec = jsontext.NewDecoder(in.source)
	in.top()
	if in.err == nil {
		in.end()
	}
	if in.err != nil {
		return nil, in.err
	}
	return in.events, nil
}

// top reads the boxes that stand around events.
func (in *reader) top() {
	switch in.dec.PeekKind() {
	case '[':
		in.list(in.top)
	case '{':
		in.box()
	default:
		in.token()
		in.fail("must be a MISP event or a list of them")
	}
}

// box reads an object that is an event or holds some. Both are told apart by the first name in it.
func (in *reader) box() {
	event, isEvent, boxed := Event{}, false, false
	in.object(func(name string) {
		switch {
		case (name == "Event" || name == "response") && !isEvent:
			boxed = true
			in.top()
		case boxed:
			in.skip()
		default:
			if !isEvent {
				isEvent = true
				in.startEvent(&event)
			}
			in.eventField(&event, name)
		}
	})
	switch {
	case in.err != nil:
	case isEvent:
		in.endEvent(event)
	case !boxed:
		in.fail("is empty and must be a MISP event")
	}
}

// end asks that nothing follows.
func (in *reader) end() {
	if _, err := in.dec.ReadToken(); !errors.Is(err, io.EOF) {
		if err == nil {
			in.fail("must end after the event")
			return
		}
		in.broken(err)
	}
}

// bounded gives an error, not an end, when there is more than may be.
type bounded struct {
	from io.Reader
	left int64
	over bool
}

// Read reads on up to the bound.
func (b *bounded) Read(p []byte) (int, error) {
	if b.over {
		return 0, ErrLimit
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.from.Read(p)
	if int64(n) > b.left {
		n, b.over = int(b.left), true
		b.left = 0
		return n, ErrLimit
	}
	b.left -= int64(n)
	return n, err
}
