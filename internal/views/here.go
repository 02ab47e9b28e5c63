package views

import (
	"context"
	"time"

	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/rules"
	"parley/internal/store"
	"parley/internal/warning"
	"parley/selector"
)

// Here gives a node whose store is open in this process; now is the clock that
// warnings are told by.
func Here(n *node.Node, now func() time.Time) Node { return here{n, now} }

// here is the node itself where it answers as it is, and a view of it where not.
type here struct {
	*node.Node
	now func() time.Time
}

func viewed[T, V any](all []T, err error, of func(T) V) ([]V, error) {
	if err != nil {
		return nil, err
	}
	return each(all, of), nil
}

// viewedBy is viewed for what can fail.
func viewedBy[T, V any](all []T, err error, of func(T) (V, error)) ([]V, error) {
	views := []V{}
	for _, one := range all {
		if err == nil {
			var v V
			v, err = of(one)
			views = append(views, v)
		}
	}
	return views, err
}

func (h here) Ledger(ctx context.Context, from int64, limit int) ([]Entry, error) {
	all, err := h.Node.Ledger(ctx, from, limit)
	return viewed(all, err, EntryOf)
}

func (h here) Counterparts(ctx context.Context) ([]Counterpart, error) {
	all, err := h.Node.Counterparts(ctx)
	return viewed(all, err, CounterpartOf)
}

func (h here) Selector(_ context.Context, text string) (selector.Selector, error) {
	return h.Node.Selector(text)
}

func (h here) Selectors(ctx context.Context, scope store.Scope) ([]Tally, error) {
	all, err := h.Node.Selectors(ctx, scope)
	return viewed(all, err, TallyOf)
}

func (h here) Findings(ctx context.Context, s selector.Selector) ([]Finding, error) {
	all, err := h.Node.Findings(ctx, s)
	return viewed(all, err, FindingOf)
}

func (h here) Evidence(ctx context.Context) ([]Evidence, error) {
	all, err := h.Node.Evidence(ctx)
	return viewed(all, err, EvidenceOf)
}

func (h here) Artifacts(ctx context.Context, evidence int64, kind string) ([]Artifact, error) {
	all, err := h.Node.Artifacts(ctx, evidence, kind)
	return viewedBy(all, err, ArtifactOf)
}

func (h here) Files(ctx context.Context, evidence int64, faulty bool) ([]File, error) {
	all, err := h.Node.Files(ctx, evidence, faulty)
	return viewed(all, err, FileOf)
}

func (h here) ShowFinding(ctx context.Context, id int64) (Opened, error) {
	return OpenedFinding(ctx, h.Node, id)
}

func (h here) ShowArtifact(ctx context.Context, id int64) (Opened, error) {
	return OpenedArtifact(ctx, h.Node, id)
}

// OpenedFinding opens the place of a finding again.
func OpenedFinding(ctx context.Context, n *node.Node, id int64) (Opened, error) {
	row, excerpt, err := n.ShowFinding(ctx, id)
	f := FindingOf(row)
	return Opened{Finding: &f, Evidence: row.Evidence, Excerpt: excerpt}, err
}

// OpenedArtifact opens the place of an artifact again.
func OpenedArtifact(ctx context.Context, n *node.Node, id int64) (Opened, error) {
	row, excerpt, err := n.ShowArtifact(ctx, id)
	if err != nil {
		return Opened{}, err
	}
	a, err := ArtifactOf(row)
	return Opened{Artifact: &a, Evidence: row.Evidence, Excerpt: excerpt}, err
}

func (h here) Watches(ctx context.Context) ([]Watch, error) {
	all, err := h.Node.Watches(ctx)
	return viewed(all, err, WatchOf)
}

func (h here) Watch(ctx context.Context, w store.Watch) (int, error) {
	raised, err := h.Node.Watch(ctx, w)
	return len(raised), err
}

func (h here) Matches(ctx context.Context) ([]Match, error) {
	all, err := h.Node.Matches(ctx)
	return viewed(all, err, MatchOf)
}

func (h here) Match(ctx context.Context, id int64) (Match, error) { return WholeMatch(ctx, h.Node, id) }

// followTime is how often a match that is followed is looked at.
const followTime = 100 * time.Millisecond

func (h here) FollowMatch(ctx context.Context, id int64, enough func(Match) bool) error {
	tick := time.NewTicker(followTime)
	defer tick.Stop()
	for {
		m, err := h.Node.Match(ctx, id)
		if err != nil || enough(MatchOf(m)) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func (h here) Simulate(ctx context.Context, name string, text []byte, back time.Duration) ([]node.Simulated, error) {
	set, err := rules.Parse(name, text)
	if err != nil {
		return nil, err
	}
	return h.Node.Simulate(ctx, set, h.now().Add(-back))
}

func (h here) Warnings(ctx context.Context) ([]Warning, error) {
	all, err := h.Node.Warnings(ctx)
	now := h.now()
	return viewed(all, err, func(w node.Alert) Warning { return WarningOf(w, now) })
}

func (h here) Warning(ctx context.Context, id int64) (Warning, error) {
	w, err := h.Node.Warning(ctx, id)
	if err != nil {
		return Warning{}, err
	}
	return WarningOf(w, h.now()), nil
}

func (h here) StepWarning(ctx context.Context, id int64, s WarningStep) error {
	_, err := h.Node.StepWarning(ctx, id, s.To, func(_ *warning.Warning, ev *warning.Event) {
		ev.Reason = s.Reason
		switch s.To {
		case warning.Decided:
			ev.Detail.Decision = warning.Warn
			if s.Refer {
				ev.Detail.Decision = warning.Refer
			}
		case warning.Waived:
			ev.Detail.Officer, ev.Detail.Review = s.Officer, ev.At.Add(s.Review)
		}
	})
	return err
}

func (h here) Tell(ctx context.Context, id int64, t node.Telling) error {
	_, err := h.Node.Tell(ctx, id, t)
	return err
}

func (h here) CorrectWarning(ctx context.Context, id int64, t node.Telling) error {
	_, err := h.Node.CorrectWarning(ctx, id, t)
	return err
}

func (h here) Releases(ctx context.Context) ([]Release, error) {
	all, err := h.Node.Releases(ctx)
	return viewedBy(all, err, func(r store.Release) (Release, error) { return ReleaseOf(ctx, h.Node, r) })
}

func (h here) Release(ctx context.Context, id int64) (Release, error) {
	r, err := h.Node.Release(ctx, id)
	if err != nil {
		return Release{}, err
	}
	return ReleaseOf(ctx, h.Node, r)
}

func (h here) Bundle(ctx context.Context, id int64) ([]byte, error) {
	r, err := h.Node.Release(ctx, id)
	return r.Bundle, err
}

func (h here) DraftRelease(ctx context.Context, to string, o release.Order) (int64, error) {
	r, err := h.Node.DraftRelease(ctx, to, o)
	return r.ID, err
}

func (h here) DraftAmendment(ctx context.Context, o release.Order) (int64, error) {
	r, err := h.Node.DraftAmendment(ctx, o)
	return r.ID, err
}

func (h here) CheckRelease(ctx context.Context, id int64) (bool, error) {
	_, found, err := h.Node.CheckRelease(ctx, id)
	return release.Blocked(found), err
}

func (h here) ClearRelease(ctx context.Context, id int64, over ...release.Overruling) error {
	_, err := h.Node.ClearRelease(ctx, id, over...)
	return err
}

func (h here) AskConsent(ctx context.Context, id int64, q release.Question) error {
	_, err := h.Node.AskConsent(ctx, id, q)
	return err
}

func (h here) SendRelease(ctx context.Context, id int64) error {
	_, err := h.Node.SendRelease(ctx, id)
	return err
}

func (h here) RecallRelease(ctx context.Context, id int64, reason string) error {
	_, err := h.Node.RecallRelease(ctx, id, reason)
	return err
}
