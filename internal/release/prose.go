package release

import (
	"fmt"

	"parley/selector"
)

// Prose is one text of a tearline as its author wrote it, and where selectors stand in it that may not show.
type Prose struct {
	Path      string `json:"path"` // JSON path in the bundle
	Text      string `json:"text"`
	Uncleared []Span `json:"uncleared"` // in the order of the text; they do not overlap
}

// Span is a part of a text, in bytes.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// ProseOf returns the texts of a tearline, for showing. The selectors that may show in them are those that the
// tearline carries as objects: a cleared one that a text names always is one.
func ProseOf(bundle []byte, region string) ([]Prose, error) {
	r, err := readBundle(bundle)
	if err != nil {
		return nil, fmt.Errorf("show tearline: %w", err)
	}
	s := prepare(Secrets{Cleared: r.carried(region), Region: region})
	finder := selector.NewFinder(selector.Options{Region: region})
	var all []Prose
	for i := range r.leaves {
		l := &r.leaves[i]
		if l.fixed || !l.string || forms[l.typ].observable || l.name == "pattern" {
			continue
		}
		p := Prose{Path: l.path(), Text: l.text, Uncleared: []Span{}}
		for _, hit := range finder.Find(l.text) {
			if last := len(p.Uncleared) - 1; s.cleared[hit.Selector] || last >= 0 && hit.Start < p.Uncleared[last].End {
				continue
			}
			p.Uncleared = append(p.Uncleared, Span{hit.Start, hit.End})
		}
		all = append(all, p)
	}
	return all, nil
}

// carried returns the selectors that a tearline shows as objects.
func (r *reading) carried(region string) []selector.Selector {
	var all []selector.Selector
	for _, o := range r.objects {
		known, ok := observableKinds[o.Type()]
		if !ok {
			continue
		}
		value, _ := o.String(known.paths[0])
		if found, err := selector.Parse(known.kind, value, selector.Options{Region: region}); err == nil {
			all = append(all, found)
		}
	}
	return all
}
