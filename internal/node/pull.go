package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"parley/internal/store"
	"parley/stix"
	"parley/taxii"
)

// Pulled says what one reading of a source brought.
type Pulled struct {
	Source    string   `json:"source"`
	Events    int      `json:"events,omitempty"` // of a MISP feed
	Objects   int      `json:"objects"`
	Known     int      `json:"known"`   // versions that were held
	Refused   int      `json:"refused"` // what is no STIX 2.1, or other content for a version that is held
	Selectors int      `json:"selectors"`
	Raised    int      `json:"raised"`   // warnings
	Problems  []string `json:"problems"` // why the first few were refused
	Left      int      `json:"left,omitempty"`
	Unmapped  []string `json:"unmapped,omitempty"` // the first few parts of MISP events for which STIX has no place
}

func newPulled(s SourceState) Pulled { return Pulled{Source: s.Name, Problems: []string{}} }

// PullOptions are how a source is read.
type PullOptions struct {
	ClientOptions
	PageSize int // objects in a page; 0 leaves it to the server
	Progress func(Pulled)
}

// maxProblems is how many refusals are told one by one.
const maxProblems = 20

// PullTAXII reads what a source has that we have not read yet, every version of
// it. Each page is kept with the bookmark behind it, in one transaction: however
// a reading ends, the next one goes on from there.
func (n *Node) PullTAXII(ctx context.Context, name string, opt PullOptions) (Pulled, error) {
	return n.pullSource(ctx, name, SourceTAXII, func(s SourceState) (Pulled, error) { return n.pullTAXII(ctx, s, opt) })
}

// pullSource reads a source of one kind, and notes how that ended.
func (n *Node) pullSource(ctx context.Context, name, kind string, pull func(SourceState) (Pulled, error)) (sum Pulled, err error) {
	if err := n.must(Analyst); err != nil {
		return sum, err
	}
	s, err := n.source(ctx, name)
	if err != nil {
		return sum, err
	}
	if s.Kind != kind {
		return sum, invalid("%s is read with 'parley %s pull'", name, s.Kind)
	}
	sum, err = pull(s)
	problem := ""
	if err != nil {
		problem = err.Error()
	}
	noted := n.store.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.SetSourceRead(ctx, s.ID, n.now(), problem) })
	if err != nil {
		return sum, fmt.Errorf("read source %s: %w", name, unreachable(err))
	}
	return sum, noted
}

func (n *Node) pullTAXII(ctx context.Context, s SourceState, opt PullOptions) (Pulled, error) {
	sum := newPulled(s)
	feed, from, err := s.feed(opt)
	if err != nil {
		return sum, err
	}
	filter := taxii.Filter{Types: s.Types, Versions: taxii.Versions{All: true}, PageSize: opt.PageSize}
	for part, err := range feed.Pages(ctx, filter, from) {
		if err != nil {
			return sum, err
		}
		if err := n.keepPage(ctx, s, part, &sum); err != nil {
			return sum, err
		}
		if opt.Progress != nil {
			opt.Progress(sum)
		}
	}
	return sum, nil
}

// feed opens a source's collection, and finds where to go on.
func (s SourceState) feed(opt PullOptions) (*taxii.Feed, taxii.Bookmark, error) {
	var from taxii.Bookmark
	if err := json.Unmarshal(s.Bookmark, &from); err != nil {
		return nil, from, fmt.Errorf("read the bookmark: %w", err)
	}
	client, err := s.client(opt.ClientOptions)
	if err != nil {
		return nil, from, err
	}
	return client.Feed(s.Root, s.SourceSettings.Collection), from, nil
}

// keepPage keeps one page and the bookmark behind it.
func (n *Node) keepPage(ctx context.Context, s SourceState, part taxii.Part[stix.Item], sum *Pulled) error {
	bookmark, err := json.Marshal(part.Bookmark)
	if err != nil {
		return fmt.Errorf("write the bookmark: %w", err)
	}
	return n.keepItems(ctx, s, part.Items, bookmark, sum)
}

// keepItems keeps what was read together with the bookmark behind it. The sum
// grows only with what was kept.
func (n *Node) keepItems(ctx context.Context, s SourceState, items []stix.Item, bookmark []byte, sum *Pulled) error {
	var page Pulled
	err := n.store.Update(ctx, func(tx *store.Tx) error {
		page = *sum
		for _, item := range items {
			if err := n.keepItem(ctx, tx, s, item, &page); err != nil {
				return err
			}
		}
		var raised []store.Warning
		if page.Selectors > sum.Selectors { // nothing else can be on the watch list that was not before
			var err error
			if raised, err = n.raise(ctx, tx); err != nil {
				return err
			}
		}
		page.Raised += len(raised)
		if err := tx.SetBookmark(ctx, s.ID, bookmark); err != nil || len(items) == 0 {
			return err
		}
		return n.record(ctx, tx, "source.read", s.Name, s.Name, pageNote{
			Objects: page.Objects - sum.Objects, Known: page.Known - sum.Known, Refused: page.Refused - sum.Refused,
			Selectors: page.Selectors - sum.Selectors, Warnings: len(raised),
		})
	})
	if err == nil {
		*sum = page
	}
	return err
}

type pageNote struct {
	Objects   int `json:"objects"`
	Known     int `json:"known"`
	Refused   int `json:"refused"`
	Selectors int `json:"selectors"`
	Warnings  int `json:"warnings"`
}

// keepItem keeps one object of a source, as its counterpart's. What is no object
// is counted, and told among the problems.
func (n *Node) keepItem(ctx context.Context, tx *store.Tx, s SourceState, item stix.Item, page *Pulled) error {
	err := item.Err
	if err == nil {
		err = acceptable(item.Object)
	}
	if err != nil {
		page.refuse(err)
		return nil
	}
	added, found, err := n.putObject(ctx, tx, item.Object, store.Object{Origin: s.Counterpart}, s.Name)
	switch {
	case errors.Is(err, store.ErrVersion):
		page.refuse(fmt.Errorf("%s: %w", item.Object.ID(), err))
	case err != nil:
		return err
	case added:
		page.Objects, page.Selectors = page.Objects+1, page.Selectors+found
	default:
		page.Known++
	}
	return nil
}

// leave tells of a part of an event that has no place in STIX.
func (p *Pulled) leave(what string) {
	p.Left++
	if len(p.Unmapped) < maxProblems {
		p.Unmapped = append(p.Unmapped[:len(p.Unmapped):len(p.Unmapped)], what)
	}
}

func (p *Pulled) refuse(why error) {
	p.Refused++
	if len(p.Problems) < maxProblems {
		p.Problems = append(p.Problems[:len(p.Problems):len(p.Problems)], why.Error())
	}
}
