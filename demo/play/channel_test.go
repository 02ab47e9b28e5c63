package play

import (
	"context"
	"testing"
	"time"

	"parley/demo"
	"parley/internal/match"
	"parley/selector"
)

// TestChannelIsReplaced introduces two nodes anew while both are served: what
// is sent afterwards arrives over the new channel, and what came before stays.
func TestChannelIsReplaced(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s, err := Set(ctx, Options{Dir: t.TempDir(), Files: demo.Files()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, name := range []string{demo.Report, demo.SouthWatchList} {
		if _, err := s.South.analyst.Import(ctx, s.path(name), ""); err != nil {
			t.Fatal(err)
		}
	}
	propose := func(want int) {
		t.Helper()
		_, err := s.South.analyst.ProposeMatch(ctx, s.North.Name, match.Offer{
			Kinds: []selector.Kind{selector.Phone}, Purpose: "see whether it arrives", MaxItems: 1000, Mode: match.ModeCount,
		})
		if err != nil {
			t.Fatal(err)
		}
		err = await(ctx, "the proposal", func() (bool, error) {
			all, err := s.North.analyst.Matches(ctx)
			return len(all) == want, err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	propose(1)

	before, err := s.North.analyst.Counterparts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.North.analyst.Introduce(ctx, s.South.Name, false); err == nil {
		t.Error("a second introduction was written for an open channel without being asked for")
	}
	fromNorth, err := s.North.analyst.Introduce(ctx, s.South.Name, true)
	if err != nil {
		t.Fatal(err)
	}
	fromSouth, err := s.South.analyst.Introduce(ctx, s.North.Name, true)
	if err != nil {
		t.Fatal(err)
	}
	after, err := s.North.analyst.AddCounterpart(ctx, fromSouth)
	if err != nil {
		t.Fatal(err)
	}
	if after.Spoken == before[0].Spoken || !after.VerifiedAt.IsZero() {
		t.Error("the new channel has the old one's fingerprint, or its verification")
	}
	if _, err := s.South.analyst.AddCounterpart(ctx, fromNorth); err != nil {
		t.Fatal(err)
	}
	_, err = s.South.analyst.ProposeMatch(ctx, s.North.Name, match.Offer{
		Kinds: []selector.Kind{selector.Phone}, Purpose: "too early", MaxItems: 1000, Mode: match.ModeCount,
	})
	if err == nil {
		t.Error("a proposal went out before the digits of the new channel were compared")
	}
	if err := s.North.analyst.VerifyCounterpart(ctx, s.South.Name, after.Spoken); err != nil {
		t.Fatal(err)
	}
	if err := s.South.analyst.VerifyCounterpart(ctx, s.North.Name, after.Spoken); err != nil {
		t.Fatal(err)
	}
	propose(2)
}
