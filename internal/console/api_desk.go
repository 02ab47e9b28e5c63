package console

import (
	"context"
	"net/http"

	"parley/internal/assess"
	"parley/internal/match"
	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/store"
	"parley/internal/views"
	"parley/stix"
)

// deskResources is what people decide on.
func deskResources() []resource {
	return []resource{
		listed("/warnings", "Warnings, life first", func(c *console, r *http.Request) ([]node.Alert, error) { return c.node.Warnings(r.Context()) },
			func(c *console, _ *http.Request, w node.Alert) (views.Warning, error) {
				return views.WarningOf(w, c.opt.Now()), nil
			}),
		numberedOne("/warnings/{number}", "One warning", "W", func(c *console, ctx context.Context, id int64) (v views.Warning, err error) {
			w, err := c.node.Warning(ctx, id)
			if err != nil {
				return v, err
			}
			return views.WarningOf(w, c.opt.Now()), nil
		}),
		listed("/matches", "Matches, newest first", func(c *console, r *http.Request) ([]match.Matching, error) { return c.node.Matches(r.Context()) }, viewedBy(views.MatchOf)),
		numberedOne("/matches/{number}", "One match, with what both sides hold", "M", func(c *console, ctx context.Context, id int64) (views.Match, error) {
			return views.WholeMatch(ctx, c.node, id)
		}),
		numberedOne("/matches/{number}/state", "One match without what was found, to look at again and again", "M", func(c *console, ctx context.Context, id int64) (v views.Match, err error) {
			m, err := c.node.Match(ctx, id)
			if err != nil {
				return v, err
			}
			return views.MatchOf(m), nil
		}),
		listed("/releases", "Releases, newest first", func(c *console, r *http.Request) ([]store.Release, error) { return c.node.Releases(r.Context()) },
			func(c *console, r *http.Request, one store.Release) (views.Release, error) {
				return views.ReleaseOf(r.Context(), c.node, one)
			}),
		numberedOne("/releases/{number}", "One release", "R", func(c *console, ctx context.Context, id int64) (v views.Release, err error) {
			one, err := c.node.Release(ctx, id)
			if err != nil {
				return v, err
			}
			return views.ReleaseOf(ctx, c.node, one)
		}),
		told("/releases/{number}/bundle", "What is sent, byte for byte: a STIX bundle", func(c *console, r *http.Request) (rawJSON, error) {
			id, err := numbered(r, "R")
			if err != nil {
				return nil, err
			}
			one, err := c.node.Release(r.Context(), id)
			return one.Bundle, err
		}),
		told("/reports/{id}/releases", "What counterparts were given of a report, side by side", func(c *console, r *http.Request) (b release.Beside, err error) {
			id, err := stix.ParseID(r.PathValue("id"))
			if err != nil {
				return b, problem{http.StatusNotFound, "Not found", "the address has no id of a report"}
			}
			return c.node.CompareReleases(r.Context(), id)
		}),
		told("/reports/{id}", "A report, to choose what a tearline may say", func(c *console, r *http.Request) (b node.Contents, err error) {
			id, err := stix.ParseID(r.PathValue("id"))
			if err != nil {
				return b, problem{http.StatusNotFound, "Not found", "the address has no id of a report"}
			}
			return c.node.ReportContents(r.Context(), id)
		}),
		listed("/consents", "Asks to pass something on, newest first", func(c *console, r *http.Request) ([]node.Consent, error) { return c.node.Consents(r.Context()) }, asIs),
		numberedOne("/consents/{number}", "One ask", "Q", func(c *console, ctx context.Context, id int64) (node.Consent, error) { return c.node.Consent(ctx, id) }),
	}
}

// claimResources is what speaks for and against what is said.
func claimResources() []resource {
	return []resource{
		listed("/claims", "Propositions with what speaks for and against them", func(c *console, r *http.Request) ([]assess.Assessment, error) {
			all, err := c.node.Weigh(r.Context())
			return all.Assessments, err
		}, asIs),
		told("/claims/{id}", "One proposition", func(c *console, r *http.Request) (assess.Assessment, error) {
			all, err := c.node.Weigh(r.Context())
			for _, a := range all.Assessments {
				if string(a.Proposition) == r.PathValue("id") {
					return a, err
				}
			}
			if err == nil {
				err = store.ErrNotFound
			}
			return assess.Assessment{}, err
		}),
		listed("/counts", "What was counted, a row a counter", func(c *console, r *http.Request) ([]assess.CountView, error) {
			all, err := c.node.Weigh(r.Context())
			return all.Counts, err
		}, asIs),
	}
}
