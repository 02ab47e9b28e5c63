package remote

import (
	"context"
	"fmt"
	"net/url"

	"parley/internal/store"
	"parley/internal/views"
	"parley/selector"
)

// found is a selector with its places.
type found struct {
	Selector selector.Selector `json:"selector"`
	Findings []views.Finding   `json:"findings"`
}

// Selector is [node.Node.Selector].
func (c *Client) Selector(ctx context.Context, text string) (selector.Selector, error) {
	f, err := find[found](ctx, c, "/selectors/find", fields{"selector": text})
	return f.Selector, err
}

// Findings are the places of a selector.
func (c *Client) Findings(ctx context.Context, s selector.Selector) ([]views.Finding, error) {
	f, err := find[found](ctx, c, "/selectors/find", fields{"selector": s.String()})
	return f.Findings, err
}

// Selectors lists what the node holds.
func (c *Client) Selectors(ctx context.Context, scope store.Scope) ([]views.Tally, error) {
	q := url.Values{}
	for _, k := range scope.Kinds {
		q.Add("kind", string(k))
	}
	if scope.Evidence != 0 {
		q.Set("evidence", fmt.Sprintf("E%d", scope.Evidence))
	}
	if scope.Match != 0 {
		q.Set("match", fmt.Sprintf("M%d", scope.Match))
	}
	if scope.Confidence != "" {
		q.Set("confidence", string(scope.Confidence))
	}
	return all[views.Tally](ctx, c, "/selectors?"+q.Encode(), 0)
}

// Evidence lists what was acquired.
func (c *Client) Evidence(ctx context.Context) ([]views.Evidence, error) {
	return all[views.Evidence](ctx, c, "/evidence", 0)
}

// Artifacts lists what applications kept, of a kind or all.
func (c *Client) Artifacts(ctx context.Context, evidence int64, kind string) ([]views.Artifact, error) {
	return all[views.Artifact](ctx, c, fmt.Sprintf("/evidence/E%d/artifacts?%s", evidence, url.Values{"kind": {kind}}.Encode()), 0)
}

// Files lists the files of evidence, or those that could not be read.
func (c *Client) Files(ctx context.Context, evidence int64, faulty bool) ([]views.File, error) {
	path := fmt.Sprintf("/evidence/E%d/files", evidence)
	if faulty {
		path += "?faulty=yes"
	}
	return all[views.File](ctx, c, path, 0)
}

// ShowFinding opens the place of a finding again.
func (c *Client) ShowFinding(ctx context.Context, id int64) (views.Opened, error) {
	return get[views.Opened](ctx, c, fmt.Sprintf("/findings/F%d", id))
}

// ShowArtifact opens the place of an artifact again.
func (c *Client) ShowArtifact(ctx context.Context, id int64) (views.Opened, error) {
	return get[views.Opened](ctx, c, fmt.Sprintf("/artifacts/A%d", id))
}

// Watches lists the watch list.
func (c *Client) Watches(ctx context.Context) ([]views.Watch, error) {
	return all[views.Watch](ctx, c, "/watches", 0)
}

// Watch puts a selector on the watch list, and says how many warnings that raised.
func (c *Client) Watch(ctx context.Context, w store.Watch) (int, error) {
	did, err := c.act(ctx, "/watches/add", fields{"selector": w.Selector.String(), "recipient": w.Recipient, "note": w.Note, "imminent": w.Imminent})
	return did.Raised, err
}

// Unwatch takes a selector off the watch list.
func (c *Client) Unwatch(ctx context.Context, s selector.Selector) error {
	_, err := c.act(ctx, "/watches/end", fields{"selector": s.String()})
	return err
}
