package stix

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// Together finds what is wrong with objects only when they are seen together, as in a bundle: what
// [Object.Validate] cannot see in each. Its zero value is ready. Give it the objects in their order:
//
//	var together stix.Together
//	id, err := stix.ReadBundle(file, stix.Limits{}, together.Add)
//	faults := together.Faults()
//
// A reference that does not resolve is no fault (section 3.3). It keeps some hundred bytes an object.
type Together struct {
	count    int
	ids      map[ID]*history
	versions map[moment]version
	uuids    map[madeBy]firstUse
	markings markingGraph
	faults   []Fault
}

// history is what is kept of an id.
type history struct {
	first, latest version
	revoked       *version // the earliest version that revokes
}

// version is what is kept of one object.
type version struct {
	index   int
	created Timestamp
	at      Timestamp
	creator ID
	digest  [sha256.Size]byte
}

// moment tells versions of all ids apart.
type moment struct {
	id         ID
	seconds    int64
	nanosecond int
	beyond     string
}

type madeBy struct {
	creator ID
	uuid    uuid.UUID
}

type firstUse struct {
	index int
	typ   string
}

// Add takes in the next object. It gives no error, so that it can be handed to [ReadBundle].
func (t *Together) Add(o Object) error {
	if t.ids == nil {
		t.ids, t.versions, t.uuids = map[ID]*history{}, map[moment]version{}, map[madeBy]firstUse{}
	}
	v := version{t.count, o.Created(), o.versionTime(), o.CreatedByRef(), sha256.Sum256(o.Bytes())}
	t.count++
	if len(t.faults) == maxFaults {
		return nil
	}
	t.once(o.ID(), v)
	t.version(o, v)
	t.uuid(o, v)
	t.observable(o, v)
	t.markings.add(o)
	return nil
}

// Faults gives what was found, at most 100. Paths start with the object, "objects[3].modified".
func (t *Together) Faults() []Fault {
	faults := slices.Clone(t.faults)
	for _, cycle := range t.markings.cycles() {
		if len(faults) < maxFaults {
			faults = append(faults, Fault{
				Path:    fmt.Sprintf("objects[%d]", t.ids[cycle[0]].first.index),
				Problem: fmt.Sprintf("is marked with itself, through %d others: %v", len(cycle)-1, cycle[:min(len(cycle), 10)]),
			})
		}
	}
	return faults
}

func (t *Together) fault(v version, property, format string, args ...any) {
	if len(t.faults) < maxFaults {
		path := join(fmt.Sprintf("objects[%d]", v.index), property)
		t.faults = append(t.faults, Fault{Path: path, Problem: fmt.Sprintf(format, args...)})
	}
}

// once looks for a version that came before.
func (t *Together) once(id ID, v version) {
	at := moment{id, v.at.Time().Unix(), v.at.Time().Nanosecond(), v.at.finer()}
	same, seen := t.versions[at]
	switch {
	case !seen:
		t.versions[at] = v
	case v.digest == same.digest:
		t.fault(v, "", "is %s once more, as objects[%d] is", id, same.index)
	default:
		t.fault(v, "", "is of the same id and version as objects[%d] and says something else", same.index)
	}
}

// version compares an object with the other versions of it (section 3.6).
func (t *Together) version(o Object, v version) {
	known := t.ids[o.ID()]
	if known == nil {
		known = &history{first: v, latest: v}
		t.ids[o.ID()] = known
	}
	first := known.first
	switch {
	case v.created.Compare(first.created) != 0:
		t.fault(v, "created", "is %s, but objects[%d], another version, has %s", v.created, first.index, first.created)
	case v.creator != first.creator:
		t.fault(v, "created_by_ref", "is %s, but objects[%d], another version, has %s; only the creator makes versions", shown(string(v.creator)), first.index, shown(string(first.creator)))
	}
	if v.at.Compare(known.latest.at) > 0 {
		known.latest = v
	}
	t.final(o, v, known)
}

// final looks for versions later than one that revokes, whichever comes first.
func (t *Together) final(o Object, v version, known *history) {
	late := v
	if o.Revoked() && (known.revoked == nil || v.at.Compare(known.revoked.at) < 0) {
		known.revoked, late = &v, known.latest
	}
	if known.revoked != nil && late.at.Compare(known.revoked.at) > 0 {
		t.fault(late, "modified", "is later than objects[%d], which revoked the object for good", known.revoked.index)
	}
}

// uuid looks for one UUID in ids of two types by one producer (section 2.9).
func (t *Together) uuid(o Object, v version) {
	if v.creator == "" {
		return
	}
	made := madeBy{v.creator, o.ID().UUID()}
	first, used := t.uuids[made]
	if !used {
		t.uuids[made] = firstUse{v.index, o.Type()}
	} else if first.typ != o.Type() {
		t.fault(v, "id", "is of the UUID that the same producer gave to objects[%d], a %s", first.index, first.typ)
	}
}

// observable looks for an id that is made from properties, but not from these (section 2.9).
func (t *Together) observable(o Object, v version) {
	if FamilyOf(o.Type()) != Observable || o.ID().UUID().Version() != 5 {
		return
	}
	if made, err := SCOID(o); err == nil && made != o.ID() {
		t.fault(v, "id", "is a UUID of version 5, but not %s, which its properties make", made)
	}
}
