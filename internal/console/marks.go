package console

import (
	"fmt"
	"net/http"
	"slices"

	"parley/internal/store"
)

// markActs are what people say of messages and of what was found.
func markActs() []act {
	return []act{
		{"/inbox/{number}/mark", (*console).letter, true, on("I", (*console).markLetter)},
		{"/evidence/{number}/review/mark", (*console).review, false, (*console).markHit},
		{"/evidence/{number}/review/undo", (*console).review, false, (*console).unmarkHit},
	}
}

func (c *console) markLetter(r *http.Request, id int64) (done, error) {
	subject := fmt.Sprintf("I%d", id)
	err := c.node.Mark(r.Context(), subject, r.PostForm.Get("verdict"), r.PostForm.Get("note"))
	return done{"/inbox/" + subject, "Noted."}, err
}

// reviewRows is how many hits are looked at on one page.
const reviewRows = 50

// reviewBody is what was found in evidence and is to be looked at.
type reviewBody struct {
	Evidence store.Evidence
	Rows     []hit
	Left     int // that nobody has judged
	Of       int
	All      bool // those that were judged too
	Undo     bool
}

// hit is a selector with the first of its places in the evidence.
type hit struct {
	store.Tally
	First   store.Finding
	Mark    *store.Mark
	Version string
}

// review lists what was found in evidence and not judged yet, or all of it.
func (c *console) review(r *http.Request) (view, error) {
	e, err := c.item(r)
	if err != nil {
		return view{}, err
	}
	all, err := c.node.Selectors(r.Context(), store.Scope{Evidence: e.ID})
	if err != nil {
		return view{}, err
	}
	marks, err := c.node.Marks(r.Context(), 'S')
	if err != nil {
		return view{}, err
	}
	b := reviewBody{Evidence: e, Of: len(all), All: r.URL.Query().Get("all") != "", Undo: c.sessions.canUndo(c.who)}
	for _, t := range all {
		m, judged := marks[fmt.Sprintf("S%d", t.ID)]
		if !judged {
			b.Left++
		}
		if judged && !b.All || len(b.Rows) == reviewRows {
			continue
		}
		h := hit{Tally: t}
		if judged {
			h.Mark = &m
		}
		b.Rows = append(b.Rows, h)
	}
	for i := range b.Rows {
		if err := c.firstPlace(r, &b.Rows[i], e.ID); err != nil {
			return view{}, err
		}
	}
	return view{Page: "review", Under: "evidence", Title: fmt.Sprintf("Review of E%d", e.ID), Body: b}, nil
}

// firstPlace reads where a hit was found first in the evidence, and its version.
func (c *console) firstPlace(r *http.Request, h *hit, evidence int64) error {
	found, err := c.node.Findings(r.Context(), h.Selector)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(found, func(f store.Finding) bool { return f.Evidence == evidence }); i >= 0 {
		h.First = found[i]
	}
	h.Version, err = c.node.Version(r.Context(), fmt.Sprintf("S%d", h.ID))
	return err
}

// markHit judges one hit. What was said of it before is kept, to be taken back to.
func (c *console) markHit(r *http.Request) (done, error) {
	e, err := c.item(r)
	if err != nil {
		return done{}, err
	}
	subject := r.PostForm.Get("subject")
	before, _, err := c.node.MarkOf(r.Context(), subject)
	if err != nil {
		return done{}, err
	}
	if err := c.node.Mark(seen(r, subject), subject, r.PostForm.Get("verdict"), ""); err != nil {
		return done{}, err
	}
	c.sessions.didMark(c.who, judgement{subject, before.Verdict})
	return done{reviewPage(r, e), subject + ": " + r.PostForm.Get("verdict") + "."}, nil
}

// unmarkHit takes back the last that was judged in this session.
func (c *console) unmarkHit(r *http.Request) (done, error) {
	e, err := c.item(r)
	if err != nil {
		return done{}, err
	}
	last, any := c.sessions.undo(c.who)
	if !any {
		return done{}, problem{http.StatusConflict, "Nothing to take back", "Nothing was judged since you signed in, or all of it was taken back."}
	}
	err = c.node.Mark(r.Context(), last.subject, last.before, "")
	return done{reviewPage(r, e), last.subject + ": taken back."}, err
}

func reviewPage(r *http.Request, e store.Evidence) string {
	to := fmt.Sprintf("/evidence/E%d/review", e.ID)
	if r.PostForm.Get("all") != "" {
		to += "?all=1"
	}
	return to
}

// judgement is a verdict that can be taken back, with the one before it.
type judgement struct{ subject, before string }

// mostUndo is how many verdicts can be taken back, one after the other.
const mostUndo = 1_000

func (s *sessions) didMark(one *session, m judgement) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one.marks = append(one.marks, m)
	one.marks = one.marks[max(0, len(one.marks)-mostUndo):]
}

func (s *sessions) canUndo(one *session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(one.marks) > 0
}

func (s *sessions) undo(one *session) (last judgement, any bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if any = len(one.marks) > 0; any {
		last = one.marks[len(one.marks)-1]
		one.marks = one.marks[:len(one.marks)-1]
	}
	return last, any
}
