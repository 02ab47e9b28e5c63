package node

import (
	"context"
	"fmt"
	"time"

	"parley/internal/match"
	"parley/internal/store"
	"parley/internal/warning"
)

// CheckMatch checks what is new among our selectors against the standing list
// of a match. It returns the number of the check, which is a run of its own.
func (n *Node) CheckMatch(ctx context.Context, id int64) (int64, error) {
	if err := n.must(Analyst); err != nil {
		return 0, err
	}
	run, err := n.match.Check(ctx, n.User.Name, id)
	if err != nil {
		return 0, fmt.Errorf("check against the list of match M%d: %w", id, err)
	}
	return run, nil
}

// WatchMatch has what is new checked by itself after each import and triage,
// within the terms, or not any more.
func (n *Node) WatchMatch(ctx context.Context, id int64, on bool) error {
	return n.onMatch(ctx, "watch the list of", id, func(tx *store.Tx) error {
		return n.match.Watch(ctx, tx, n.User.Name, id, on)
	})
}

// StandingList is how the list of a match stands on our side.
type StandingList struct {
	Holder     bool   `json:"holder"`               // we hold it; else we check
	Generation int64  `json:"generation"`           // of ours, or that we have; 0: none yet
	Unchecked  int    `json:"unchecked"`            // ours that no check was answered for
	WatchedBy  string `json:"watched_by,omitempty"` // who has it checked by itself
}

// StandingList reads how a match's list stands; nil where it has none.
func (n *Node) StandingList(ctx context.Context, m match.Matching) (*StandingList, error) {
	if m.State != match.Standing {
		return nil, nil
	}
	l := &StandingList{Holder: !m.Checks()}
	return l, n.store.View(ctx, func(tx *store.Tx) error {
		open, list, err := n.match.Unchecked(ctx, tx, m)
		l.Unchecked, l.Generation, l.WatchedBy = open, list.Generation, list.WatchedBy
		return err
	})
}

// checkWatched begins the checks that are to be made by themselves. What the
// terms do not allow now is made when they do: no import fails for it.
func (n *Node) checkWatched(ctx context.Context) {
	runs, err := n.match.CheckWatched(ctx)
	if err != nil && ctx.Err() == nil {
		n.log.Warn("a watched list could not be checked yet", "error", err)
	}
	if len(runs) > 0 {
		n.log.Info("watched lists are being checked", "checks", len(runs))
	}
}

// raiseListed raises a warning for what a check by itself found on a
// counterpart's list: that is where it was seen.
func (n *Node) raiseListed(ctx context.Context, tx *store.Tx, m match.Matching, watcher string) error {
	found, err := tx.Overlap(ctx, m.ID)
	if err != nil {
		return err
	}
	with, err := tx.CounterpartByID(ctx, m.Counterpart)
	if err != nil {
		return err
	}
	hits := make([]warning.Hit, len(found))
	for i, sel := range found {
		hits[i] = warning.Hit{
			Watch: warning.Watch{Selector: sel, Owner: watcher, Note: fmt.Sprintf("the standing list of M%d", m.Under)},
			Where: fmt.Sprintf("%s's list (M%d)", with.Name, m.ID),
		}
	}
	for _, group := range grouped(hits) {
		if _, err := n.raiseGroup(ctx, tx, group); err != nil {
			return err
		}
	}
	return nil
}

// listEvery is how often a served node looks after standing lists without being
// woken.
const listEvery = 10 * time.Minute

// listLoop keeps standing lists: it ends those whose terms are over, computes
// what is new on ours, and makes the checks that a kill or the terms held up.
func (s *Server) listLoop(ctx context.Context) {
	tick := time.NewTicker(listEvery)
	defer tick.Stop()
	for {
		s.node.keepLists(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (n *Node) keepLists(ctx context.Context) {
	if err := n.match.Expire(ctx); err != nil && ctx.Err() == nil {
		n.log.Warn("a standing list whose terms are over could not be ended yet", "error", err)
	}
	if err := n.match.Prepare(ctx); err != nil && ctx.Err() == nil {
		n.log.Warn("a standing list could not be made yet", "error", err)
	}
	n.checkWatched(ctx)
}
