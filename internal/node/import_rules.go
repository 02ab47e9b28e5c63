package node

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"parley/internal/store"
	"parley/stix"
)

// moment tells versions of an object apart, to the last digit of modified. Two
// ways to write one moment are the same; the zero moment is that of an object
// without versions.
type moment struct {
	second int64
	digits string // of the second's fraction, without zeros at the end
}

func momentOf(at stix.Timestamp) moment {
	if at.IsZero() {
		return moment{}
	}
	_, fraction, _ := strings.Cut(strings.TrimSuffix(at.String(), "Z"), ".")
	return moment{at.Time().Unix(), strings.TrimRight(fraction, "0")}
}

// heldMoment is that of a version in the store.
func heldMoment(o store.Object) moment {
	if o.Modified.IsZero() {
		return moment{}
	}
	digits := fmt.Sprintf("%06d", o.Modified.Nanosecond()/int(time.Microsecond)) + o.Finer
	return moment{o.Modified.Unix(), strings.TrimRight(digits, "0")}
}

// finer is the digits beyond the microsecond.
func (m moment) finer() string { return m.digits[min(6, len(m.digits)):] }

func (m moment) compare(other moment) int {
	return cmp.Or(cmp.Compare(m.second, other.second), strings.Compare(m.digits, other.digits))
}

// version is what the rules ask of one version of one object.
type version struct {
	at      moment
	creator stix.ID
	revoked bool
	where   string                  // in words
	digests func() (digests, error) // asked for where versions meet: they are dear
}

// digests tell content apart.
type digests struct {
	content [sha256.Size]byte // of the canonical form
	essence [sha256.Size]byte // of what the id of an object without versions stands for; zero if that is all of it
}

// versionOf reads it out of an object.
func versionOf(o stix.Object, where string) version {
	return version{
		at: momentOf(o.Modified()), creator: o.CreatedByRef(), revoked: o.Revoked(), where: where,
		digests: func() (digests, error) { return digestsOf(o) },
	}
}

// digestsOf digests an object. One that has no canonical form, for a number that
// no reader can hold, is refused.
func digestsOf(o stix.Object) (d digests, err error) {
	canonical, err := stix.Canonical(o.Bytes())
	if err != nil {
		return d, err
	}
	d.content = sha256.Sum256(canonical)
	if o.Modified().IsZero() {
		d.essence = essenceOf(o)
	}
	return d, nil
}

// essenceOf digests what the id of an object without versions stands for: of an
// observable the properties that make its id, of a marking what it says. It is
// zero where that is the whole object.
func essenceOf(o stix.Object) [sha256.Size]byte {
	if id, err := stix.SCOID(o); err == nil {
		return sha256.Sum256([]byte(id))
	}
	names := []string{"value", "number"} // of observables that are in no standard, such as phone-number
	if o.Type() == "marking-definition" {
		names = []string{"definition_type", "definition", "extensions"}
	}
	var parts []byte
	for _, name := range names {
		if value, ok := o.Raw(name); ok {
			if canonical, err := stix.Canonical(value); err == nil {
				parts = append(parts, name...)
				parts = append(append(parts, 0), canonical...)
			}
		}
	}
	if len(parts) == 0 {
		return [sha256.Size]byte{}
	}
	return sha256.Sum256(parts)
}

// outcome is what becomes of one more version.
type outcome int

const (
	shows   outcome = iota // it is the version that shows from now on
	known                  // it was there already
	older                  // it is kept as an older version
	revoked                // it is kept, and what was revoked stays so
	beside                 // it says more or less of the same observable; the first stays the object
)

// mostVersions bounds how many versions of one object are kept.
const mostVersions = 1000

// lineage is the versions of one object that there are, of one origin.
type lineage struct {
	id       stix.ID
	versions map[moment][]*kept
	count    int
	first    *kept // of those with a moment
	top      *kept // the version that shows
}

// kept is one version of a lineage.
type kept struct {
	version
	seq int64 // of one that the store holds, until the rest of it is read
}

func newLineage(id stix.ID) *lineage { return &lineage{id: id, versions: map[moment][]*kept{}} }

// hold notes a version that the store holds.
func (l *lineage) hold(o store.Object) {
	l.add(&kept{version{at: heldMoment(o), revoked: o.Revoked}, o.Seq})
}

func (l *lineage) add(v *kept) {
	l.versions[v.at] = append(l.versions[v.at], v)
	l.count++
	if l.first == nil && v.at != (moment{}) {
		l.first = v
	}
	if l.top == nil || l.top.below(v) {
		l.top = v
	}
}

// below tells whether another version shows instead: a revoked one, or a newer.
func (v *kept) below(other *kept) bool {
	if v.revoked != other.revoked {
		return other.revoked
	}
	return v.at.compare(other.at) < 0
}

// take judges one more version beside those there are, and adds it. load reads
// what the store holds of one.
func (l *lineage) take(v version, load func(seq int64) (version, error)) (outcome, error) {
	twins := l.versions[v.at]
	for _, w := range twins {
		same, err := l.same(v, w, load)
		if err != nil || same {
			return known, err
		}
	}
	if err := l.welcome(v, load); err != nil {
		return known, err
	}
	one := &kept{version: v}
	l.add(one)
	switch {
	case len(twins) > 0:
		return beside, nil
	case l.top == one:
		return shows, nil
	case l.top.revoked && !v.revoked && l.top.at.compare(v.at) < 0:
		return revoked, nil
	}
	return older, nil
}

// same tells whether two versions of one moment are the same. Where they may not
// both be, it is an error.
func (l *lineage) same(v version, w *kept, load func(seq int64) (version, error)) (bool, error) {
	if err := w.read(load); err != nil {
		return false, err
	}
	here, err := v.digests()
	if err != nil {
		return false, err
	}
	there, err := w.digests()
	switch {
	case err != nil:
		return false, err
	case here.content == there.content:
		return true, nil
	case v.at != (moment{}):
		return false, fmt.Errorf("%s with the same modified time stands at %s with other content: %w", l.id, w.where, store.ErrVersion)
	case here.essence != there.essence || here.essence == [sha256.Size]byte{}:
		return false, fmt.Errorf("%s stands at %s and is something else there, and has no versions: %w", l.id, w.where, store.ErrVersion)
	}
	return false, nil
}

// welcome refuses a version that its object may not have.
func (l *lineage) welcome(v version, load func(seq int64) (version, error)) error {
	if l.count >= mostVersions {
		return fmt.Errorf("%s has more than %d versions, which is as many as are kept", l.id, mostVersions)
	}
	if l.first == nil || v.at == (moment{}) {
		return nil
	}
	if err := l.first.read(load); err != nil {
		return err
	}
	if l.first.creator != v.creator {
		return fmt.Errorf("%s is created by %s at %s and by %s here: only its creator may make a version of it; give yours an id of its own",
			l.id, whoever(l.first.creator), l.first.where, whoever(v.creator))
	}
	return nil
}

func whoever(creator stix.ID) string {
	if creator == "" {
		return "nobody named"
	}
	return string(creator)
}

// read reads the rest of a version that the store holds.
func (v *kept) read(load func(seq int64) (version, error)) error {
	if v.seq == 0 {
		return nil
	}
	held, err := load(v.seq)
	if err != nil {
		return err
	}
	v.creator, v.where, v.digests, v.seq = held.creator, held.where, held.digests, 0
	return nil
}
