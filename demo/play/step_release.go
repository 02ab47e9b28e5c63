package play

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"parley/demo"
	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
)

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
	if err := s.setRules(ctx); err != nil {
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
	rulings, err := chen.Rulings(ctx, r.ID)
	if err != nil {
		return err
	}
	for _, b := range rulings[len(rulings)-1].Because {
		story.AllowedBy = append(story.AllowedBy, fmt.Sprintf("%s (%s)", strings.Join(b.By, ", "), b.Place))
	}
	story.Author, story.Clearer = s.South.Analyst, s.South.Second
	return nil
}

// setRules has South's own rules hold in place of those that the program brings: one person proposes them, a second confirms.
func (s *Stage) setRules(ctx context.Context) error {
	text, err := fs.ReadFile(s.opt.Files, demo.Rules)
	if err != nil {
		return err
	}
	p, err := s.South.analyst.ProposeRules(ctx, path.Base(demo.Rules), text)
	if err != nil {
		return err
	}
	_, err = s.South.second.ConfirmRules(ctx, p.SHA256)
	return err
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
