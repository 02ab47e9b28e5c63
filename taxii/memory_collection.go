package taxii

import (
	"cmp"
	"context"
	"crypto/sha256"
	"slices"
	"time"

	"parley/stix"
)

// collection holds every version of its objects twice: in the order of being added, by which pages
// are read, and by object, where versions are told apart.
type collection struct {
	added   []*entry // ascending; a deleted entry stays until there are more of them than others
	gone    int      // how many of added are deleted
	objects map[stix.ID]*history
}

// entry is one version of an object.
type entry struct {
	object  stix.Object
	added   int64          // microseconds since 1970
	version stix.Timestamp // as in a Record
	deleted bool
	content *[sha256.Size]byte // see digest
}

// digest hashes the content, however it is written. It is made once, since a stranger may post a
// thousand small objects with the id of one large one; callers hold the lock, or the only pointer.
func (e *entry) digest() [sha256.Size]byte {
	if e.content == nil {
		text, err := stix.Canonical(e.object.Bytes())
		if err != nil { // a number that no float can hold has no canonical form
			text = e.object.Bytes()
		}
		sum := sha256.Sum256(text)
		e.content = &sum
	}
	return *e.content
}

// untimed tells whether the object has no version of its own.
func (e *entry) untimed() bool { return versionOf(e.object).IsZero() }

// history is every version of one object, apart by specification: oldest first. There are no more
// specifications than the few that are known.
type history struct {
	specs []spec // ascending by name
}

type spec struct {
	name    string
	entries []*entry // ascending by version, and at least one
}

func newCollection() *collection { return &collection{objects: map[stix.ID]*history{}} }

// size is how many versions of objects there are.
func (c *collection) size() int { return len(c.added) - c.gone }

// put adds a version that is later than any other in being added.
func (c *collection) put(e *entry) {
	h := c.objects[e.object.ID()]
	if h == nil {
		h = &history{}
		c.objects[e.object.ID()] = h
	}
	c.added = append(c.added, e)
	name := e.object.SpecVersion()
	at, found := slices.BinarySearchFunc(h.specs, name, func(s spec, name string) int { return cmp.Compare(s.name, name) })
	if !found {
		h.specs = slices.Insert(h.specs, at, spec{name: name})
	}
	s := &h.specs[at]
	where, _ := s.find(e.version)
	s.entries = slices.Insert(s.entries, where, e)
}

// find gives where a version is, or where it belongs.
func (s *spec) find(version stix.Timestamp) (int, bool) {
	return slices.BinarySearchFunc(s.entries, version, func(e *entry, v stix.Timestamp) int { return e.version.Compare(v) })
}

// of gives the versions of one specification.
func (h *history) of(name string) *spec {
	if h == nil {
		return nil
	}
	for i := range h.specs {
		if h.specs[i].name == name {
			return &h.specs[i]
		}
	}
	return nil
}

// size is how many versions there are.
func (h *history) size() (n int) {
	if h == nil {
		return 0
	}
	for _, s := range h.specs {
		n += len(s.entries)
	}
	return n
}

// wants tells whether a query means an entry of this history, its time of being added aside.
func (h *history) wants(q *Query, e *entry) bool {
	var first, last stix.Timestamp
	in := false
	for i := range h.specs {
		s := &h.specs[i]
		if len(q.SpecVersions) == 0 && i < len(h.specs)-1 || len(q.SpecVersions) > 0 && !slices.Contains(q.SpecVersions, s.name) {
			continue
		}
		in = in || s.name == e.object.SpecVersion()
		if v := s.entries[0].version; first.IsZero() || v.Compare(first) < 0 {
			first = v
		}
		if v := s.entries[len(s.entries)-1].version; last.IsZero() || v.Compare(last) > 0 {
			last = v
		}
	}
	return in && q.Versions.Wants(e.version, first, last)
}

// page walks from the cursor on until the page is full and one more is found.
func (c *collection) page(ctx context.Context, q Query) (Page, error) {
	const often = 1 << 14 // entries between looks at whether anybody still waits
	var page Page
	size := int64(0)
	for i, e := range c.candidates(&q) {
		if i%often == often-1 && ctx.Err() != nil {
			return Page{}, ctx.Err()
		}
		if !c.means(&q, e) {
			continue
		}
		if n := len(page.Records); n > 0 && (n == q.Limit || q.Bytes > 0 && size >= q.Bytes) {
			page.More = true
			break
		}
		r := Record{ID: e.object.ID(), Version: e.version, SpecVersion: e.object.SpecVersion(), DateAdded: time.UnixMicro(e.added).UTC()}
		if q.Content {
			r.Bytes = e.object.Bytes()
			size += int64(len(r.Bytes))
		}
		page.Records = append(page.Records, r)
	}
	return page, nil
}

// candidates gives the entries after the cursor among which to look, in order of being added.
func (c *collection) candidates(q *Query) []*entry {
	all := c.added
	if len(q.IDs) > 0 {
		all = c.versionsOf(q.IDs)
	}
	if q.After.IsZero() {
		return all
	}
	after := q.After.UnixMicro()
	from, found := slices.BinarySearchFunc(all, after, func(e *entry, after int64) int { return cmp.Compare(e.added, after) })
	if found {
		from++
	}
	return all[from:]
}

// versionsOf gives every version of some objects, in order of being added.
func (c *collection) versionsOf(ids []stix.ID) (all []*entry) {
	sorted := slices.Compact(slices.Sorted(slices.Values(ids)))
	for _, id := range sorted {
		if h := c.objects[id]; h != nil {
			for _, s := range h.specs {
				all = append(all, s.entries...)
			}
		}
	}
	slices.SortFunc(all, func(a, b *entry) int { return cmp.Compare(a.added, b.added) })
	return all
}

// means tells whether a query means an entry; ids and the cursor have been seen to.
func (c *collection) means(q *Query, e *entry) bool {
	if e.deleted || len(q.Types) > 0 && !slices.Contains(q.Types, e.object.Type()) {
		return false
	}
	return c.objects[e.object.ID()].wants(q, e)
}

// delete removes what a query means, chosen before anything is gone.
func (c *collection) delete(q Query) int {
	q.After = time.Time{}
	doomed := slices.DeleteFunc(slices.Clone(c.candidates(&q)), func(e *entry) bool { return !c.means(&q, e) })
	for _, e := range doomed {
		e.deleted = true
		c.forget(e)
	}
	c.gone += len(doomed)
	if c.gone > len(c.added)/2 {
		c.added = slices.DeleteFunc(c.added, func(e *entry) bool { return e.deleted })
		c.gone = 0
	}
	return len(doomed)
}

// forget takes an entry out of its history.
func (c *collection) forget(e *entry) {
	id := e.object.ID()
	h := c.objects[id]
	s := h.of(e.object.SpecVersion())
	if at := slices.Index(s.entries, e); at >= 0 {
		s.entries = slices.Delete(s.entries, at, at+1)
	}
	h.specs = slices.DeleteFunc(h.specs, func(s spec) bool { return len(s.entries) == 0 })
	if len(h.specs) == 0 {
		delete(c.objects, id)
	}
}
