package exchange

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"

	"parley/internal/store"
	"parley/stix"
)

// group is every version of one object in a collection, those that are about to be added included.
type group struct {
	versions []*version
	changed  bool // a version was added: the ranks are to be found anew
}

// version is one of them.
type version struct {
	store.Member
	at    stix.Timestamp
	isNew bool
	rank  store.Rank // as the store has it

	content digest // zero until it is asked for
}

// errMany: the objects of a batch have more versions than others shall wait for.
var errMany = errors.New("these objects have too many versions to be added to at once")

// groupsOf reads the versions that a collection has of the objects with these ids. If they are very
// many, and the objects several, it is [errMany].
func groupsOf(ctx context.Context, tx *store.Tx, collection int64, ids [][16]byte) (map[stix.ID]*group, error) {
	moments, err := tx.MomentsOf(ctx, collection, ids)
	if err != nil {
		return nil, err
	}
	if len(moments) > versionsAtOnce && len(ids) > 1 {
		return nil, errMany
	}
	held, err := tx.MembersAt(ctx, collection, moments, ids)
	if err != nil {
		return nil, err
	}
	groups := map[stix.ID]*group{}
	for _, m := range held {
		at, err := versionOfMember(m)
		if err != nil {
			return nil, err
		}
		v, id := &version{Member: m, at: at, rank: m.Rank}, idOf(m)
		if groups[id] == nil {
			groups[id] = &group{}
		}
		groups[id].versions = append(groups[id].versions, v)
	}
	return groups, nil
}

// versionOfMember gives the moment that tells a member from other versions of its object. For an object
// without times that is when it was added.
func versionOfMember(m store.Member) (stix.Timestamp, error) {
	if m.Version == "" {
		return stix.NewTimestamp(m.Added, 6), nil
	}
	return stix.ParseTimestamp(m.Version)
}

// versionOf gives the moment that tells versions of an object apart, zero if it has none.
func versionOf(o stix.Object) stix.Timestamp {
	if m := o.Modified(); !m.IsZero() {
		return m
	}
	return o.Created()
}

// twin gives the version that an object is, or repeats: that of the same time, or, if it has no
// times, one of the same content. same tells whether the content is the same, however it is written.
func (g *group) twin(ctx context.Context, tx *store.Tx, o stix.Object) (twin *version, same bool, err error) {
	at, content := versionOf(o), digest{}
	for _, v := range g.versions {
		timed := v.Version != ""
		if v.Spec != o.SpecVersion() || timed == at.IsZero() || timed && v.at.Compare(at) != 0 {
			continue
		}
		if content == (digest{}) {
			content = contentOf(o.Bytes())
		}
		held, err := v.contentIn(ctx, tx)
		if same := err == nil && held == content; err != nil || same || timed {
			return v, same, err
		}
	}
	return nil, false, nil
}

// mostContents bounds how many contents of one object without times are kept: each new one is held
// against all of them, which means reading them.
const mostContents = 16

// contents counts the versions without times.
func (g *group) contents() (n int) {
	for _, v := range g.versions {
		if v.Version == "" {
			n++
		}
	}
	return n
}

// digest is the SHA-256 of an object's content, whatever way it is written.
type digest [sha256.Size]byte

func contentOf(text []byte) digest { return sha256.Sum256(canonical(text)) }

// contentIn gives the digest of a version's content. It is made once: an object without times may have
// many versions, and each that is added is held against all of them.
func (v *version) contentIn(ctx context.Context, tx *store.Tx) (digest, error) {
	if v.content != (digest{}) {
		return v.content, nil
	}
	one := []store.Member{v.Member}
	if v.Body == nil {
		if err := tx.Bodies(ctx, one); err != nil {
			return digest{}, err
		}
	}
	v.content = contentOf(one[0].Body)
	return v.content, nil
}

// canonical gives one form of an object's bytes; a number that no float can hold has none.
func canonical(text []byte) []byte {
	if form, err := stix.Canonical(text); err == nil {
		return form
	}
	return text
}

// add takes a new version in.
func (g *group) add(v *version) { g.versions, g.changed = append(g.versions, v), true }

// rerank finds out which version each is.
func (g *group) rerank() {
	var all ends
	specs, newest := map[string]*ends{}, ""
	for _, v := range g.versions {
		if specs[v.Spec] == nil {
			specs[v.Spec] = &ends{}
		}
		specs[v.Spec].take(v.at)
		all.take(v.at)
		newest = max(newest, v.Spec)
	}
	for _, v := range g.versions {
		own := specs[v.Spec]
		v.Rank = store.Last.If(own.isLast(v.at)) | store.First.If(own.isFirst(v.at)) |
			store.LastAll.If(all.isLast(v.at)) | store.FirstAll.If(all.isFirst(v.at)) | store.Newest.If(v.Spec == newest)
	}
}

// ends are the first and the last of some moments.
type ends struct{ first, last stix.Timestamp }

func (e *ends) take(at stix.Timestamp) {
	if e.first.IsZero() || at.Compare(e.first) < 0 {
		e.first = at
	}
	if e.last.IsZero() || at.Compare(e.last) > 0 {
		e.last = at
	}
}

func (e *ends) isFirst(at stix.Timestamp) bool { return at.Compare(e.first) == 0 }
func (e *ends) isLast(at stix.Timestamp) bool  { return at.Compare(e.last) == 0 }

// remove takes versions out.
func (g *group) remove(gone func(*version) bool) {
	before := len(g.versions)
	g.versions = slices.DeleteFunc(g.versions, gone)
	g.changed = g.changed || len(g.versions) != before
}

// keepRanks notes the ranks that have changed of versions that the store has.
func (g *group) keepRanks(ctx context.Context, tx *store.Tx) error {
	for _, v := range g.versions {
		if v.isNew || v.Rank == v.rank {
			continue
		}
		if err := tx.SetRank(ctx, v.Member); err != nil {
			return err
		}
		v.rank = v.Rank
	}
	return nil
}
