package remote

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/views"
	"parley/internal/warning"
	"parley/stix"
)

func warningPath(id int64, act string) string { return fmt.Sprintf("/warnings/W%d%s", id, act) }

// Warnings lists all, life first.
func (c *Client) Warnings(ctx context.Context) ([]views.Warning, error) {
	return all[views.Warning](ctx, c, "/warnings", 0)
}

// Warning reads one.
func (c *Client) Warning(ctx context.Context, id int64) (views.Warning, error) {
	return one[views.Warning](ctx, c, warningPath(id, ""))
}

// StepWarning takes one step of a warning.
func (c *Client) StepWarning(ctx context.Context, id int64, s views.WarningStep) error {
	if s.To != warning.Waived {
		_, err := c.act(ctx, warningPath(id, "/step"), fields{"to": string(s.To), "reason": s.Reason, "refer": s.Refer})
		return err
	}
	if s.Review < time.Hour || s.Review%time.Hour != 0 {
		return bad("a node elsewhere looks at a waiver again in whole hours, and not in %s", s.Review)
	}
	_, err := c.act(ctx, warningPath(id, "/waive"), fields{"waiver": s.Reason, "officer": s.Officer, "hours": int(s.Review / time.Hour)})
	return err
}

// Tell sends a warning to a counterpart.
func (c *Client) Tell(ctx context.Context, id int64, t node.Telling) error {
	_, err := c.act(ctx, warningPath(id, "/tell"), fields{"to": t.To, "text": t.Text, "recipient": t.Recipient, "reason": t.Reason, "disclose": strings.Join(texts(t.Disclose), "\n")})
	return err
}

// CorrectWarning tells whoever was told that it no longer stands.
func (c *Client) CorrectWarning(ctx context.Context, id int64, t node.Telling) error {
	_, err := c.act(ctx, warningPath(id, "/correct"), fields{"to": t.To, "text": t.Text, "reason": t.Reason})
	return err
}

// ReviewWarning is a second person's look.
func (c *Client) ReviewWarning(ctx context.Context, id int64, note string) error {
	_, err := c.act(ctx, warningPath(id, "/review"), fields{"note": note})
	return err
}

// AcknowledgeWarning tells the counterpart that a person has taken note.
func (c *Client) AcknowledgeWarning(ctx context.Context, id int64) error {
	_, err := c.act(ctx, warningPath(id, "/acknowledge"), nil)
	return err
}

func releasePath(id int64, act string) string { return fmt.Sprintf("/releases/R%d%s", id, act) }

// Releases lists releases.
func (c *Client) Releases(ctx context.Context) ([]views.Release, error) {
	return all[views.Release](ctx, c, "/releases", 0)
}

// Release reads one.
func (c *Client) Release(ctx context.Context, id int64) (views.Release, error) {
	return one[views.Release](ctx, c, releasePath(id, ""))
}

// Bundle is what is sent, byte for byte.
func (c *Client) Bundle(ctx context.Context, id int64) ([]byte, error) {
	return get[[]byte](ctx, c, releasePath(id, "/bundle"))
}

// ordered writes an order as a form has it.
func ordered(o release.Order) (fields, error) {
	if len(o.Pictures) > 0 {
		return nil, bad("pictures cannot be attached from elsewhere: draft it where the node is")
	}
	disclose, withhold, reason := []string{}, []string{}, ""
	for _, d := range o.Added {
		disclose, reason = append(disclose, d.Selector.String()), d.Reason
	}
	for _, id := range o.Withhold {
		withhold = append(withhold, string(id))
	}
	return fields{
		"report": string(o.Report), "match": o.Match, "disclose": disclose, "reason": reason, "withhold": withhold, "title": o.Title, "text": o.Text,
		"descriptor": o.Descriptor, "grade": o.Grade, "use": string(o.Use), "tlp": string(o.TLP), "collection": o.Collection, "pass-on": o.PassOn,
		"amends": o.Amends, "because": o.Because, "unchecked": true,
	}, nil
}

// DraftRelease drafts a tearline, and gives its number.
func (c *Client) DraftRelease(ctx context.Context, to string, o release.Order) (int64, error) {
	f, err := ordered(o)
	if err != nil {
		return 0, err
	}
	f["to"] = to
	return c.made(ctx, "/releases/new/draft", f)
}

// DraftAmendment drafts what is to stand in another's place.
func (c *Client) DraftAmendment(ctx context.Context, o release.Order) (int64, error) {
	return c.DraftRelease(ctx, "", o)
}

// CheckRelease looks for leaks, and says whether one stops it.
func (c *Client) CheckRelease(ctx context.Context, id int64) (bool, error) {
	if _, err := c.act(ctx, releasePath(id, "/check"), nil); err != nil {
		return false, err
	}
	r, err := c.Release(ctx, id)
	return release.Blocked(r.Findings), err
}

// ClearRelease is the second person's word.
func (c *Client) ClearRelease(ctx context.Context, id int64, over ...release.Overruling) error {
	f := fields{}
	for _, o := range over {
		f["why."+o.Rule] = o.Why
	}
	_, err := c.act(ctx, releasePath(id, "/clear"), f)
	return err
}

// AskConsent asks whoever gave what a release draws on.
func (c *Client) AskConsent(ctx context.Context, id int64, q release.Question) error {
	_, err := c.act(ctx, releasePath(id, "/ask"), fields{"purpose": q.Purpose, "category": q.Category, "name": q.Name})
	return err
}

// SendRelease sends what was cleared.
func (c *Client) SendRelease(ctx context.Context, id int64) error {
	_, err := c.act(ctx, releasePath(id, "/send"), nil)
	return err
}

// RecallRelease takes back what was sent.
func (c *Client) RecallRelease(ctx context.Context, id int64, reason string) error {
	return c.because(ctx, releasePath(id, "/recall"), reason)
}

// CompareReleases lays what was given of a report side by side.
func (c *Client) CompareReleases(ctx context.Context, report stix.ID) (release.Beside, error) {
	return get[release.Beside](ctx, c, "/reports/"+string(report)+"/releases")
}

// Consents lists asks, newest first.
func (c *Client) Consents(ctx context.Context) ([]node.Consent, error) {
	return all[node.Consent](ctx, c, "/consents", 0)
}

// Consent reads one.
func (c *Client) Consent(ctx context.Context, id int64) (node.Consent, error) {
	return one[node.Consent](ctx, c, fmt.Sprintf("/consents/Q%d", id))
}

// AnswerConsent is our word on an ask.
func (c *Client) AnswerConsent(ctx context.Context, id int64, yes bool, uses []release.Use, reason string) error {
	f := fields{"answer": map[bool]string{true: "yes", false: "no"}[yes], "reason": reason}
	named := []string{}
	for _, u := range uses {
		named = append(named, string(u))
	}
	f["use"] = named
	_, err := c.act(ctx, fmt.Sprintf("/consents/Q%d/answer", id), f)
	return err
}

// Rules are those that hold.
func (c *Client) Rules(ctx context.Context) (release.RulesFile, error) {
	r, err := one[views.Rules](ctx, c, "/rules")
	return release.RulesFile{Name: r.Name, Text: r.Text, SetBy: r.SetBy, SetAt: r.SetAt, ConfirmedBy: r.Second}, err
}

// SetRules has a file of rules hold that lets less go.
func (c *Client) SetRules(ctx context.Context, name string, text []byte) (release.RulesFile, error) {
	if _, err := c.act(ctx, "/rules/set", fields{"name": name, "text": string(text)}); err != nil {
		return release.RulesFile{}, err
	}
	return c.Rules(ctx)
}

// ProposeRules keeps a file of rules for a second person.
func (c *Client) ProposeRules(ctx context.Context, name string, text []byte) (node.Proposal, error) {
	if _, err := c.act(ctx, "/rules/propose", fields{"name": name, "text": string(text)}); err != nil {
		return node.Proposal{}, err
	}
	return c.ProposedRules(ctx)
}

// ProposedRules are those that wait.
func (c *Client) ProposedRules(ctx context.Context) (node.Proposal, error) {
	return get[node.Proposal](ctx, c, "/rules/proposed")
}

// ConfirmRules is the second person's word.
func (c *Client) ConfirmRules(ctx context.Context, digest string) (release.RulesFile, error) {
	if _, err := c.act(ctx, "/rules/confirm", fields{"sha256": digest}); err != nil {
		return release.RulesFile{}, err
	}
	return c.Rules(ctx)
}

// Simulate tells what the rules in a text would have let go so long back.
func (c *Client) Simulate(ctx context.Context, name string, text []byte, back time.Duration) ([]node.Simulated, error) {
	tried, err := find[struct {
		Simulated []node.Simulated `json:"simulated"`
	}](ctx, c, "/rules/try", fields{"name": name, "text": string(text), "hours": back.Hours()})
	return tried.Simulated, err
}
