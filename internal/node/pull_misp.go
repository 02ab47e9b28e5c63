package node

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"parley/internal/misp"
	"parley/stix"
)

// Bounds on the events of a feed that are kept together.
const (
	feedBatchEvents  = 50
	feedBatchObjects = 2000
)

// PullMISP reads the events of a feed that are new or have changed. Some events
// are kept at a time, with the bookmark behind them, in one transaction.
func (n *Node) PullMISP(ctx context.Context, name string, opt PullOptions) (sum Pulled, err error) {
	return n.pullSource(ctx, name, SourceMISP, func(s SourceState) (Pulled, error) {
		p := &feedPull{n: n, s: s, opt: opt, sum: newPulled(s)}
		return p.run(ctx)
	})
}

// feedPull is one reading of a feed.
type feedPull struct {
	n       *Node
	s       SourceState
	opt     PullOptions
	sum     Pulled
	objects []stix.Item
	events  int
	mark    misp.Bookmark
}

func (p *feedPull) run(ctx context.Context) (Pulled, error) {
	if err := json.Unmarshal(p.s.Bookmark, &p.mark); err != nil {
		return p.sum, fmt.Errorf("read the bookmark: %w", err)
	}
	remote, err := p.s.remote(p.opt.ClientOptions)
	if err != nil {
		return p.sum, err
	}
	got, err := misp.Pull(ctx, remote, p.mark, misp.PullOptions{
		Refused: func(l misp.Listed, why error) { p.sum.refuse(fmt.Errorf("event %s: %w", l.UUID, why)) },
	}, func(e misp.Event, mark misp.Bookmark) error { return p.take(ctx, e, mark) })
	if err != nil {
		return p.sum, err // what was taken since the last bookmark comes again
	}
	p.sum.Events, p.mark = got.Taken, got.Mark
	return p.sum, p.keep(ctx)
}

// take turns an event into objects, and keeps them once there are many.
func (p *feedPull) take(ctx context.Context, e misp.Event, mark misp.Bookmark) error {
	objects, unmapped, err := misp.ToSTIX(e, misp.Options{Region: p.n.Settings.Region, Undated: p.n.now()})
	if err != nil {
		p.sum.refuse(fmt.Errorf("event %s: %w", e.UUID, err))
		return nil
	}
	for _, u := range unmapped {
		p.sum.leave(fmt.Sprintf("event %s: %s (%s): %s", e.UUID, u.Path, u.Type, u.Why))
	}
	for i, o := range objects {
		p.objects = append(p.objects, stix.Item{Index: i, Object: o})
	}
	p.mark, p.events = mark, p.events+1
	if p.events < feedBatchEvents && len(p.objects) < feedBatchObjects {
		return nil
	}
	return p.keep(ctx)
}

func (p *feedPull) keep(ctx context.Context) error {
	bookmark, err := json.Marshal(p.mark)
	if err != nil {
		return fmt.Errorf("write the bookmark: %w", err)
	}
	err = p.n.keepItems(ctx, p.s, p.objects, bookmark, &p.sum)
	p.objects, p.events = nil, 0
	if err == nil && p.opt.Progress != nil {
		p.opt.Progress(p.sum)
	}
	return err
}

// remote is where a feed is read from.
func (s Source) remote(opt ClientOptions) (misp.Remote, error) {
	carrier, err := carrierTo(s.Roots, opt)
	if err != nil {
		return misp.Remote{}, err
	}
	r := misp.Remote{URL: s.URL, Client: carrier, User: s.SignIn}
	if s.SignIn != "" {
		r.Password = s.Secret
	} else if s.Secret != "" {
		r.Header = http.Header{"Authorization": {s.Secret}} // as MISP's own keys are sent
	}
	return r, nil
}

func (s SourceState) remote(opt ClientOptions) (misp.Remote, error) {
	return Source{URL: s.URL, Secret: string(s.Secret), SourceSettings: s.SourceSettings}.remote(opt)
}
