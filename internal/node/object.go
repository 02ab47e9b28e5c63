package node

import (
	"context"
	"strings"
	"unicode/utf8"

	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

// putObject keeps one object and the selectors that it holds. giver carries
// the origin and the permitted use; its other fields are filled in here.
// source is what the object came with, as a warning would name it; a note of
// our own comes with nothing.
func (n *Node) putObject(ctx context.Context, tx *store.Tx, o stix.Object, giver store.Object, source string) (added bool, found int, err error) {
	_, added, found, err = n.place(ctx, tx, o, giver, source)
	return added, found, err
}

// place is putObject, and gives the object's number too.
func (n *Node) place(ctx context.Context, tx *store.Tx, o stix.Object, giver store.Object, source string) (seq int64, added bool, found int, err error) {
	seq, added, err = tx.PutObject(ctx, n.rowOf(o, giver))
	if err != nil || !added {
		return seq, added, 0, err
	}
	findings := n.selectorsOf(o, seq, source)
	return seq, true, len(findings), tx.PutFindings(ctx, findings)
}

// rowOf is an object as the store keeps it.
func (n *Node) rowOf(o stix.Object, giver store.Object) store.Object {
	giver.UUID, giver.Type, giver.Revoked = o.ID().UUID(), o.Type(), o.Revoked()
	giver.Modified, giver.Body, giver.AddedAt = o.Modified().Time(), o.Bytes(), n.now()
	giver.Finer = momentOf(o.Modified()).finer()
	return giver
}

// selectorsOf finds the selectors in every text of an object.
func (n *Node) selectorsOf(o stix.Object, seq int64, source string) []store.Finding {
	return newSeeker(n.selectorOptions()).in(o, seq, source)
}

// seeker finds the selectors of many objects. It serves one goroutine.
type seeker struct {
	opt    selector.Options
	finder *selector.Finder
	seen   map[sighted]bool // in the object at hand
}

// sighted is a selector and the property that it stands in.
type sighted struct {
	selector selector.Selector
	path     string
}

func newSeeker(opt selector.Options) *seeker {
	return &seeker{opt, selector.NewFinder(opt), map[sighted]bool{}}
}

// in finds the selectors in every text of an object: that which an observable
// stands for, whose kind is sure, those that a pattern looks for, and those that
// stand in prose.
func (s *seeker) in(o stix.Object, seq int64, source string) []store.Finding {
	var all []store.Finding
	clear(s.seen)
	keep := func(path, raw, context string, sel selector.Selector) {
		if at := (sighted{sel, path}); !s.seen[at] {
			s.seen[at] = true
			all = append(all, store.Finding{Selector: sel, Object: seq, List: source, Place: string(o.ID()) + " " + path, Raw: raw, Context: context})
		}
	}
	var sure selector.Selector
	value, is := observed(o)
	if is {
		if sel, ok := value.read(s.opt); ok {
			sure = sel
			keep(value.path, value.text, value.text, sel)
		}
	}
	looksFor := patternOf(o)
	for _, login := range telegramLogins(looksFor) {
		if sel, err := selector.Parse(selector.Telegram, login, s.opt); err == nil {
			keep("pattern", login, login, sel)
		}
	}
	// Walk's own error cannot happen: the function given never fails.
	_ = o.Walk(func(path, text string) error {
		if !isProse(path) {
			return nil
		}
		texts := []prose{{text: text}}
		if path == "pattern" && looksFor != nil {
			texts = proseOf(looksFor, text)
		}
		for _, p := range texts {
			whole := p.before + p.text
			for _, hit := range s.finder.Find(p.text) {
				if path == value.path && isPartOf(sure, hit, p.text) {
					continue
				}
				keep(path, hit.Raw, around(whole, len(p.before)+hit.Start, len(p.before)+hit.End), hit.Selector)
			}
		}
		return nil
	})
	return all
}

// isPartOf tells whether a hit in the value of an observable is what the observable
// stands for, taken for another kind, or a part of it: "fb!@museum.example" is an
// address, and no account. A URL alone may hold others.
func isPartOf(sure selector.Selector, hit selector.Hit, value string) bool {
	if sure.Kind == selector.URL {
		return hit.Selector.Kind == selector.URL || hit.Raw == value
	}
	return sure.Kind != ""
}

// isProse leaves out properties that hold ids, types and times: a hash in an
// id is nobody's selector.
func isProse(path string) bool {
	last := path[strings.LastIndexByte(path, '.')+1:]
	if i := strings.IndexByte(last, '['); i >= 0 {
		last = last[:i]
	}
	switch last {
	case "id", "type", "spec_version", "created", "modified", "valid_from", "valid_until", "first_seen", "last_seen", "pattern_type":
		return false
	}
	return !strings.HasSuffix(last, "_ref") && !strings.HasSuffix(last, "_refs")
}

// around gives up to 60 characters on each side of a hit.
func around(text string, start, end int) string {
	const side = 60
	from, to := start, end
	for range side {
		_, before := utf8.DecodeLastRuneInString(text[:from])
		_, after := utf8.DecodeRuneInString(text[to:])
		from, to = from-before, to+after
	}
	return text[from:to]
}

func (n *Node) selectorOptions() selector.Options {
	return selector.Options{Region: n.Settings.Region}
}
