package play

import (
	"context"
	"fmt"
	"time"

	"parley/demo"
	"parley/internal/node"
)

// patience is how long a step may wait for the other side.
const patience = 2 * time.Minute

// Play runs the six steps, in order, and returns what came of each.
func (s *Stage) Play(ctx context.Context) (Story, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	story := Story{Relay: s.Relay, North: s.North.Home, South: s.South.Home, Began: time.Now()}
	for i, step := range []struct {
		name string
		play func(context.Context, *Story) error
	}{
		{"triage", s.triage},
		{"match", s.match},
		{"release", s.release},
		{"hand over", s.handOver},
		{"weigh", s.weigh},
		{"warn", s.warn},
	} {
		if s.opt.Step != nil {
			s.opt.Step(i+1, step.name)
		}
		begin := time.Now()
		if err := step.play(ctx, &story); err != nil {
			return story, fmt.Errorf("step %d, %s: %w", i+1, step.name, err)
		}
		story.Times = append(story.Times, time.Since(begin))
	}
	return story, s.close(ctx, &story)
}

// await looks until ok says yes.
func await(ctx context.Context, what string, ok func() (bool, error)) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if done, err := ok(); done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", what, ctx.Err())
		case <-tick.C:
		}
	}
}

func (s *Stage) triage(ctx context.Context, story *Story) error {
	n := s.North.analyst
	got, err := n.Import(ctx, s.path(demo.Phone), "seized telephone")
	if err != nil {
		return err
	}
	story.EvidenceBytes, story.EvidenceSHA256 = got.Size, got.SHA256
	if story.Triage, err = n.Triage(ctx, got.Evidence, node.TriageOptions{}); err != nil {
		return err
	}
	if _, err := n.WatchList(ctx, s.path(demo.NorthWatchList), node.ImportOptions{}); err != nil {
		return err
	}
	watched, err := n.Watches(ctx)
	story.Watched = len(watched)
	return err
}
