package exchange

import (
	"context"
	"slices"
	"strings"
	"time"

	"parley/internal/store"
	"parley/stix"
	"parley/taxii"
)

// Page gives the records that a query means.
func (x *Exchange) Page(ctx context.Context, at taxii.Place, query taxii.Query) (page taxii.Page, err error) {
	done, err := x.pages.take(ctx, at.Requester.Name)
	if err != nil {
		return page, err
	}
	defer done()
	err = x.store.View(ctx, func(tx *store.Tx) error {
		c, err := collection(ctx, tx, at)
		if err != nil {
			return err
		}
		members, more, err := pageOf(ctx, tx, c.ID, query)
		if err != nil {
			return err
		}
		if query.Content {
			if err := tx.Bodies(ctx, members); err != nil {
				return err
			}
		}
		page.More = more
		if page.Records, err = recordsOf(members); err != nil {
			return err
		}
		return x.noteRead(ctx, tx, c, query, members)
	})
	return page, err
}

// recordsOf writes members as TAXII has them.
func recordsOf(members []store.Member) ([]taxii.Record, error) {
	records := make([]taxii.Record, len(members))
	for i, m := range members {
		version, err := versionOfMember(m)
		if err != nil {
			return nil, err
		}
		records[i] = taxii.Record{ID: idOf(m), Version: version, SpecVersion: m.Spec, DateAdded: m.Added, Bytes: m.Body}
	}
	return records, nil
}

// pageOf gives the members of one page, and whether more would follow.
func pageOf(ctx context.Context, tx *store.Tx, collection int64, q taxii.Query) ([]store.Member, bool, error) {
	next := ofIDs(collection, q)
	if len(q.IDs) == 0 {
		next = inOrder(collection, q)
	}
	var page []store.Member
	size := int64(0)
	for {
		some, last, err := next(ctx, tx)
		if err != nil {
			return nil, false, err
		}
		for _, m := range some {
			if !means(q, m) {
				continue
			}
			if n := len(page); n > 0 && (n == q.Limit || q.Bytes > 0 && size >= q.Bytes) {
				return page, true, nil
			}
			page = append(page, m)
			if q.Content {
				size += int64(m.Size)
			}
		}
		if last {
			return page, false, nil
		}
	}
}

// chunk gives some members among which to look, and whether they were the last.
type chunk func(context.Context, *store.Tx) (some []store.Member, last bool, err error)

// inOrder goes through the collection.
func inOrder(collection int64, q taxii.Query) chunk {
	sc := scopeOf(collection, q)
	limit := min(q.Limit, 10_000) + 1 // one more, to see whether there is more
	return func(ctx context.Context, tx *store.Tx) ([]store.Member, bool, error) {
		some, err := tx.Members(ctx, sc, limit)
		if len(some) > 0 {
			sc.After = some[len(some)-1].Added
		}
		return some, len(some) < limit, err
	}
}

// ofIDs looks at the objects asked for and at no other, some versions at a time: a
// thousand objects may have a thousand each.
func ofIDs(collection int64, q taxii.Query) chunk {
	ids := make([][16]byte, len(q.IDs))
	for i, id := range q.IDs {
		ids[i] = id.UUID()
	}
	var left store.Moments
	begun := false
	return func(ctx context.Context, tx *store.Tx) ([]store.Member, bool, error) {
		if !begun {
			all, err := tx.MomentsOf(ctx, collection, ids)
			if err != nil {
				return nil, false, err
			}
			left, begun = all.After(q.After), true
		}
		now := left[:min(len(left), versionsAtOnce)]
		left = left[len(now):]
		some, err := tx.MembersAt(ctx, collection, now, ids)
		return some, len(left) == 0, err
	}
}

// versionsAtOnce bounds how many versions are read at a time.
const versionsAtOnce = 10_000

// scopeOf narrows what the store has to look at; it may let too much pass, and [means] decides.
func scopeOf(collection int64, q taxii.Query) store.MemberScope {
	sc := store.MemberScope{Collection: collection, After: q.After, Types: q.Types}
	if one := len(q.SpecVersions) == 1; one {
		sc.Specs = q.SpecVersions
	}
	first, last, all := ranksOf(q.SpecVersions)
	v := q.Versions
	switch {
	case v.All && all == 0:
	case v.All:
		sc.Ranks = []store.Rank{all}
	default:
		if v.First {
			sc.Ranks = append(sc.Ranks, first)
		}
		if v.Last || v.IsZero() {
			sc.Ranks = append(sc.Ranks, last)
		}
		for _, at := range v.At {
			sc.Seconds = append(sc.Seconds, secondsOf(at)...)
		}
	}
	return sc
}

// ranksOf gives the ranks of the first, the last and every version, among those in some versions of STIX:
// in the newest that the object has, if none is named.
func ranksOf(specs []string) (first, last, all store.Rank) {
	switch len(specs) {
	case 0:
		return store.Newest | store.First, store.Newest | store.Last, store.Newest
	case 1:
		return store.First, store.Last, 0
	}
	return store.FirstAll, store.LastAll, 0
}

// secondsOf gives how a version of this moment begins, as it is written. A leap second is the moment
// of the second after it.
func secondsOf(at stix.Timestamp) []string {
	const layout = "2006-01-02T15:04:05"
	second := at.Time().Truncate(time.Second)
	texts := []string{second.Format(layout)}
	if second.Equal(second.Truncate(24 * time.Hour)) {
		texts = append(texts, strings.TrimSuffix(second.Add(-time.Second).Format(layout), "59")+"60")
	}
	return texts
}

// means tells whether a query means a member.
func means(q taxii.Query, m store.Member) bool {
	first, last, all := ranksOf(q.SpecVersions)
	has := func(r store.Rank) bool { return m.Rank&r == r }
	switch {
	case !m.Added.After(q.After),
		len(q.IDs) > 0 && !slices.Contains(q.IDs, idOf(m)),
		len(q.Types) > 0 && !slices.Contains(q.Types, m.Type),
		len(q.SpecVersions) > 0 && !slices.Contains(q.SpecVersions, m.Spec),
		!has(all):
		return false
	}
	v := q.Versions
	if v.All || v.First && has(first) || (v.Last || v.IsZero()) && has(last) {
		return true
	}
	if len(v.At) == 0 {
		return false
	}
	version, err := versionOfMember(m)
	return err == nil && slices.ContainsFunc(v.At, func(at stix.Timestamp) bool { return at.Compare(version) == 0 })
}
