package play

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"time"

	"parley/demo"
	"parley/internal/match"
	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/store"
	"parley/internal/warning"
	"parley/selector"
	"parley/stix"
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
	if _, _, err := n.WatchList(ctx, s.path(demo.NorthWatchList)); err != nil {
		return err
	}
	watched, err := n.Watches(ctx)
	story.Watched = len(watched)
	return err
}

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
		Kinds: t.Kinds, Purpose: t.Purpose, MaxItems: t.MaxItems, Reveal: match.RevealOverlap, Hold: true,
	})
	if err != nil {
		return err
	}
	theirs, err := s.proposal(ctx)
	if err != nil {
		return err
	}
	if err := s.South.analyst.AcceptMatch(ctx, theirs, 0, false); err != nil {
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

// sheet is what South's analyst fills in beside the text.
type sheet struct {
	TLP        release.TLP         `json:"tlp"`
	Use        release.Use         `json:"permitted_use"`
	Cleared    []release.Disclosed `json:"cleared_in_addition"`
	Grade      string              `json:"grade"`
	Descriptor string              `json:"source_descriptor"`
}

func (s *Stage) release(ctx context.Context, story *Story) error {
	var form sheet
	if err := s.read(demo.Release, &form); err != nil {
		return err
	}
	report, err := s.report()
	if err != nil {
		return err
	}
	order := release.Order{
		Report: report, Match: story.MatchSouth, Added: form.Cleared, TLP: form.TLP, Use: form.Use, Grade: form.Grade,
		Descriptor: form.Descriptor,
	}
	if err := s.tryLeaky(ctx, story, order); err != nil {
		return err
	}
	if order.Title, order.Text, err = s.text(demo.Tearline); err != nil {
		return err
	}
	chen, dora := s.South.analyst, s.South.second
	r, err := chen.DraftRelease(ctx, s.North.Name, order)
	if err != nil {
		return err
	}
	story.Release, story.TearlineBytes, story.TearlineTitle = r.ID, len(r.Bundle), order.Title
	if err := json.Unmarshal(r.Stripped, &story.Stripped); err != nil {
		return fmt.Errorf("read what was stripped: %w", err)
	}
	got, err := release.Verify(r.Bundle)
	if err != nil {
		return err
	}
	story.TearlineObjects, story.TLP, story.Use, story.Disclosed = len(got.Objects), form.TLP, form.Use, len(order.Added)
	if _, story.Findings, err = chen.CheckRelease(ctx, r.ID); err != nil {
		return err
	}
	if _, err = dora.ClearRelease(ctx, r.ID); err != nil {
		return err
	}
	story.Author, story.Clearer = s.South.Analyst, s.South.Second
	return nil
}

// tryLeaky shows the leak check a first draft that says too much.
func (s *Stage) tryLeaky(ctx context.Context, story *Story, order release.Order) error {
	var err error
	if order.Title, order.Text, err = s.text(demo.Leaky); err != nil {
		return err
	}
	r, err := s.South.analyst.DraftRelease(ctx, s.North.Name, order)
	if err != nil {
		return err
	}
	checked, found, err := s.South.analyst.CheckRelease(ctx, r.ID)
	story.LeakyState, story.LeakyFindings = checked.State, found
	return err
}

// report finds the one report in South's bundle.
func (s *Stage) report() (id stix.ID, err error) {
	f, err := s.opt.Files.Open(demo.Report)
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = stix.ReadBundle(f, stix.Limits{}, func(o stix.Object) error {
		if o.Type() == "report" {
			id = o.ID()
		}
		return nil
	})
	if err == nil && id == "" {
		err = fmt.Errorf("%s holds no report", demo.Report)
	}
	return id, err
}

func (s *Stage) handOver(ctx context.Context, story *Story) error {
	chen := s.South.analyst
	r, err := chen.SendRelease(ctx, story.Release)
	if err != nil {
		return err
	}
	err = await(ctx, "North to apply the tearline", func() (bool, error) {
		d, err := chen.Delivery(ctx, r.Outbox)
		story.Delivery = d
		return !d.AckedAt.IsZero(), err
	})
	if err != nil {
		return err
	}
	return await(ctx, "the tearline in North's inbox", func() (bool, error) {
		all, err := s.North.analyst.Inbox(ctx, 0)
		story.Received = 0
		for _, l := range all {
			if l.Kind == release.KindBundle && l.State == store.Applied {
				story.Received++
			}
		}
		return story.Received > 0, err
	})
}

// opinion is what North's analyst makes of South's claim.
type opinion struct {
	Proposition stix.ID `json:"proposition"`
	Grade       string  `json:"grade"`
	Why         string  `json:"why"`
	OneOrigin   struct {
		Claims []stix.ID `json:"claims"`
		Why    string    `json:"why"`
	} `json:"one_origin"`
}

func (s *Stage) weigh(ctx context.Context, story *Story) error {
	n := s.North.analyst
	if _, err := n.Import(ctx, s.path(demo.Claims), ""); err != nil {
		return err
	}
	var o opinion
	if err := s.read(demo.Weigh, &o); err != nil {
		return err
	}
	claim, err := s.theirClaim(ctx)
	if err != nil {
		return err
	}
	g, err := release.ParseGrade(o.Grade)
	if err != nil {
		return err
	}
	if err := n.AttachClaim(ctx, claim, o.Proposition); err != nil {
		return err
	}
	if err := n.GradeClaim(ctx, claim, g, o.Why); err != nil {
		return err
	}
	before, err := n.Weigh(ctx)
	if err != nil {
		return err
	}
	story.Suggestions = len(before.Suggestions)
	if c := o.OneOrigin.Claims; len(c) == 2 {
		if err := n.ConfirmOrigin(ctx, c[0], c[1], true, o.OneOrigin.Why); err != nil {
			return err
		}
	}
	after, err := n.Weigh(ctx)
	if err != nil {
		return err
	}
	story.Weighed, story.Counts, story.Propositions = claim, len(after.Counts), len(after.Assessments)
	for _, a := range after.Assessments {
		if a.Proposition == o.Proposition {
			story.Assessment = a
		}
	}
	return nil
}

// theirClaim finds the claim that South's tearline made.
func (s *Stage) theirClaim(ctx context.Context) (stix.ID, error) {
	w, err := s.North.analyst.Weigh(ctx)
	if err != nil {
		return "", err
	}
	for _, a := range w.Assessments {
		for _, c := range a.Claims {
			if c.ClaimantName == s.South.Name {
				return c.ID, nil
			}
		}
	}
	return "", fmt.Errorf("South's tearline made no claim")
}

func (s *Stage) warn(ctx context.Context, story *Story) error {
	n := s.North.analyst
	all, err := n.Warnings(ctx)
	if err != nil {
		return err
	}
	story.Warnings = len(all)
	if len(all) == 0 {
		return nil // nobody on the watch list is named: nobody is to be told
	}
	story.Warning = all[0]
	if due := all[0].Clock(time.Now()); len(due) > 0 {
		story.ClockStep, story.ClockLeft = due[0].Step, due[0].Left
	}
	text, err := fs.ReadFile(s.opt.Files, demo.Warning)
	if err != nil {
		return err
	}
	begin := time.Now()
	if _, err := n.Tell(ctx, all[0].Number, node.Telling{To: s.South.Name, Text: string(text), Reason: "danger to life"}); err != nil {
		return err
	}
	err = await(ctx, "South's receipt", func() (bool, error) {
		a, err := n.Warning(ctx, all[0].Number)
		story.Warning = a
		return a.State() == warning.Delivered, err
	})
	story.ReceiptTime = time.Since(begin)
	return err
}

// close reads how both nodes stand at the end.
func (s *Stage) close(ctx context.Context, story *Story) error {
	for _, p := range []struct {
		party  Party
		ledger *node.LedgerHead
		sent   *int64
	}{{s.North, &story.NorthLedger, &story.NorthBytes}, {s.South, &story.SouthLedger, &story.SouthBytes}} {
		head, err := p.party.analyst.VerifyLedger(ctx, "")
		if err != nil {
			return err
		}
		status, err := p.party.analyst.Status(ctx)
		if err != nil {
			return err
		}
		*p.ledger = head
		for _, c := range status.Counterparts {
			*p.sent += c.Bytes
		}
	}
	story.Took = time.Since(story.Began)
	return nil
}
