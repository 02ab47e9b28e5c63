package release

import (
	"encoding/base64"
	"fmt"
	"slices"

	"golang.org/x/text/unicode/norm"

	"parley/stix"
)

// objects builds the new objects, the two markings and the author.
func (b *build) objects() ([]stix.Object, error) {
	label, err := b.req.TLP.marking()
	if err != nil {
		return nil, err
	}
	use, err := b.useMarking()
	if err != nil {
		return nil, err
	}
	marks := []stix.ID{label.ID(), use.ID()}
	slices.Sort(marks)
	b.writeReport(use.ID())
	objects, err := b.released(marks)
	if err != nil {
		return nil, err
	}
	objects = append(objects, label, use)
	if b.req.Author.ID == "" {
		return objects, nil
	}
	author, err := b.author()
	if err != nil {
		return nil, err
	}
	return append(objects, author), nil
}

// released builds an object of each draft, on all processors: each only reads what the others read.
func (b *build) released(marks []stix.ID) ([]stix.Object, error) {
	objects, errs := make([]stix.Object, len(b.drafts)), make([]error, len(b.drafts))
	today := b.today()
	onAll(len(b.drafts), func() func(int) {
		return func(i int) { objects[i], errs[i] = b.object(b.drafts[i], today, marks) }
	})
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("write the %s made from %v: %w", b.drafts[i].typ, b.drafts[i].originals, err)
		}
	}
	return objects, nil
}

func (b *build) useMarking() (stix.Object, error) {
	id, err := stix.NewID("marking-definition", b.env.Rand)
	if err != nil {
		return stix.Object{}, err
	}
	return stix.New("marking-definition").ID(id).Created(b.today()).
		Set("definition_type", "statement").
		Set("definition", map[string]string{"statement": b.req.PermittedUse.Statement()}).
		Build()
}

// today is the time that new objects carry: a tearline does not say in which minute it was made.
func (b *build) today() stix.Timestamp { return stamp(b.req.Policy.TimeGrain.Floor(b.env.Now)) }

// writeReport fills in the one report of the tearline.
func (b *build) writeReport(use stix.ID) {
	values := b.report.values
	values["name"] = norm.NFC.String(b.req.title())
	values["description"] = norm.NFC.String(b.req.Text)
	values["published"] = b.today()
	if labels := b.req.Grade.labels(); labels != nil {
		values["labels"] = labels
	}
	if confidence, ok := b.req.Grade.confidence(); ok {
		values["confidence"] = confidence
	}
	if b.req.SourceDescriptor != "" {
		values["external_references"] = []map[string]string{{
			"source_name": descriptorName, "description": norm.NFC.String(b.req.SourceDescriptor),
		}}
	}
	var refs []stix.ID
	for _, d := range b.drafts {
		if d != b.report {
			refs = append(refs, d.id)
		}
	}
	if len(refs) == 0 { // STIX knows no report about nothing: text alone is about its own permitted use
		refs = []stix.ID{use}
	}
	slices.Sort(refs)
	values["object_refs"] = refs
}

// object builds one new object from its draft.
func (b *build) object(d *draft, today stix.Timestamp, marks []stix.ID) (stix.Object, error) {
	builder := stix.New(d.typ).ID(d.id).Set("object_marking_refs", marks)
	if !forms[d.typ].observable {
		builder.Created(today)
		if b.req.Author.ID != "" {
			builder.Set("created_by_ref", b.req.Author.ID)
		}
	}
	for name, value := range d.values {
		builder.Set(name, value)
	}
	for name, originals := range d.refs {
		refs := b.newIDs(originals)
		switch {
		case len(refs) == 0:
		case d.lists[name]:
			builder.Set(name, refs)
		default:
			builder.Set(name, refs[0])
		}
	}
	return builder.BuildCanonical()
}

// newIDs turns original references into new ones, sorted, without what stays behind.
func (b *build) newIDs(originals []stix.ID) []stix.ID {
	var refs []stix.ID
	for _, original := range originals {
		if b.stays(original) {
			refs = append(refs, b.byID[original].id)
		}
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}

// author builds the pseudonym that the counterpart knows us by. It is the same in every tearline for
// that counterpart, to the byte: one version of an object has one content. So it carries no markings,
// which differ from one tearline to the next; it says nothing that needs any.
func (b *build) author() (stix.Object, error) {
	since := stamp(b.req.Policy.TimeGrain.Floor(b.req.Author.Since))
	return stix.New("identity").ID(b.req.Author.ID).Created(since).
		Set("name", withheld).
		Build()
}

// addPictures draws the pictures anew that go with the tearline.
func (b *build) addPictures() error {
	for i, p := range b.req.Pictures {
		drawn, err := redraw(p.File)
		if err != nil {
			return fmt.Errorf("attach picture %d: %w: %w", i+1, ErrPicture, err)
		}
		d := newDraft("artifact", "")
		d.values["mime_type"] = drawn.mime
		d.values["payload_bin"] = base64.StdEncoding.EncodeToString(drawn.data)
		b.drafts = append(b.drafts, d)
	}
	return nil
}
