package release

import (
	"parley/selector"
	"parley/stix"
)

// observableKinds says which kind of selector an observable's value is, and where the value stands.
// The first path is the one that a tearline writes; the others are read.
var observableKinds = map[string]struct {
	kind  selector.Kind
	paths []string
}{
	"phone-number": {selector.Phone, []string{"value", "number"}},
	"email-addr":   {selector.Email, []string{"value"}},
	"url":          {selector.URL, []string{"value"}},
	"domain-name":  {selector.Domain, []string{"value"}},
	"user-account": {selector.Telegram, []string{"account_login", "user_id"}},
	"file":         {selector.SHA256, []string{"hashes.SHA-256"}},
}

// typeOfKind returns the observable that a kind of selector is written as.
func typeOfKind(kind selector.Kind) string {
	for typ, known := range observableKinds {
		if known.kind == kind {
			return typ
		}
	}
	return ""
}

// Extension gives the id of the extension definition by which an observable's type is known, for a
// type that STIX itself does not have.
func Extension(typ string) (id string, has bool) {
	id, has = newObservables[typ]
	return id, has
}

// selectorOf reads the selector that an observable shows.
func (b *build) selectorOf(o stix.Object) (selector.Selector, bool) {
	known := observableKinds[o.Type()]
	for _, path := range known.paths {
		raw, ok := o.String(path)
		if !ok {
			continue
		}
		if found, err := selector.Parse(known.kind, raw, selector.Options{Region: b.req.Region}); err == nil {
			return found, true
		}
	}
	return selector.Selector{}, false
}

// draftObservable writes an observable when its selector is cleared, once for each selector. Of the
// original object it takes nothing but that value.
func (b *build) draftObservable(o stix.Object) {
	found, ok := b.selectorOf(o)
	switch {
	case !ok:
		b.strip(o, StrippedObject, "", "no selector that could be cleared can be read in it")
		return
	case !b.cleared[found]:
		b.strip(o, StrippedObject, "", "its selector is not cleared")
		return
	}
	d := b.observableFor(found)
	if d == nil {
		b.strip(o, StrippedObject, "", "the policy does not allow its value")
		return
	}
	d.originals = append(d.originals, o.ID())
	b.byID[o.ID()] = d
	for name := range o.Properties() {
		if _, wrote := d.values[name]; !wrote && !isHead(name) {
			b.stripProperty(o, name)
		}
	}
}

// observableFor returns the one draft that shows a cleared selector, making it the first time. It
// returns nil where the policy does not allow it.
func (b *build) observableFor(s selector.Selector) *draft {
	if d, known := b.byValue[s]; known {
		return d
	}
	typ := typeOfKind(s.Kind)
	d := newDraft(typ, "")
	switch {
	case typ == "file" && b.req.Policy.allows(typ, "hashes"):
		d.values["hashes"] = map[string]string{"SHA-256": s.Value}
	case typ == "user-account" && b.req.Policy.allows(typ, "account_login"):
		d.values["account_login"] = s.Value
		d.values["account_type"] = "telegram"
	case typ != "" && b.req.Policy.allows(typ, "value"):
		d.values["value"] = s.Value
	default:
		return nil
	}
	if extension := newObservables[typ]; extension != "" {
		d.values["extensions"] = map[string]any{extension: map[string]string{"extension_type": "new-sco"}}
	}
	b.byValue[s] = d
	b.drafts = append(b.drafts, d)
	return d
}

// addFromText writes an observable for every cleared selector that the analyst's text names, so
// that the counterpart's watch list sees it.
func (b *build) addFromText() {
	for _, hit := range selector.Find(b.req.Text, selector.Options{Region: b.req.Region}) {
		if b.cleared[hit.Selector] {
			b.observableFor(hit.Selector)
		}
	}
}
