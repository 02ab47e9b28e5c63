package console

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley/internal/legible"
	"parley/internal/node"
	"parley/internal/store"
	"parley/internal/warning"
)

// bulkActs do one thing with many rows of a list. Each row is a change of its
// own: one that cannot be done, or that somebody changed meanwhile, keeps no other.
func bulkActs() []act {
	return []act{
		{"/inbox/marks", (*console).inbox, false, (*console).markLetters},
		{"/warnings/steps", (*console).warnings, false, (*console).stepWarnings},
		{"/watches/ends", (*console).watches, false, (*console).endWatches},
		{"/matches/{number}/watch", (*console).match, false, on("M", (*console).watchShared)},
		{"/evidence/{number}/review/marks", (*console).review, false, (*console).markHits},
	}
}

// maxPicked bounds one bulk act: the rows of one page.
const maxPicked = pageRows

// pick is the tick of a row: what is sent if it is set.
type pick struct {
	Value  string
	Name   string // for those who do not see the row
	Ticked bool
}

// Pick is a row's tick: of its subject, and the version in which it is shown.
func (t tried) Pick(subject, version string) pick {
	value := strings.TrimSpace(subject + " " + version)
	return pick{value, subject, t.act != "" && slices.Contains(t.typed["pick"], value)}
}

// versions sets the versions of the rows that a page shows, for their ticks.
func (c *console) versions(r *http.Request, rows int, subject func(i int) string, set func(i int, version string)) error {
	subjects := make([]string, rows)
	for i := range subjects {
		subjects[i] = subject(i)
	}
	by, err := c.node.Versions(r.Context(), subjects)
	for i, one := range subjects {
		set(i, by[one])
	}
	return err
}

// eachPicked does something with every row that was ticked, and says what was done, and
// what was not and why. Where nothing could be done that is an error.
func (c *console) eachPicked(r *http.Request, do func(r *http.Request, subject string) error) (string, error) {
	all := r.PostForm["pick"]
	if len(all) == 0 || len(all) > maxPicked {
		return "", problem{http.StatusUnprocessableEntity, "Nothing ticked", fmt.Sprintf("Tick 1 to %d rows first.", maxPicked)}
	}
	var (
		did  int
		left []string
		last error
	)
	for _, one := range all {
		subject, version, _ := strings.Cut(one, " ")
		asked := r
		if version != "" {
			asked = r.WithContext(node.Seen(r.Context(), subject, version))
		}
		err := do(asked, subject)
		switch {
		case err == nil:
			did++
			continue
		case errors.Is(err, node.ErrRole), r.Context().Err() != nil, errors.Is(err, store.ErrFull):
			return "", err // nor could any other be done
		case errors.Is(err, node.ErrOutdated):
			left = append(left, subject+": somebody changed it while you had it open.")
		default:
			left = append(left, fmt.Sprintf("%s: %v.", subject, err))
		}
		last = err
	}
	said := fmt.Sprintf("%s of %s done.", legible.Grouped(did), legible.Grouped(len(all)))
	if len(left) > 0 {
		said += " Not done: " + strings.Join(left, " ")
	}
	if did == 0 {
		return "", problem{refusal(last), "Nothing done", said}
	}
	return said, nil
}

// listBefore is the list that a bulk form was sent from, with its window and
// order, so that whoever goes on goes on there.
func listBefore(r *http.Request, list string) string {
	u, err := url.Parse(r.PostForm.Get("from"))
	if err != nil || u.RawQuery == "" {
		return list
	}
	q := u.Query()
	for key, values := range q {
		_, wrong := strconv.Atoi(values[0])
		if (key != "skip" || wrong != nil) && (!slices.Contains(listKeys, key) || !listValue.MatchString(values[0])) {
			q.Del(key)
		}
	}
	return list + "?" + q.Encode()
}

func (c *console) markLetters(r *http.Request) (done, error) {
	said, err := c.eachPicked(r, func(r *http.Request, subject string) error {
		if !strings.HasPrefix(subject, "I") {
			return store.ErrNotFound
		}
		return c.node.Mark(r.Context(), subject, r.PostForm.Get("verdict"), r.PostForm.Get("note"))
	})
	return done{listBefore(r, "/inbox"), said}, err
}

// markHits judges many hits; each can be taken back, the last first.
func (c *console) markHits(r *http.Request) (done, error) {
	e, err := c.item(r)
	if err != nil {
		return done{}, err
	}
	said, err := c.eachPicked(r, func(r *http.Request, subject string) error {
		before, _, err := c.node.MarkOf(r.Context(), subject)
		if err != nil {
			return err
		}
		if err := c.node.Mark(r.Context(), subject, r.PostForm.Get("verdict"), ""); err != nil {
			return err
		}
		c.sessions.didMark(c.who, judgement{subject, before.Verdict})
		return nil
	})
	return done{reviewPage(r, e), said}, err
}

// manySteps are the steps that may be taken with many warnings in one go: none of
// them tells anybody anything.
func manySteps() []step {
	return slices.DeleteFunc(steps(), func(s step) bool {
		return !slices.Contains([]warning.State{warning.Screened, warning.NotCredible, warning.Closed}, s.To)
	})
}

func (c *console) stepWarnings(r *http.Request) (done, error) {
	to := warning.State(r.PostForm.Get("to"))
	if !slices.ContainsFunc(manySteps(), func(s step) bool { return s.To == to }) {
		return done{}, problem{http.StatusUnprocessableEntity, "No step", "Choose a step."}
	}
	said, err := c.eachPicked(r, func(r *http.Request, subject string) error {
		id, err := idOf(subject, "W")
		if err != nil {
			return err
		}
		_, err = c.node.StepWarning(r.Context(), id, to, func(_ *warning.Warning, ev *warning.Event) { ev.Reason = r.PostForm.Get("reason") })
		return err
	})
	return done{listBefore(r, "/warnings"), said}, err
}

func (c *console) endWatches(r *http.Request) (done, error) {
	said, err := c.eachPicked(r, func(r *http.Request, subject string) error {
		id, err := idOf(subject, "V")
		if err != nil {
			return err
		}
		return c.node.UnwatchNumber(r.Context(), id)
	})
	return done{listBefore(r, "/watches"), said}, err
}

// watchShared puts selectors that both sides of a match hold on the watch list.
func (c *console) watchShared(r *http.Request, id int64) (done, error) {
	all, err := c.node.Overlap(r.Context(), id)
	if err != nil {
		return done{}, err
	}
	said, err := c.eachPicked(r, func(r *http.Request, subject string) error {
		number, err := idOf(subject, "S")
		i := slices.IndexFunc(all, func(s node.Shared) bool { return s.Number == number })
		if err != nil || i < 0 {
			return store.ErrNotFound
		}
		w := store.Watch{
			Selector: all[i].Selector, Recipient: r.PostForm.Get("recipient"), Note: fmt.Sprintf("held by both sides of M%d", id),
			Imminent: r.PostForm.Get("imminent") != "",
		}
		_, err = c.node.Watch(r.Context(), w)
		return err
	})
	return done{matchPage(id), said}, err
}
