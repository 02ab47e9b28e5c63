package assess

import (
	"bytes"
	"cmp"
	"errors"
	"maps"
	"slices"

	"parley/stix"
)

// casefile is what the objects say, in their newest versions, by id.
type casefile struct {
	claims     map[stix.ID]Claim // every role
	said       []stix.ID         // the role claim alone, by when it was said
	judgements []Judgement       // by when they were written; superseded ones left out
	sources    map[stix.ID]Source
	names      map[stix.ID]string
	history    map[stix.ID][]Grade // grades in earlier versions of a claim, oldest first
	revoked    map[stix.ID]bool
	faults     []Fault
}

func open(objects []stix.Object) *casefile {
	f := &casefile{
		claims: map[stix.ID]Claim{}, sources: map[stix.ID]Source{},
		names: map[stix.ID]string{}, history: map[stix.ID][]Grade{}, revoked: map[stix.ID]bool{},
	}
	versions := map[stix.ID][]stix.Object{}
	for _, o := range objects {
		if !o.IsZero() {
			versions[o.ID()] = append(versions[o.ID()], o)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(versions)) {
		f.take(f.inOrder(versions[id]))
	}
	f.resolve()
	return f
}

// inOrder sorts one object's versions, oldest first, and drops copies. Of two that claim to be the
// same version and differ, one is kept, always the same one, and the other is a fault.
func (f *casefile) inOrder(versions []stix.Object) []stix.Object {
	slices.SortFunc(versions, func(a, b stix.Object) int {
		return cmp.Or(stix.Newer(a, b), bytes.Compare(a.Bytes(), b.Bytes()))
	})
	var kept []stix.Object
	for _, o := range versions {
		if len(kept) > 0 && stix.Newer(kept[len(kept)-1], o) == 0 {
			if !bytes.Equal(kept[len(kept)-1].Bytes(), o.Bytes()) {
				f.fault(o.ID(), Fault{o.ID(), "modified", "two different objects say that they are this version; one is left out"})
			}
			continue
		}
		kept = append(kept, o)
	}
	return kept
}

// take reads one object's newest version; the older ones leave their grades behind. A later version
// takes no revocation back.
func (f *casefile) take(versions []stix.Object) {
	o := versions[len(versions)-1]
	if slices.ContainsFunc(versions, stix.Object.Revoked) {
		f.revoked[o.ID()] = true
		return
	}
	if name, ok := o.String("name"); ok && slices.Contains(actors, o.Type()) {
		f.names[o.ID()] = name
	}
	if source, found, err := ReadSource(o); err != nil {
		f.fault(o.ID(), err)
	} else if found {
		f.sources[o.ID()] = source
	}
	if judgement, found, err := ReadJudgement(o); err != nil {
		f.fault(o.ID(), err)
	} else if found {
		f.judgements = append(f.judgements, judgement)
	}
	claim, found, err := ReadClaim(o)
	if err != nil {
		f.fault(o.ID(), err)
		return
	}
	if found {
		f.claims[o.ID()] = claim
		f.history[o.ID()] = earlierGrades(versions)
	}
}

// earlierGrades returns the grades that the newest version no longer has.
func earlierGrades(versions []stix.Object) (grades []Grade) {
	if len(versions) == 1 {
		return nil
	}
	for _, o := range versions {
		claim, found, err := ReadClaim(o)
		if found && err == nil && claim.Grade != (Grade{}) && (len(grades) == 0 || grades[len(grades)-1] != claim.Grade) {
			grades = append(grades, claim.Grade)
		}
	}
	return grades[:max(0, len(grades)-1)]
}

// resolve checks what needs more than one object, and puts claims and judgements in order.
func (f *casefile) resolve() {
	for id, claim := range f.claims {
		if claim.Role != Claimed {
			continue
		}
		if f.claims[claim.PropositionRef].Role != Proposition {
			f.fault(id, Fault{id, "proposition_ref", "names no proposition among these objects; the claim is left out"})
			continue
		}
		f.said = append(f.said, id)
	}
	slices.SortFunc(f.said, func(a, b stix.ID) int { return f.claims[a].compare(f.claims[b]) })
	superseded := map[stix.ID]bool{}
	for _, j := range f.judgements {
		for _, id := range j.Supersedes {
			superseded[id] = id != j.ID
		}
	}
	f.judgements = slices.DeleteFunc(f.judgements, func(j Judgement) bool { return superseded[j.ID] })
	slices.SortFunc(f.judgements, func(a, b Judgement) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
}

// compare orders claims by when they were said, then by id.
func (cl Claim) compare(other Claim) int {
	return cmp.Or(cl.SaidAt.Compare(other.SaidAt), cmp.Compare(cl.ID, other.ID))
}

// fault notes every Fault in err, or err itself against the object.
func (f *casefile) fault(object stix.ID, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			f.fault(object, e)
		}
		return
	}
	var fault Fault
	if !errors.As(err, &fault) {
		fault = Fault{Object: object, Problem: err.Error()}
	}
	f.faults = append(f.faults, fault)
}

// sortedFaults returns the faults in an order that does not depend on that of the objects.
func (f *casefile) sortedFaults() []Fault {
	slices.SortFunc(f.faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Object, b.Object), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Problem, b.Problem))
	})
	return slices.Compact(f.faults)
}

// name returns an actor's name, or its id where it has none, or "not named".
func (f *casefile) name(id stix.ID) string {
	if id == "" {
		return "not named"
	}
	return cmp.Or(f.names[id], string(id))
}
