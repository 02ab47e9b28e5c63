package play

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"parley/demo"
	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/warning"
	"parley/stix"
)

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
	return "", fmt.Errorf("the tearline of %s made no claim", s.South.Name)
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
