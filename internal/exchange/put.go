package exchange

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/store"
	"parley/stix"
	"parley/taxii"
)

// Put puts objects where their consumer reads them, and gives when the last of them was added. Only what
// was cleared for that consumer may be given to it. All are put there, or none; what stands there
// already stays. A report among them becomes an event of the collection's MISP feed.
func Put(ctx context.Context, tx *store.Tx, c store.Collection, objects []stix.Object, opt Options) (time.Time, error) {
	p := putting{opt: opt.withDefaults(), collection: c}
	ids := make([][16]byte, len(objects))
	for i, o := range objects {
		ids[i] = o.ID().UUID()
	}
	if err := p.begin(ctx, tx, ids); err != nil {
		return time.Time{}, err
	}
	for _, o := range objects {
		got, err := p.put(ctx, tx, o)
		if err == nil && got.refused != "" {
			err = errors.New(got.refused)
		}
		if err != nil {
			return time.Time{}, fmt.Errorf("put %s into collection %s: %w", o.ID(), c.Alias, err)
		}
	}
	if err := p.end(ctx, tx); err != nil {
		return time.Time{}, err
	}
	return p.clock, putIssue(ctx, tx, c, objects, p.clock, p.opt)
}

// putting puts objects into one collection, in one transaction.
type putting struct {
	opt        Options
	collection store.Collection
	groups     map[stix.ID]*group
	added      []*version
	size       int64
	clock      time.Time // when the next member is added
}

// put is what became of one object.
type put struct {
	version  stix.Timestamp
	known    bool   // it is in the collection already
	refused  string // why it was not put there
	conflict bool   // its version is in the collection with other content
}

// begin reads what the collection has of the objects to come.
func (p *putting) begin(ctx context.Context, tx *store.Tx, ids [][16]byte) error {
	var err error
	if p.groups, err = groupsOf(ctx, tx, p.collection.ID, ids); err != nil {
		return err
	}
	last, err := tx.LastAdded(ctx)
	p.clock = later(p.opt.Now().UTC().Truncate(time.Microsecond), last.Add(time.Microsecond))
	return err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// put takes one object in; what it adds is kept at the end.
func (p *putting) put(ctx context.Context, tx *store.Tx, o stix.Object) (put, error) {
	g := p.groups[o.ID()]
	if g == nil {
		g = &group{}
		p.groups[o.ID()] = g
	}
	twin, same, err := g.twin(ctx, tx, o)
	switch {
	case err != nil:
		return put{}, err
	case same:
		return put{version: twin.at, known: true}, nil
	case twin != nil && twin.Version != "":
		return put{conflict: true, refused: "this version is in the collection with other content, which is kept; give the object a new modified time"}, nil
	}
	if refused := p.room(g, o); refused != "" {
		return put{refused: refused}, nil
	}
	v := p.add(g, o)
	return put{version: v.at}, nil
}

// room says why there is none for one more version.
func (p *putting) room(g *group, o stix.Object) string {
	switch size := int64(len(o.Bytes())); {
	case size > store.MaxBody:
		return fmt.Sprintf("the object has %d bytes, and %d are the most", size, store.MaxBody)
	case p.collection.Members+int64(len(p.added)) >= p.opt.MaxMembers, p.collection.Ever+p.size+size > p.opt.MaxBytes:
		return "the collection is full"
	case versionOf(o).IsZero() && g.contents() >= mostContents:
		return fmt.Sprintf("the object has no times, and is held with %d contents already, which is as many as are kept", mostContents)
	case len(g.versions) >= p.opt.MaxVersions:
		return fmt.Sprintf("the object has %d versions already, which is as many as are kept", len(g.versions))
	}
	return ""
}

func (p *putting) add(g *group, o stix.Object) *version {
	at := versionOf(o)
	v := &version{at: at, isNew: true, Member: store.Member{
		Collection: p.collection.ID, Added: p.clock, UUID: o.ID().UUID(), Type: o.Type(), Spec: o.SpecVersion(), Version: at.String(), Body: o.Bytes(),
	}}
	if at.IsZero() {
		v.at = stix.NewTimestamp(p.clock, 6)
	}
	p.clock = p.clock.Add(time.Microsecond)
	p.added, p.size = append(p.added, v), p.size+int64(len(v.Body))
	g.add(v)
	return v
}

// end keeps what was added, and the ranks that changed with it.
func (p *putting) end(ctx context.Context, tx *store.Tx) error {
	for _, g := range p.groups {
		if !g.changed {
			continue
		}
		g.rerank()
		if err := g.keepRanks(ctx, tx); err != nil {
			return err
		}
	}
	members := make([]store.Member, len(p.added))
	for i, v := range p.added {
		members[i] = v.Member
	}
	return tx.AddMembers(ctx, p.collection.ID, members)
}

// full tells a client that there is no room now, where that is what stopped it.
func full(err error) error {
	if errors.Is(err, store.ErrFull) || errors.Is(err, store.ErrBusy) {
		return fmt.Errorf("%w: %w", taxii.ErrFull, err)
	}
	return err
}
