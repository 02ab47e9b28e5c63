package node

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"parley/internal/store"
	"parley/stix"
	"parley/taxii"
)

// Compared says how what we hold of a source differs from what it has.
type Compared struct {
	Source  string   `json:"source"`
	Same    int      `json:"same"`
	Missing int      `json:"missing"` // versions that it has and we do not: pull again, or look at what was refused
	Gone    int      `json:"gone"`    // versions that we hold and it has no longer
	Which   []string `json:"which"`   // the first few of both
}

// maxWhich is how many differences are told one by one.
const maxWhich = 100

// held is a version that we hold: its object, and its modified time in
// microseconds since 1970, 0 for an object without versions.
type held struct {
	uuid     [16]byte
	typ      string
	modified int64
}

func (h held) String() string {
	return h.typ + "--" + uuid.UUID(h.uuid).String()
}

// CompareTAXII reads a source's manifest and holds it against what we have of
// it. Nothing is changed.
func (n *Node) CompareTAXII(ctx context.Context, name string, opt PullOptions) (Compared, error) {
	c := Compared{Source: name, Which: []string{}}
	if err := n.must(Analyst); err != nil {
		return c, err
	}
	s, err := n.source(ctx, name)
	if err != nil {
		return c, err
	}
	feed, _, err := s.feed(opt)
	if err != nil {
		return c, err
	}
	ours, err := n.heldOf(ctx, s)
	if err != nil {
		return c, err
	}
	filter := taxii.Filter{Types: s.Types, Versions: taxii.Versions{All: true}, PageSize: opt.PageSize}
	for part, err := range feed.Manifest(ctx, filter, taxii.Bookmark{}) {
		if err != nil {
			return c, fmt.Errorf("read the manifest of source %s: %w", name, unreachable(err))
		}
		for _, r := range part.Items {
			c.take(ours, r)
		}
	}
	for h := range ours {
		c.Gone++
		c.tell("gone", h.String())
	}
	return c, nil
}

// heldOf gives every version that we hold of a source.
func (n *Node) heldOf(ctx context.Context, s SourceState) (map[held]bool, error) {
	ours := map[held]bool{}
	err := n.store.View(ctx, func(tx *store.Tx) error {
		return tx.EachVersionFrom(ctx, s.Counterpart, func(typ string, id [16]byte, modified int64) {
			ours[held{id, typ, modified}] = true
		})
	})
	return ours, err
}

// take holds one record of the manifest against what we hold, and strikes it out there. A record of an
// object without versions names the moment it was added.
func (c *Compared) take(ours map[held]bool, r taxii.ManifestRecord) {
	id, err := stix.ParseID(r.ID)
	version, err2 := stix.ParseTimestamp(r.Version)
	if err != nil || err2 != nil {
		c.Missing++
		c.tell("missing", r.ID)
		return
	}
	for _, h := range []held{{id.UUID(), id.Type(), version.Time().UnixMicro()}, {id.UUID(), id.Type(), 0}} {
		if ours[h] {
			delete(ours, h)
			c.Same++
			return
		}
	}
	c.Missing++
	c.tell("missing", r.ID+" "+r.Version)
}

func (c *Compared) tell(what, which string) {
	if len(c.Which) < maxWhich {
		c.Which = append(c.Which, what+" "+which)
	}
}
