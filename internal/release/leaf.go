package release

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"parley/selector"
	"parley/stix"
)

// leaf is one value of an object that is neither a list nor an object. There are many, so what they have in
// common stands once beside them, and what the rules look at only where they look.
type leaf struct {
	*holder
	key    string // of the member that it is; see step
	index  int    // of the item that it is
	name   string // in the object, without positions, such as external_references[].description
	text   string // a string's value, or the literal of anything else
	string bool
	fixed  bool // a value of the closed form: an id, a time, a count or a word of a vocabulary
	*looked
}

// holder is the object or the list that leaves stand in.
type holder struct {
	*subject
	place  string // in the bundle, such as $.objects[3].external_references[0]
	inside string // how the names of what stands in it begin, or the one name of a list's items
	list   bool
}

// subject is the object of the bundle that leaves belong to.
type subject struct {
	object    int // position in the bundle
	typ       string
	published bool // a marking that OASIS published
}

// looked is what the rules look at in a value.
type looked struct {
	folded string         // text, folded
	spoken []string       // the words of folded
	parted []string       // the words of text where camelCase and figures are parted, or nil; see partedWords
	rest   string         // text without what may show, folded
	words  []string       // the words of rest
	signs  sign           // what stands in rest
	hits   []selector.Hit // selectors in text
	blank  string         // text without what may show

	disguised []selector.Hit // selectors in it once tricks are undone
}

// path returns where a value stands in the bundle, such as $.objects[3].external_references[0].description.
func (l *leaf) path() string { return l.at(l.key, l.index) }

// at returns the path of a member, or of an item.
func (h *holder) at(key string, index int) string {
	if h.list {
		return h.place + "[" + strconv.Itoa(index) + "]"
	}
	return h.place + "." + key
}

// leavesOf lists the leaves of the object at a position of the bundle, in the order in which they are written.
// The object is in canonical form.
func leavesOf(n int, o stix.Object) []leaf {
	const usual = 12 // leaves of an object
	s := &subject{object: n, typ: o.Type(), published: tlpOf(o) != ""}
	w := walk{json: string(o.Bytes()), leaves: make([]leaf, 0, usual)}
	w.members(&holder{subject: s, place: "$.objects[" + strconv.Itoa(n) + "]"})
	return w.leaves
}

// walk goes through the values of one canonical object: no white space, nothing out of place.
type walk struct {
	json   string
	at     int // what comes next
	leaves []leaf
}

// value lists the leaves of the value that comes next. A list or an object without any is one itself.
func (w *walk) value(l leaf) {
	switch begin := w.at; w.json[begin] {
	case '{', '[':
		if end := begin + 2; w.json[end-1] == '}' || w.json[end-1] == ']' {
			l.text, w.at = w.json[begin:end], end
			break
		}
		if inner := (&holder{subject: l.subject, place: l.path()}); w.json[begin] == '{' {
			inner.inside = l.name + "."
			w.members(inner)
		} else {
			inner.inside, inner.list = l.name+"[]", true
			w.items(inner)
		}
		return
	case '"':
		l.text, l.string = w.quoted(), true
	default:
		w.at += strings.IndexAny(w.json[begin:], ",]}")
		l.text = w.json[begin:w.at]
	}
	l.fixed = l.isFixed()
	w.leaves = append(w.leaves, l)
}

// members lists the leaves of the object that comes next.
func (w *walk) members(h *holder) {
	for w.at++; w.json[w.at-1] != '}'; w.at++ {
		key := step(w.quoted())
		w.at++ // the colon
		w.value(leaf{holder: h, key: key, name: h.inside + key})
	}
}

// items lists the leaves of the list that comes next, which all have the same name.
func (w *walk) items(h *holder) {
	w.at++
	for i := 0; w.json[w.at-1] != ']'; i++ {
		w.value(leaf{holder: h, index: i, name: h.inside})
		w.at++
	}
}

// quoted reads the string that comes next.
func (w *walk) quoted() string {
	begin, escaped := w.at, false
	for w.at++; w.json[w.at] != '"'; w.at++ {
		if w.json[w.at] == '\\' {
			escaped = true
			w.at++
		}
	}
	w.at++
	if !escaped {
		return w.json[begin+1 : w.at-1]
	}
	text, _ := jsontext.AppendUnquote(nil, w.json[begin:w.at]) // valid since the bundle was read
	return string(text)
}

// step writes a name as part of a path. One with signs of its own could pass for a path of the form.
func step(name string) string {
	if strings.ContainsAny(name, `.[]"`) {
		return strconv.Quote(name)
	}
	return name
}
