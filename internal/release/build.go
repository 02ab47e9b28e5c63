package release

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"parley/selector"
	"parley/stix"
)

// Build makes a tearline of a report. It copies no object: for each object of an allowed type it
// writes a new one, from the properties that the policy names, with a new random id, coarse times and
// places, references to new ids, and the two markings. The order of the objects is the order of
// their random ids. Two builds with the same Rand and Now are the same to the byte.
//
// The error says what to mend: the policy, the request, or too many objects. A report object that
// cannot be released is no error; it is in Stripped, with the reason.
func Build(report []stix.Object, req Request, env Env) (Tearline, error) {
	if err := req.validate(); err != nil {
		return Tearline{}, fmt.Errorf("build tearline: %w", err)
	}
	b := newBuild(req, env)
	b.draft(report)
	b.addFromText()
	if err := b.addPictures(); err != nil {
		return Tearline{}, fmt.Errorf("build tearline: %w", err)
	}
	b.prune()
	t, err := b.finish()
	if err != nil {
		return Tearline{}, fmt.Errorf("build tearline: %w", err)
	}
	return t, nil
}

// build is one tearline while it is made.
type build struct {
	req      Request
	env      Env
	cleared  map[selector.Selector]bool
	drafts   []*draft
	byID     map[stix.ID]*draft           // original id → draft
	byValue  map[selector.Selector]*draft // observables, so that one selector is one object
	report   *draft
	stripped []Stripped
}

// draft is a new object before the new ids are known.
type draft struct {
	typ       string
	id        stix.ID              // new
	originals []stix.ID            // what it was made from; none for what Build adds
	values    map[string]any       // properties that are written
	refs      map[string][]stix.ID // references, to original ids
	lists     map[string]bool      // which of refs are lists
	gone      bool                 // stays behind after all
	reason    string               // why it is gone
}

func newBuild(req Request, env Env) *build {
	b := &build{
		req: req, env: env,
		cleared: clearedSet(req.Cleared),
		byID:    make(map[stix.ID]*draft),
		byValue: make(map[selector.Selector]*draft),
	}
	b.report = newDraft("report", "")
	b.drafts = append(b.drafts, b.report)
	return b
}

func newDraft(typ string, original stix.ID) *draft {
	d := &draft{typ: typ, values: map[string]any{}, refs: map[string][]stix.ID{}, lists: map[string]bool{}}
	if original != "" {
		d.originals = []stix.ID{original}
	}
	return d
}

// strip records that something stays behind.
func (b *build) strip(o stix.Object, kind StrippedKind, path, reason string) {
	b.stripped = append(b.stripped, Stripped{OriginalID: o.ID(), Type: o.Type(), Path: path, Reason: reason, Kind: kind})
}

// draft goes through the report, the latest version of each object only.
func (b *build) draft(report []stix.Object) {
	latest := make(map[stix.ID]int, len(report))
	authors := make(map[stix.ID]bool)
	for i, o := range report {
		authors[o.CreatedByRef()] = true
		if at, known := latest[o.ID()]; !known || stix.Newer(o, report[at]) > 0 {
			latest[o.ID()] = i
		}
	}
	for i, o := range report {
		switch {
		case latest[o.ID()] != i:
			b.strip(o, StrippedObject, "", "a newer version of it is in the report")
		case !b.req.Policy.allowsType(o.Type()):
			b.strip(o, StrippedObject, "", "the policy allows no "+o.Type())
		case slices.Contains(b.req.Withhold, o.ID()):
			b.strip(o, StrippedObject, "", "the analyst withholds it")
		case authors[o.ID()]:
			b.strip(o, StrippedObject, "", "it is who wrote the report")
		case o.Revoked():
			b.strip(o, StrippedObject, "", "it is revoked")
		default:
			b.draftObject(o)
		}
	}
}

func (b *build) draftObject(o stix.Object) {
	switch {
	case o.Type() == "report":
		b.byID[o.ID()] = b.report
		b.report.originals = append(b.report.originals, o.ID())
		b.writeProperties(b.report, o)
	case forms[o.Type()].observable:
		b.draftObservable(o)
	default:
		d := newDraft(o.Type(), o.ID())
		if missing := b.writeProperties(d, o); missing != "" {
			b.strip(o, StrippedObject, "", "without "+missing+" it cannot be written")
			return
		}
		b.drafts = append(b.drafts, d)
		b.byID[o.ID()] = d
	}
}

// prune drops the objects that refer only to what stays behind, until none is left, and then the
// people, organisations and places that nothing released is about: in a report those are its sources.
func (b *build) prune() {
	for changed := true; changed; {
		changed = false
		for _, d := range b.drafts {
			if !d.gone && b.lacksReference(d) {
				d.gone, d.reason, changed = true, "what it refers to stays here", true
			}
		}
	}
	spokenOf := b.spokenOf()
	for _, d := range b.drafts {
		if (d.typ == "identity" || d.typ == "location") && !spokenOf[d] {
			d.gone, d.reason = true, "nothing that is released is about it, so it may be a source"
		}
	}
}

// spokenOf returns the drafts that another draft refers to.
func (b *build) spokenOf() map[*draft]bool {
	spoken := make(map[*draft]bool)
	for _, d := range b.drafts {
		if d.gone {
			continue
		}
		for _, targets := range d.refs {
			for _, target := range targets {
				spoken[b.byID[target]] = true
			}
		}
	}
	return spoken
}

// lacksReference says whether a required reference has nothing left to point to.
func (b *build) lacksReference(d *draft) bool {
	for name, p := range forms[d.typ].properties {
		isRef := p.manner == asReference || p.manner == asReferences
		if isRef && p.required && !slices.ContainsFunc(d.refs[name], b.stays) {
			return true
		}
	}
	return false
}

// stays says whether an original object has a new one in the tearline.
func (b *build) stays(original stix.ID) bool {
	d, known := b.byID[original]
	return known && !d.gone
}

// finish gives out the new ids and writes the bundle.
func (b *build) finish() (Tearline, error) {
	b.recordLosses()
	b.drafts = slices.DeleteFunc(b.drafts, func(d *draft) bool { return d.gone })
	for _, d := range b.drafts {
		id, err := stix.NewID(d.typ, b.env.Rand)
		if err != nil {
			return Tearline{}, err
		}
		d.id = id
	}
	objects, err := b.objects()
	if err != nil {
		return Tearline{}, err
	}
	if most := b.req.Policy.MaxObjects; len(objects) > most {
		return Tearline{}, fmt.Errorf("it would have %d objects and policy %q allows %d; release less at once", len(objects), b.req.Policy.Name, most)
	}
	return b.seal(objects)
}

// recordLosses records objects and references that stay behind because of what they refer to.
func (b *build) recordLosses() {
	for _, d := range b.drafts {
		for _, original := range d.originals {
			if d.gone {
				b.stripped = append(b.stripped, Stripped{
					OriginalID: original, Type: d.typ, Kind: StrippedObject, Reason: d.reason,
				})
				continue
			}
			for name, targets := range d.refs {
				if !slices.ContainsFunc(targets, func(id stix.ID) bool { return !b.stays(id) }) {
					continue
				}
				b.stripped = append(b.stripped, Stripped{
					OriginalID: original, Type: d.typ, Path: name, Kind: StrippedValue,
					Reason: "some of what it refers to stays here",
				})
			}
		}
	}
}

// seal sorts and writes.
func (b *build) seal(objects []stix.Object) (Tearline, error) {
	slices.SortFunc(objects, byID)
	id, err := stix.NewID("bundle", b.env.Rand)
	if err != nil {
		return Tearline{}, err
	}
	if objects, err = canonical(objects); err != nil {
		return Tearline{}, err
	}
	bundle := frame(id, objects)
	if len(bundle) > MaxBytes {
		return Tearline{}, fmt.Errorf("it would have %d bytes and %d are the most; release less at once", len(bundle), MaxBytes)
	}
	t := Tearline{Bundle: bundle, Objects: objects, Map: make(map[stix.ID]stix.ID), Digest: sha256.Sum256(bundle)}
	for _, d := range b.drafts {
		for _, original := range d.originals {
			t.Map[original] = d.id
		}
	}
	t.Stripped = sortStripped(b.stripped, t.Map)
	return t, nil
}
