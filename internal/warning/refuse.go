package warning

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits on one warning.
const (
	maxEvents = 1024
	maxBasis  = 256
	maxText   = 64 << 10 // bytes of the text
	maxWords  = 4 << 10  // bytes of any other one
)

// Refusal says why a step was not taken.
type Refusal struct {
	Warning  string // its id
	From, To State  // where it stands, and where it was to go
	Problem  string // as a clause, with what to do
}

// Error names the warning, the step and the problem.
func (r *Refusal) Error() string {
	return fmt.Sprintf("move warning %s from %q to %q: %s", r.Warning, r.From, r.To, r.Problem)
}

// refuse returns why the event may not be applied, or nil.
func (w *Warning) refuse(ev Event) error {
	for _, rule := range []func(Event) string{w.refuseStep, refuseActor, w.refuseTime, refuseSize, w.refuseDetail} {
		if problem := rule(ev); problem != "" {
			return &Refusal{w.ID, w.State(), ev.To, problem}
		}
	}
	return nil
}

func (w *Warning) refuseStep(ev Event) string {
	switch {
	case ev.From != w.State():
		return fmt.Sprintf("the event was made for a warning that is %q; look at it again", ev.From)
	case !ev.From.May(ev.To):
		return fmt.Sprintf("only %v may follow", ev.From.next())
	case len(w.Log) >= maxEvents:
		return fmt.Sprintf("its log is full at %d events; raise a new warning", maxEvents)
	}
	return ""
}

func refuseActor(ev Event) string {
	if blank(ev.Actor) {
		return "somebody must do it: name the actor"
	}
	return ""
}

func (w *Warning) refuseTime(ev Event) string {
	switch n := len(w.Log); {
	case ev.At.IsZero():
		return "say when"
	case n > 0 && ev.At.Before(w.Log[n-1].At):
		return fmt.Sprintf("it is dated before the event of %s", w.Log[n-1].At)
	}
	return ""
}

func refuseSize(ev Event) string {
	d := ev.Detail
	texts := slices.Concat([]string{
		ev.Actor, ev.Reason, d.Officer, d.Release, d.Channel, d.Receipt, d.Other,
	}, d.Consents, d.Partners)
	for _, s := range texts {
		if len(s) > maxWords || !utf8.ValidString(s) {
			return fmt.Sprintf("every text must be UTF-8 of at most %d bytes", maxWords)
		}
	}
	if len(d.Consents) > maxBasis || len(d.Partners) > maxBasis {
		return fmt.Sprintf("at most %d consents and %d partners can be named", maxBasis, maxBasis)
	}
	return ""
}

// refuseDetail asks for what each state must say.
func (w *Warning) refuseDetail(ev Event) string {
	switch ev.To {
	case Candidate:
		return w.refuseRaise()
	case Decided:
		if ev.Detail.Decision != Warn && ev.Detail.Decision != Refer {
			return "say whether to warn or to refer; a waiver is a state of its own"
		}
	case Waived:
		return refuseWaiver(ev)
	case Cleared:
		return w.refuseText()
	case Sending:
		if blank(ev.Detail.Channel) {
			return "name the channel"
		}
		return w.refuseChanged()
	case Delivered:
		return w.refuseChanged()
	case Duplicate:
		if blank(ev.Detail.Other) || ev.Detail.Other == w.ID {
			return "name the other warning that tells it"
		}
	case NotCredible, Undeliverable, Reopened, Closed:
		if blank(ev.Reason) {
			return "give the reason"
		}
	}
	return ""
}

func (w *Warning) refuseRaise() string {
	b := w.Basis
	switch {
	case blank(w.ID) || blank(w.Subject):
		return "a warning needs an id and a subject"
	case len(b.Objects)+len(b.Selectors) == 0:
		return "a warning needs a basis: name the objects or selectors that it rests on"
	case len(b.Objects) > maxBasis || len(b.Selectors) > maxBasis || len(b.Where) > maxBasis:
		return fmt.Sprintf("its basis may name at most %d objects, selectors and places", maxBasis)
	case len(w.Subject) > maxWords || len(w.Protocol) > maxWords || !utf8.ValidString(w.ID+w.Subject+w.Protocol+strings.Join(b.Where, "")):
		return fmt.Sprintf("subject and protocol must be UTF-8 of at most %d bytes", maxWords)
	}
	return ""
}

func refuseWaiver(ev Event) string {
	switch {
	case !slices.Contains(Waivers(), Waiver(ev.Reason)):
		return fmt.Sprintf("a waiver needs one of the reason codes %v", Waivers())
	case blank(ev.Detail.Officer):
		return "a waiver needs the name of the senior officer who answers for it"
	case !ev.Detail.Review.After(ev.At):
		return "a waiver needs a review date that is still to come"
	}
	return ""
}

func (w *Warning) refuseText() string {
	switch {
	case blank(w.Text):
		return "there is no text to clear"
	case blank(w.Recipient):
		return "there is no recipient to clear it for"
	case len(w.Text) > maxText || len(w.Recipient) > maxWords || !utf8.ValidString(w.Text+w.Recipient):
		return fmt.Sprintf("the text must be UTF-8 of at most %d bytes", maxText)
	}
	return ""
}

// refuseChanged compares the text and the recipient with what was cleared.
func (w *Warning) refuseChanged() string {
	cleared, ok := w.last(Cleared)
	if !ok || cleared.Detail.Text != w.Text || cleared.Detail.Recipient != w.Recipient {
		return "the text or the recipient is not what was cleared; decide and clear again"
	}
	return ""
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
