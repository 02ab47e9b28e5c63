package console

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/node"
	"parley/internal/warning"
	"parley/selector"
)

// warningActs are what people do with a warning.
func warningActs() []act {
	page := (*console).warning
	return []act{
		{"/warnings/{number}/step", page, true, on("W", (*console).stepWarning)},
		{"/warnings/{number}/waive", page, true, on("W", (*console).waiveWarning)},
		{"/warnings/{number}/tell", page, true, on("W", (*console).tell)},
		{"/warnings/{number}/correct", page, true, on("W", (*console).correctWarning)},
		{"/warnings/{number}/review", page, true, on("W", (*console).reviewWarning)},
		{"/warnings/{number}/acknowledge", page, true, on("W", (*console).acknowledgeWarning)},
	}
}

func warningPage(id int64) string { return fmt.Sprintf("/warnings/W%d", id) }

// step is a step of a warning that needs a reason alone.
type step struct {
	To    warning.State
	Words string
}

// steps are those, in the order in which a page offers them.
func steps() []step {
	return []step{
		{warning.Screened, "Screen: it is credible, specific and impending"},
		{warning.Decided, "Decide to warn"},
		{warning.NotCredible, "It is not credible, not specific or not impending"},
		{warning.Duplicate, "Another warning tells it"},
		{warning.Delivered, "It arrived"},
		{warning.Undeliverable, "It did not arrive"},
		{warning.Acknowledged, "The recipient said so"},
		{warning.Reopened, "Open it again"},
		{warning.Closed, "Close it: nothing more is to be done"},
	}
}

// Steps are those that the warning may take now.
func (b warningBody) Steps() []step {
	return slices.DeleteFunc(steps(), func(s step) bool { return !b.State().May(s.To) })
}

// Waivers are the reasons for not telling, where that may be decided now.
func (b warningBody) Waivers() []warning.Waiver {
	if !b.State().May(warning.Waived) {
		return nil
	}
	return warning.Waivers()
}

// Tellable tells whether it can be sent to a counterpart now, in one go.
func (b warningBody) Tellable() bool {
	from := []warning.State{warning.Candidate, warning.Reopened, warning.Screened, warning.Decided, warning.Cleared, warning.Undeliverable}
	return slices.Contains(from, b.State()) && !b.Came()
}

// Came tells whether a counterpart sent it to us.
func (b warningBody) Came() bool {
	return slices.ContainsFunc(b.Notices, func(ref node.NoticeRef) bool { return ref.Received })
}

func (c *console) stepWarning(r *http.Request, id int64) (done, error) {
	to := warning.State(r.PostForm.Get("to"))
	if !slices.ContainsFunc(steps(), func(s step) bool { return s.To == to }) {
		return done{}, problem{http.StatusUnprocessableEntity, "No step", "Choose a step."}
	}
	_, err := c.node.StepWarning(r.Context(), id, to, func(_ *warning.Warning, ev *warning.Event) {
		ev.Reason = r.PostForm.Get("reason")
		switch to {
		case warning.Decided:
			ev.Detail.Decision = warning.Warn
			if r.PostForm.Get("refer") != "" {
				ev.Detail.Decision = warning.Refer
			}
		case warning.Duplicate:
			ev.Detail.Other = r.PostForm.Get("other")
		case warning.Delivered, warning.Acknowledged:
			ev.Detail.Receipt = r.PostForm.Get("receipt")
		}
	})
	return done{warningPage(id), "Noted."}, err
}

// longestReview bounds for how long a waiver may stand until it is looked at.
const longestReview = 90 * 24

func (c *console) waiveWarning(r *http.Request, id int64) (done, error) {
	hours, err := strconv.Atoi(r.PostForm.Get("hours"))
	if err != nil || hours < 1 || hours > longestReview {
		return done{}, problem{http.StatusUnprocessableEntity, "No review", fmt.Sprintf("Say in how many hours it is looked at again: 1 to %d.", longestReview)}
	}
	_, err = c.node.StepWarning(r.Context(), id, warning.Waived, func(_ *warning.Warning, ev *warning.Event) {
		ev.Reason, ev.Detail.Officer = r.PostForm.Get("waiver"), r.PostForm.Get("officer")
		ev.Detail.Review = ev.At.Add(time.Duration(hours) * time.Hour)
	})
	return done{warningPage(id), "Waived, until it is looked at again."}, err
}

// tell sends a warning, taking the open steps in one go.
func (c *console) tell(r *http.Request, id int64) (done, error) {
	f := r.PostForm
	disclosed, err := c.named(f.Get("disclose"))
	if err != nil {
		return done{}, err
	}
	t := node.Telling{To: f.Get("to"), Text: lines(f.Get("text")), Recipient: f.Get("recipient"), Reason: f.Get("reason"), Disclose: disclosed}
	_, err = c.node.Tell(r.Context(), id, t)
	return done{warningPage(id), "On its way, ahead of everything else. A second person looks at it afterwards."}, err
}

// correctWarning tells somebody who was warned that what the warning rests on was
// withdrawn.
func (c *console) correctWarning(r *http.Request, id int64) (done, error) {
	f := r.PostForm
	_, err := c.node.CorrectWarning(r.Context(), id, node.Telling{To: f.Get("to"), Text: lines(f.Get("text")), Reason: f.Get("reason")})
	return done{warningPage(id), "The correction is on its way, ahead of everything else. A second person looks at it afterwards."}, err
}

// named reads selectors, one a line.
func (c *console) named(text string) (all []selector.Selector, err error) {
	for line := range strings.SplitSeq(lines(text), "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		s, err := c.node.Selector(line)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

func (c *console) reviewWarning(r *http.Request, id int64) (done, error) {
	err := c.node.ReviewWarning(r.Context(), id, r.PostForm.Get("note"))
	return done{warningPage(id), "Your review is noted."}, err
}

func (c *console) acknowledgeWarning(r *http.Request, id int64) (done, error) {
	err := c.node.AcknowledgeWarning(r.Context(), id)
	return done{warningPage(id), "The counterpart is told that a person has taken note."}, err
}
