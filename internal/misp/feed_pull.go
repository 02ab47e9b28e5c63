package misp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
)

// Feed is where a feed is read from: a [Remote], or what [FolderFeed] gives.
type Feed interface {
	// open opens a file of the feed. For the manifest, tag is what the last answer was tagged with; it
	// gives errSame if that still holds.
	open(ctx context.Context, name, tag string) (body io.ReadCloser, newTag string, err error)
}

// errSame says that a file is still the one that was read.
var errSame = errors.New("is the same as before")

// Bookmark is how far a feed was read. The reader of the feed keeps it, as JSON, from one time to the
// next; its zero value begins anew. ETag is set only when a run took all there was.
type Bookmark struct {
	ETag   string           `json:"etag,omitempty"`
	Events map[string]int64 `json:"events,omitempty"` // the timestamp of each event taken, by UUID
}

// PullOptions say how much to take of a feed.
type PullOptions struct {
	Limits   Limits              // Events of the manifest, Bytes and Parts of all that one run takes, the rest of each file
	Want     func(Listed) bool   // which events to take; all if nil
	Progress func(done, of int)  // called before the first event and after each
	Refused  func(Listed, error) // told of each event whose file is missing or wrong; the run goes on
}

// Pulled is what came of reading a feed.
type Pulled struct {
	Mark    Bookmark
	Taken   int
	Refused int
	Gone    []string // events taken before that the manifest no longer names; what they hold stands
	Same    bool     // the manifest has not changed since
}

// Pull reads what is new in a feed: the manifest and, of the events it names, those whose timestamp is not
// the one in the bookmark. Each is handed over with the bookmark as it is once the event is taken, so
// that both can be kept in one transaction; the bookmark is Pull's own and good until each returns. An
// event whose file is missing, too large or no event is refused and tried again the next time. What ends
// the run (no connection, a limit on the whole, an error of each) comes back with what was taken until
// then: a run with that mark goes on from there.
func Pull(ctx context.Context, feed Feed, mark Bookmark, opt PullOptions, each func(Event, Bookmark) error) (Pulled, error) {
	p := &pull{feed: feed, opt: opt, lim: opt.Limits.orDefault(), each: each}
	p.got.Mark = Bookmark{ETag: mark.ETag, Events: maps.Clone(mark.Events)}
	if p.got.Mark.Events == nil {
		p.got.Mark.Events = map[string]int64{}
	}
	err := p.run(ctx)
	if err != nil {
		err = fmt.Errorf("read MISP feed: %w", err)
	}
	return p.got, err
}

// pull is one run over a feed.
type pull struct {
	feed Feed
	opt  PullOptions
	lim  Limits // what is left of the bytes and parts for the whole run
	each func(Event, Bookmark) error
	got  Pulled
}

func (p *pull) run(ctx context.Context) error {
	listed, tag, err := p.manifest(ctx)
	if errors.Is(err, errSame) {
		p.got.Same = true
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", manifestFile, err)
	}
	p.got.Mark.ETag = ""
	news := p.news(listed)
	p.progress(0, len(news))
	for n, l := range news {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := p.one(ctx, l); err != nil {
			return fmt.Errorf("%s.json: %w", l.UUID, err)
		}
		p.progress(n+1, len(news))
	}
	if p.got.Refused == 0 && p.opt.Want == nil {
		p.got.Mark.ETag = tag
	}
	return nil
}

func (p *pull) progress(done, of int) {
	if p.opt.Progress != nil {
		p.opt.Progress(done, of)
	}
}

func (p *pull) manifest(ctx context.Context) ([]Listed, string, error) {
	body, tag, err := p.feed.open(ctx, manifestFile, p.got.Mark.ETag)
	if err != nil {
		return nil, "", err
	}
	defer body.Close()
	counted := &counting{from: body}
	listed, err := ReadManifest(counted, p.lim)
	p.lim.Bytes -= counted.n
	return listed, tag, err
}

// news gives the events to ask for, and notes those that are gone.
func (p *pull) news(listed []Listed) (news []Listed) {
	there := map[string]bool{}
	for _, l := range listed {
		there[l.UUID] = true
		taken, known := p.got.Mark.Events[l.UUID]
		if (!known || taken != l.Timestamp) && (p.opt.Want == nil || p.opt.Want(l)) {
			news = append(news, l)
		}
	}
	for _, uuid := range sortedKeys(p.got.Mark.Events) {
		if !there[uuid] {
			p.got.Gone = append(p.got.Gone, uuid)
			delete(p.got.Mark.Events, uuid)
		}
	}
	return news
}

// one takes one event, or refuses it. An error ends the run.
func (p *pull) one(ctx context.Context, l Listed) error {
	if p.lim.Bytes <= 0 || p.lim.Parts <= 0 {
		return fmt.Errorf("this run has taken all it may; run again to go on, or raise the limit: %w", ErrLimit)
	}
	e, err := p.event(ctx, l.UUID)
	if err != nil {
		if p.ends(ctx, err) {
			return err
		}
		p.got.Refused++
		if p.opt.Refused != nil {
			p.opt.Refused(l, err)
		}
		return nil
	}
	before, known := p.got.Mark.Events[l.UUID]
	p.got.Mark.Events[l.UUID] = l.Timestamp
	if err := p.each(e, p.got.Mark); err != nil {
		if delete(p.got.Mark.Events, l.UUID); known {
			p.got.Mark.Events[l.UUID] = before
		}
		return err
	}
	p.got.Taken++
	return nil
}

// ends tells whether an error is of the run, and not of one event's file. A file that goes past what is
// left for this run is tried again with all that the next one has.
func (p *pull) ends(ctx context.Context, err error) bool {
	fault := new(Fault)
	ofTheFile := errors.As(err, &fault) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, errWrongEvent)
	cutShort := errors.Is(err, ErrLimit) && p.got.Taken+p.got.Refused > 0
	return !ofTheFile || cutShort || errors.Is(err, errBroken) || ctx.Err() != nil
}

// errWrongEvent is of a file that holds another event than it is named for.
var errWrongEvent = errors.New("it must hold the one event that it is named for")

func (p *pull) event(ctx context.Context, uuid string) (Event, error) {
	body, _, err := p.feed.open(ctx, uuid+".json", "")
	if err != nil {
		return Event{}, err
	}
	defer body.Close()
	counted := &counting{from: body}
	events, err := Read(counted, p.lim)
	p.lim.Bytes -= counted.n
	switch {
	case err != nil:
		return Event{}, err
	case len(events) != 1:
		return Event{}, fmt.Errorf("it holds %d events: %w", len(events), errWrongEvent)
	case events[0].UUID != uuid:
		return Event{}, fmt.Errorf("it holds event %s: %w", events[0].UUID, errWrongEvent)
	}
	p.lim.Parts -= events[0].parts()
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
