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
	n.checkWatched(ctx)
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

// keepItems keeps what was read, as many objects at a time as one transaction
// takes, and the bookmark with the last of them: what was kept before it is known
// when it comes again. The sum grows only with what was kept.
func (n *Node) keepItems(ctx context.Context, s SourceState, items []stix.Item, bookmark []byte, sum *Pulled) error {
	seek := newSeeker(n.selectorOptions())
	for {
		page := *sum
		gifts, rest := unwrapItems(items, seek, s.Name, &page)
		mark := bookmark
		if len(rest) > 0 {
			mark = nil
		}
		if err := n.keepGifts(ctx, s, gifts, mark, sum, &page); err != nil {
			return err
		}
		*sum = page
		if items = rest; len(items) == 0 {
			return nil
		}
	}
}

// unwrapItems looks at as many objects of a source as go into a transaction, and
// gives the others. What is no object is counted, and told among the problems.
func unwrapItems(items []stix.Item, seek *seeker, source string, page *Pulled) (gifts []gift, rest []stix.Item) {
	var l load
	for i, item := range items {
		err := item.Err
		if err == nil {
			err = acceptable(item.Object)
		}
		var g gift
		if err == nil {
			g, err = unwrap(item.Object, seek, source)
		}
		if err != nil {
			page.refuse(err)
		} else {
			gifts = append(gifts, g)
		}
		if l.add(len(item.Object.Bytes()), len(g.findings)) {
			return gifts, items[i+1:]
		}
	}
	return gifts, nil
}

// keepGifts keeps some objects of a source, and the bookmark if there is one.
// before is what was kept until then; page has what was refused since.
func (n *Node) keepGifts(ctx context.Context, s SourceState, gifts []gift, bookmark []byte, before, page *Pulled) error {
	return n.store.Update(ctx, func(tx *store.Tx) error {
		for _, g := range gifts {
			added, err := n.keepGift(ctx, tx, g, s.Counterpart, s.Name)
			switch {
			case errors.Is(err, store.ErrVersion):
				page.refuse(fmt.Errorf("%s: %w", g.object.ID(), err))
			case err != nil:
				return err
			case added:
				page.Objects, page.Selectors = page.Objects+1, page.Selectors+len(g.findings)
			default:
				page.Known++
			}
		}
		raised, err := n.raiseFor(ctx, tx, page.Selectors-before.Selectors)
		if err != nil {
			return err
		}
		page.Raised += len(raised)
		if bookmark != nil {
			if err := tx.SetBookmark(ctx, s.ID, bookmark); err != nil {
				return err
			}
		}
		note := pageNote{
			Objects: page.Objects - before.Objects, Known: page.Known - before.Known, Refused: page.Refused - before.Refused,
			Selectors: page.Selectors - before.Selectors, Warnings: len(raised),
		}
		if note == (pageNote{}) {
			return nil
		}
		return n.record(ctx, tx, "source.read", s.Name, s.Name, note)
	})
}

type pageNote struct {
	Objects   int `json:"objects"`
	Known     int `json:"known"`
	Refused   int `json:"refused"`
	Selectors int `json:"selectors"`
	Warnings  int `json:"warnings"`
}

// leave tells of a part of an event that has no place in STIX.
func (p *Pulled) leave(what string) {
	p.Left++
	p.Unmapped = firstFew(p.Unmapped, what)
}

func (p *Pulled) refuse(why error) {
	p.Refused++
	p.Problems = firstFew(p.Problems, why.Error())
}

// firstFew adds to a list of what is told one by one, until there are many. It
// leaves other copies of the list as they are.
func firstFew(list []string, one string) []string {
	if len(list) >= maxProblems {
		return list
	}
	return append(list[:len(list):len(list)], one)
}
