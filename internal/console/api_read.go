package console

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"parley/internal/match"
	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/store"
)

// resources lists what programs read.
func resources() []resource {
	return append([]resource{
		{"/openapi.json", "This document", func(*console, *http.Request) (any, error) { return openAPI(), nil }},
		{"/status", "How the node stands", func(c *console, r *http.Request) (any, error) { return c.node.Status(r.Context()) }},
		{"/warnings", "Warnings, life first", func(c *console, r *http.Request) (any, error) {
			all, err := c.node.Warnings(r.Context())
			return listed(r, all, err)
		}},
		{"/warnings/{number}", "One warning", oneOf("W", func(c *console, ctx context.Context, id int64) (any, error) { return c.node.Warning(ctx, id) })},
		{"/inbox", "What counterparts sent, newest first", func(c *console, r *http.Request) (any, error) {
			all, err := c.node.Inbox(r.Context(), 0)
			return listed(r, all, err)
		}},
		{"/inbox/{number}", "One message", oneOf("I", func(c *console, ctx context.Context, id int64) (any, error) { return c.node.Letter(ctx, id) })},
		{"/matches", "Matches, newest first", func(c *console, r *http.Request) (any, error) {
			all, err := c.node.Matches(r.Context())
			return listed(r, each(all, apiMatchOf), err)
		}},
		{"/matches/{number}", "One match", oneOf("M", func(c *console, ctx context.Context, id int64) (any, error) {
			m, err := c.node.Match(ctx, id)
			return apiMatchOf(m), err
		})},
		{"/matches/{number}/overlap", "What both sides of a match hold", func(c *console, r *http.Request) (any, error) {
			id, err := numbered(r, "M")
			if err != nil {
				return nil, err
			}
			all, err := c.node.Overlap(r.Context(), id)
			return listed(r, all, err)
		}},
		{"/releases", "Releases, newest first", func(c *console, r *http.Request) (any, error) {
			all, err := c.node.Releases(r.Context())
			if err != nil {
				return nil, err
			}
			return listed(r, each(all, apiReleaseOf), nil)
		}},
		{"/releases/{number}", "One release", oneOf("R", func(c *console, ctx context.Context, id int64) (any, error) {
			m, err := c.node.Release(ctx, id)
			return apiReleaseOf(m), err
		})},
		{"/consents", "Asks to pass something on, newest first", func(c *console, r *http.Request) (any, error) {
			all, err := c.node.Consents(r.Context())
			return listed(r, all, err)
		}},
		{"/consents/{number}", "One ask", oneOf("Q", func(c *console, ctx context.Context, id int64) (any, error) { return c.node.Consent(ctx, id) })},
		{"/reports", "Reports that a tearline can be of", func(c *console, r *http.Request) (any, error) {
			all, err := c.node.Reports(r.Context(), true)
			return listed(r, all, err)
		}},
		{"/counterparts", "The balance with each counterpart", func(c *console, r *http.Request) (any, error) {
			all, err := c.node.Balances(r.Context(), "")
			return listed(r, all, err)
		}},
		{"/watches", "The watch list", func(c *console, r *http.Request) (any, error) {
			all, err := c.node.Watches(r.Context())
			return listed(r, each(all, apiWatchOf), err)
		}},
		{"/claims", "Propositions with what speaks for and against them", func(c *console, r *http.Request) (any, error) {
			all, err := c.node.Weigh(r.Context())
			return listed(r, all.Assessments, err)
		}},
		{"/selectors", "Selectors with the number of their places", func(c *console, r *http.Request) (any, error) {
			all, err := c.node.Selectors(r.Context(), store.Scope{})
			return listed(r, each(all, apiSelectorOf), err)
		}},
		{"/rules", "The file of rules that holds", func(c *console, r *http.Request) (any, error) {
			return c.versioned(r.Context(), node.TheRules, func() (any, error) { return c.node.Rules(r.Context()) })
		}},
		{"/ledger", "The ledger from entry ?from= on", readLedger},
	}, searchResources()...)
}

func each[T, V any](all []T, of func(T) V) []V {
	views := make([]V, len(all))
	for i, one := range all {
		views[i] = of(one)
	}
	return views
}

type apiMatch struct {
	Number     int64       `json:"number"`
	Role       string      `json:"role"`
	State      string      `json:"state"`
	Terms      match.Terms `json:"terms"`
	OurSize    int         `json:"our_size"`
	TheirSize  int         `json:"their_size"`
	Count      int         `json:"count"`
	CountKnown bool        `json:"count_known"`
	Flow       *match.Flow `json:"flow,omitempty"`
	Reason     string      `json:"reason,omitempty"`
	UpdatedAt  time.Time   `json:"updated_at"`
}

func apiMatchOf(m match.Matching) apiMatch {
	p := m.Progress
	return apiMatch{m.ID, m.Role, m.State, m.Terms, p.OurSize, p.TheirSize, p.Count, p.CountKnown, p.Flow, p.Reason, m.UpdatedAt}
}

type apiRelease struct {
	Number      int64             `json:"number"`
	State       string            `json:"state"`
	Counterpart int64             `json:"counterpart"`
	Order       json.RawMessage   `json:"order"`
	Findings    []release.Finding `json:"findings"`
	Bundle      json.RawMessage   `json:"bundle"`
	SHA256      string            `json:"sha256"`
	Author      string            `json:"author"`
	Clearer     string            `json:"clearer,omitempty"`
	UpdatedAt   time.Time         `json:"updated_at"`
}

func apiReleaseOf(r store.Release) apiRelease {
	v := apiRelease{
		Number: r.ID, State: r.State, Counterpart: r.Counterpart, Order: r.Request, Bundle: r.Bundle, SHA256: fmt.Sprintf("%x", r.Digest),
		Author: r.Author, Clearer: r.Clearer, UpdatedAt: r.UpdatedAt, Findings: []release.Finding{},
	}
	_ = json.Unmarshal(r.Findings, &v.Findings) // the desk wrote them
	return v
}

type apiWatch struct {
	Kind      string    `json:"kind"`
	Value     string    `json:"value"`
	Recipient string    `json:"recipient,omitempty"`
	Note      string    `json:"note,omitempty"`
	Imminent  bool      `json:"imminent"`
	Owner     string    `json:"owner"`
	AddedAt   time.Time `json:"added_at"`
}

func apiWatchOf(w store.Watch) apiWatch {
	return apiWatch{string(w.Selector.Kind), w.Selector.Value, w.Recipient, w.Note, w.Imminent, w.Owner, w.AddedAt}
}

type apiSelector struct {
	Number int64  `json:"number"`
	Kind   string `json:"kind"`
	Value  string `json:"value"`
	Places int64  `json:"places"`
}

func apiSelectorOf(t store.Tally) apiSelector {
	return apiSelector{t.ID, string(t.Selector.Kind), t.Selector.Value, t.Findings}
}

type apiEntry struct {
	Seq         int64           `json:"seq"`
	At          time.Time       `json:"at"`
	Actor       string          `json:"actor"`
	Through     string          `json:"through,omitempty"`
	Action      string          `json:"action"`
	Subject     string          `json:"subject,omitempty"`
	Counterpart string          `json:"counterpart,omitempty"`
	Detail      json.RawMessage `json:"detail"`
	Hash        string          `json:"hash"`
}

func apiEntryOf(e store.Entry) apiEntry {
	return apiEntry{e.Seq, e.At, e.Actor, e.Through, e.Action, e.Subject, e.Counterpart, e.Detail, fmt.Sprintf("%x", e.Hash)}
}

func readLedger(c *console, r *http.Request) (any, error) {
	from := int64(1)
	if text := r.URL.Query().Get("from"); text != "" {
		var err error
		if from, err = strconv.ParseInt(text, 10, 64); err != nil || from < 1 {
			return nil, problem{http.StatusBadRequest, "Not a place in the ledger", "from= is an entry's number"}
		}
	}
	all, err := c.node.Ledger(r.Context(), from, pageRows)
	return each(all, apiEntryOf), err
}
