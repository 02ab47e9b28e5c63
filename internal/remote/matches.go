package remote

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley/internal/match"
	"parley/internal/views"
	"parley/selector"
)

func matchPath(id int64, act string) string { return fmt.Sprintf("/matches/M%d%s", id, act) }

// Matches lists matches and proposals.
func (c *Client) Matches(ctx context.Context) ([]views.Match, error) {
	return all[views.Match](ctx, c, "/matches", 0)
}

// Match reads one, with what both sides hold.
func (c *Client) Match(ctx context.Context, id int64) (views.Match, error) {
	return one[views.Match](ctx, c, matchPath(id, ""))
}

// FollowMatch tells how a match stands whenever that changes, by the node's stream. The
// stream ends now and then, and is opened again.
func (c *Client) FollowMatch(ctx context.Context, id int64, enough func(views.Match) bool) error {
	for {
		res, err := c.answered(ctx, call{method: http.MethodGet, path: matchPath(id, "/progress")})
		if err != nil {
			return err
		}
		over, err := follow(res, enough)
		if over || ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return c.broken(ctx, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(followPause):
		}
	}
}

// followPause is between the end of a stream and the next, so that a node whose streams
// end at once is not asked without end.
const followPause = 200 * time.Millisecond

// maxEvent bounds one event of a stream, in bytes.
const maxEvent = 1 << 20

// follow reads one stream. What breaks off is opened again; what is no match is an error.
func follow(res *http.Response, enough func(views.Match) bool) (over bool, err error) {
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, maxEvent)
	for lines.Scan() {
		text, is := strings.CutPrefix(lines.Text(), "data: ")
		if !is {
			continue
		}
		var m views.Match
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			return false, err
		}
		if enough(m) {
			return true, nil
		}
	}
	return false, nil
}

// offered writes an offer as a form has it.
func offered(o match.Offer) fields {
	f := fields{"purpose": o.Purpose, "mode": o.Mode, "learns": o.Learns, "note": o.Note, "hold": o.Hold}
	kinds, uses := []string{}, []string{}
	for _, k := range o.Kinds {
		kinds = append(kinds, string(k))
	}
	for _, u := range o.Uses {
		uses = append(uses, string(u))
	}
	f["kind"], f["use"] = kinds, uses
	for name, n := range map[string]int{"max-items": o.MaxItems, "max-ours": o.MaxOurs, "max-theirs": o.MaxTheirs, "runs": o.Runs, "days": o.Days} {
		if n != 0 {
			f[name] = n
		}
	}
	for name, n := range map[string]*int{"pad-ours": o.PadOurs, "pad-theirs": o.PadTheirs} {
		if n != nil {
			f[name] = *n
		}
	}
	if o.Evidence != 0 {
		f["evidence"] = fmt.Sprintf("E%d", o.Evidence)
	}
	if !o.Until.IsZero() {
		f["until"] = o.Until.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	return f
}

// ProposeMatch offers terms, and gives the number of the match.
func (c *Client) ProposeMatch(ctx context.Context, to string, o match.Offer) (int64, error) {
	f := offered(o)
	f["to"] = to
	return c.made(ctx, "/matches/new/propose", f)
}

// made does what makes something, and gives its number.
func (c *Client) made(ctx context.Context, path string, f fields) (int64, error) {
	did, err := c.act(ctx, path, f)
	if err != nil {
		return 0, err
	}
	return did.number()
}

// CounterMatch answers with other terms.
func (c *Client) CounterMatch(ctx context.Context, id int64, o match.Offer) error {
	_, err := c.act(ctx, matchPath(id, "/counter"), offered(o))
	return err
}

// AcceptMatch agrees to terms.
func (c *Client) AcceptMatch(ctx context.Context, id, evidence int64, hold bool, note string) error {
	f := fields{"hold": hold, "note": note}
	if evidence != 0 {
		f["evidence"] = fmt.Sprintf("E%d", evidence)
	}
	_, err := c.act(ctx, matchPath(id, "/accept"), f)
	return err
}

func (c *Client) because(ctx context.Context, path, why string) error {
	_, err := c.act(ctx, path, fields{"reason": why})
	return err
}

// DeclineMatch refuses terms.
func (c *Client) DeclineMatch(ctx context.Context, id int64, why string) error {
	return c.because(ctx, matchPath(id, "/decline"), why)
}

// WithdrawMatch takes an offer back.
func (c *Client) WithdrawMatch(ctx context.Context, id int64, why string) error {
	return c.because(ctx, matchPath(id, "/withdraw"), why)
}

// AbortMatch ends a match that is under way.
func (c *Client) AbortMatch(ctx context.Context, id int64, why string) error {
	return c.because(ctx, matchPath(id, "/abort"), why)
}

// AskMatch asks about what a match found.
func (c *Client) AskMatch(ctx context.Context, id int64, question string, about []selector.Selector) error {
	_, err := c.act(ctx, matchPath(id, "/ask"), fields{"reason": question, "about": texts(about)})
	return err
}

func texts(some []selector.Selector) []string {
	lines := []string{}
	for _, s := range some {
		lines = append(lines, s.String())
	}
	return lines
}

// RunMatch starts a match, or goes on.
func (c *Client) RunMatch(ctx context.Context, id int64) error {
	_, err := c.act(ctx, matchPath(id, "/run"), nil)
	return err
}

// MatchAgain begins a further run.
func (c *Client) MatchAgain(ctx context.Context, id int64) (int64, error) {
	return c.made(ctx, matchPath(id, "/again"), nil)
}

// CheckMatch checks what is new against a standing list.
func (c *Client) CheckMatch(ctx context.Context, id int64) (int64, error) {
	return c.made(ctx, matchPath(id, "/check"), nil)
}

// WatchMatch has that done after each import, or no longer.
func (c *Client) WatchMatch(ctx context.Context, id int64, on bool) error {
	_, err := c.act(ctx, matchPath(id, "/standing"), fields{"off": !on})
	return err
}
