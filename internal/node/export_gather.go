package node

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"parley/internal/permit"
	"parley/internal/store"
	"parley/stix"
)

// maxExported bounds how many objects one report may draw in.
const maxExported = 20_000

// gathering is a report on the way out, with what it refers to and what refers to
// that.
type gathering struct {
	tx     *store.Tx
	report stix.ID
	theirs bool             // what counterparts gave us, too
	use    permit.Use       // for which it was given
	passOn bool             // for somebody else: whoever gave it says for which use
	seen   map[stix.ID]bool // those that were looked for
	held   map[stix.ID]bool // those that are in all
	all    []stix.Object
	gifts  map[int64]store.Gift
	out    *ExportedObjects
}

// gatherReport reads a report and what it refers to, directly or through others;
// then what joins these or says something of them: relationships, sightings, notes
// and opinions. The gifts are those in which any of it came.
func gatherReport(ctx context.Context, tx *store.Tx, e ObjectExport, out *ExportedObjects) ([]stix.Object, []store.Gift, error) {
	g := &gathering{
		tx: tx, report: e.Report, theirs: e.Theirs, use: e.Use, passOn: e.PassOn,
		seen: map[stix.ID]bool{}, held: map[stix.ID]bool{}, gifts: map[int64]store.Gift{}, out: out,
	}
	if err := g.follow(ctx, e.Report); err != nil {
		return nil, nil, err
	}
	about, err := g.about(ctx)
	if err != nil {
		return nil, nil, err
	}
	err = g.follow(ctx, about...)
	var gifts []store.Gift
	for _, id := range slices.Sorted(maps.Keys(g.gifts)) {
		gifts = append(gifts, g.gifts[id])
	}
	return g.all, gifts, err
}

// follow takes in objects and what they refer to.
func (g *gathering) follow(ctx context.Context, next ...stix.ID) error {
	for ; len(next) > 0; next = next[1:] {
		if g.seen[next[0]] {
			continue
		}
		g.seen[next[0]] = true
		o, err := g.one(ctx, next[0])
		if err != nil {
			return err
		}
		if o.IsZero() {
			continue
		}
		g.held[next[0]] = true
		if g.all = append(g.all, o); len(g.all) > maxExported {
			return invalid("%s draws in more than %d objects, which is as many as are written out at once", g.report, maxExported)
		}
		next = append(next, o.References()...)
	}
	return nil
}

// one reads an object; none is given where it is not held, or stays.
func (g *gathering) one(ctx context.Context, id stix.ID) (stix.Object, error) {
	row, err := g.tx.Object(ctx, id.Type(), id.UUID())
	switch {
	case errors.Is(err, store.ErrNotFound) && id != g.report:
		g.out.Missing++
		return stix.Object{}, nil
	case err != nil:
		return stix.Object{}, fmt.Errorf("%s: %w", id, err)
	case row.Origin != 0 && !g.theirs && id == g.report:
		return stix.Object{}, invalid("%s was given by a counterpart: to write it out for a tool of your own, add --theirs", id)
	case row.Origin != 0 && !g.theirs:
		g.out.LeftOut++
		return stix.Object{}, nil
	}
	if row.Origin == 0 || !g.passOn { // else its giver's consent must be for the use
		if err := mayUse(string(id), permit.Use(row.PermittedUse), g.use); err != nil && id != g.report {
			g.out.OtherUse++
			return stix.Object{}, nil
		} else if err != nil {
			return stix.Object{}, err
		}
	}
	o, err := stix.ParseObject(row.Body)
	if err != nil {
		return stix.Object{}, fmt.Errorf("%s: %w", id, err)
	}
	if row.Origin == 0 {
		return o, nil
	}
	gifts, err := g.tx.GiftsOf(ctx, row.Seq)
	if err != nil {
		return o, err
	}
	var gift store.Gift // none: nobody can be asked
	if len(gifts) > 0 {
		gift = gifts[0]
	}
	g.gifts[gift.ID] = gift
	return o, nil
}

// about finds what says something of the objects gathered so far.
func (g *gathering) about(ctx context.Context) (found []stix.ID, err error) {
	err = g.tx.NewestVersions(ctx, func(row store.Object) (bool, error) {
		id := stix.ID(row.Type + "--" + uuid.UUID(row.UUID).String())
		if !says(row.Type) || g.seen[id] || row.Origin != 0 && !g.theirs {
			return true, nil
		}
		o, err := stix.ParseObject(row.Body)
		if err != nil {
			return false, fmt.Errorf("%s: %w", id, err)
		}
		if g.isAbout(o) {
			found = append(found, id)
		}
		return true, nil
	})
	slices.Reverse(found) // as they were added
	return found, err
}

func says(typ string) bool {
	return typ == "relationship" || typ == "sighting" || typ == "note" || typ == "opinion"
}

// isAbout tells whether an object speaks of those gathered: a relationship of two
// of them, any other of one.
func (g *gathering) isAbout(o stix.Object) bool {
	held := func(name string) bool {
		id, _ := o.String(name)
		return g.held[stix.ID(id)]
	}
	switch o.Type() {
	case "relationship":
		return held("source_ref") && held("target_ref")
	case "sighting":
		return held("sighting_of_ref")
	}
	refs, _ := o.Strings("object_refs")
	return slices.ContainsFunc(refs, func(ref string) bool { return g.held[stix.ID(ref)] })
}
