package play

import (
	"context"
	"fmt"
	"time"

	"parley/demo"
	"parley/internal/match"
	"parley/selector"
)

// terms is the file that says what the match may be about.
type terms struct {
	Kinds    []selector.Kind `json:"kinds"`
	Purpose  string          `json:"purpose"`
	MaxItems int             `json:"max_items"`
}

func (s *Stage) match(ctx context.Context, story *Story) error {
	for _, name := range []string{demo.Report, demo.SouthWatchList} {
		if _, err := s.South.analyst.Import(ctx, s.path(name), ""); err != nil {
			return err
		}
	}
	var t terms
	if err := s.read(demo.Terms, &t); err != nil {
		return err
	}
	ours, err := s.North.analyst.ProposeMatch(ctx, s.South.Name, match.Offer{
		Kinds: t.Kinds, Purpose: t.Purpose, MaxItems: t.MaxItems, Mode: match.ModeOverlap, Hold: true,
	})
	if err != nil {
		return err
	}
	theirs, err := s.proposal(ctx)
	if err != nil {
		return err
	}
	if err := s.South.analyst.AcceptMatch(ctx, theirs, 0, false, ""); err != nil {
		return err
	}
	if err := s.reach(ctx, s.North, ours, match.Accepted); err != nil {
		return err
	}
	if err := s.runMatch(ctx, story, ours); err != nil {
		return err
	}
	story.Match, story.MatchSouth = ours, theirs
	return s.reach(ctx, s.South, theirs, match.Done)
}

// runMatch learns the count, stops to look at it, and goes on to the overlap.
func (s *Stage) runMatch(ctx context.Context, story *Story, id int64) error {
	n := s.North.analyst
	begin := time.Now()
	if err := n.RunMatch(ctx, id); err != nil {
		return err
	}
	if err := s.reach(ctx, s.North, id, match.Counted, match.Done); err != nil {
		return err
	}
	story.CountTime = time.Since(begin)
	m, err := n.Match(ctx, id)
	if err != nil {
		return err
	}
	story.Ours, story.Theirs, story.Count = m.Progress.OurSize, m.Progress.TheirSize, m.Progress.Count
	if m.State == match.Counted {
		begin = time.Now()
		if err := n.RunMatch(ctx, id); err != nil {
			return err
		}
		if err := s.reach(ctx, s.North, id, match.Done); err != nil {
			return err
		}
		story.OverlapTime = time.Since(begin)
	}
	if m, err = n.Match(ctx, id); err != nil {
		return err
	}
	story.MatchBytes = m.Progress.BytesOut + m.Progress.BytesIn
	story.Overlap, err = n.Overlap(ctx, id)
	return err
}

func (s *Stage) proposal(ctx context.Context) (id int64, err error) {
	err = await(ctx, "the proposal", func() (bool, error) {
		all, err := s.South.analyst.Matches(ctx)
		if err != nil || len(all) == 0 {
			return false, err
		}
		id = all[0].ID
		return true, nil
	})
	return id, err
}

// reach waits until a match is in one of the states given, and fails when it
// ended in another.
func (s *Stage) reach(ctx context.Context, p Party, id int64, states ...string) error {
	return await(ctx, fmt.Sprintf("%s's match to be %v", p.Name, states), func() (bool, error) {
		m, err := p.analyst.Match(ctx, id)
		if err != nil {
			return false, err
		}
		for _, want := range states {
			if m.State == want {
				return true, nil
			}
		}
		if match.Ended(m.State) {
			return false, fmt.Errorf("%s's match is %s: %s", p.Name, m.State, m.Progress.Reason)
		}
		return false, nil
	})
}
