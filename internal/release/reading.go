package release

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"parley/selector"
	"parley/stix"
)

// The most that a tearline may be. A receiver refuses more, so [Build] makes no more.
const (
	MaxBytes   = 8 << 20
	MaxObjects = 5_000
	maxDepth   = 8
)

// reading is a bundle read from its bytes.
type reading struct {
	id      stix.ID
	objects []stix.Object
	index   map[stix.ID]int
	leaves  []leaf
	layers  []leaf // what is written in leaves in another form; see layersOf
}

// leaf is one value that is neither a list nor an object.
type leaf struct {
	path      string // in the bundle, such as $.objects[3].external_references[0].description
	object    int    // position in the bundle
	typ       string // the object's type
	name      string // in the object, without positions, such as external_references[].description
	text      string // a string's value, or the literal of anything else
	string    bool
	published bool // belongs to a marking that OASIS published
	fixed     bool // a value of the closed form: an id, a time, a count or a word of a vocabulary

	folded string         // text, folded
	spoken []string       // the words of folded
	rest   string         // text without what may show, folded
	words  []string       // the words of rest
	signs  sign           // what stands in rest
	hits   []selector.Hit // selectors in text
	blank  string         // text without what may show

	disguised []selector.Hit // selectors in it once tricks are undone
}

// read parses a bundle. What is not one canonical STIX bundle is a finding, and no reading.
func read(bundle []byte) (*reading, []Finding) {
	r, err := readBundle(bundle)
	if err != nil {
		return nil, []Finding{{
			Rule: "form", Path: "$", Excerpt: excerpt(err.Error()), Blocking: true,
			Reason: "The bytes are not one canonical tearline, so nothing else about them can be checked.",
			Fix:    "Build the tearline again; never edit its bytes.",
		}}
	}
	return r, nil
}

func readBundle(bundle []byte) (*reading, error) {
	if len(bundle) > MaxBytes {
		return nil, fmt.Errorf("read tearline: it has %d bytes and %d are the most; split it", len(bundle), MaxBytes)
	}
	r := &reading{index: make(map[stix.ID]int)}
	limits := stix.Limits{Bytes: MaxBytes, ObjectBytes: 1 << 20, Objects: MaxObjects, Depth: maxDepth}
	id, err := stix.ReadBundle(bytes.NewReader(bundle), limits, r.add)
	if err != nil {
		return nil, fmt.Errorf("read tearline: %w", err)
	}
	r.id = id
	objects, err := canonical(r.objects)
	if err != nil {
		return nil, fmt.Errorf("read tearline: %w", err)
	}
	if written := frame(id, objects); !bytes.Equal(written, bundle) {
		return nil, fmt.Errorf("read tearline: not in canonical form from byte %d on", firstDifference(written, bundle))
	}
	if err := r.list(); err != nil {
		return nil, fmt.Errorf("read tearline: %w", err)
	}
	return r, nil
}

func (r *reading) add(o stix.Object) error {
	if _, twice := r.index[o.ID()]; twice {
		return fmt.Errorf("object %s stands in the bundle twice", o.ID())
	}
	r.index[o.ID()] = len(r.objects)
	r.objects = append(r.objects, o)
	return nil
}

// list lists the leaves of all objects, in their order.
func (r *reading) list() error {
	leaves, errs := make([][]leaf, len(r.objects)), make([]error, len(r.objects))
	onAll(len(r.objects), func() func(int) {
		return func(i int) { leaves[i], errs[i] = leavesOf(i, r.objects[i]) }
	})
	r.leaves = slices.Concat(leaves...)
	return errors.Join(errs...)
}

// leavesOf lists the leaves of the object at a position of the bundle, in the order in which they are written.
func leavesOf(n int, o stix.Object) ([]leaf, error) {
	const usual = 16 // leaves of an object
	w := walk{
		object: n, typ: o.Type(), published: tlpOf(o) != "", leaves: make([]leaf, 0, usual),
		json: jsontext.NewDecoder(bytes.NewBuffer(o.Bytes())),
	}
	if err := w.members("$.objects["+strconv.Itoa(n)+"]", ""); err != nil {
		return nil, fmt.Errorf("objects[%d]: %w", n, err)
	}
	return w.leaves, nil
}

// walk goes through the values of one object.
type walk struct {
	object    int
	typ       string
	published bool
	leaves    []leaf
	json      *jsontext.Decoder
}

// value lists the leaves of the value that comes next. A list or an object without any is one itself.
func (w *walk) value(path, name string) error {
	before := len(w.leaves)
	switch kind := w.json.PeekKind(); kind {
	case '{':
		if err := w.members(path, name+"."); err != nil || len(w.leaves) > before {
			return err
		}
		w.leaf(path, name, "{}", false)
	case '[':
		if err := w.items(path, name+"[]"); err != nil || len(w.leaves) > before {
			return err
		}
		w.leaf(path, name, "[]", false)
	default:
		value, err := w.json.ReadToken()
		if err != nil {
			return err
		}
		w.leaf(path, name, value.String(), kind == '"')
	}
	return nil
}

// members lists the leaves of the object that comes next; inside is how the names of its members begin.
func (w *walk) members(path, inside string) error {
	if _, err := w.json.ReadToken(); err != nil {
		return err
	}
	for w.json.PeekKind() == '"' {
		member, err := w.json.ReadToken()
		if err != nil {
			return err
		}
		key := step(member.String())
		if err := w.value(path+"."+key, inside+key); err != nil {
			return err
		}
	}
	_, err := w.json.ReadToken()
	return err
}

// items lists the leaves of the list that comes next, which all have the same name.
func (w *walk) items(path, name string) error {
	if _, err := w.json.ReadToken(); err != nil {
		return err
	}
	for i := 0; w.json.PeekKind() != ']'; i++ {
		if err := w.value(path+"["+strconv.Itoa(i)+"]", name); err != nil {
			return err
		}
	}
	_, err := w.json.ReadToken()
	return err
}

func (w *walk) leaf(path, name, text string, isString bool) {
	l := leaf{path: path, object: w.object, typ: w.typ, name: name, text: text, string: isString, published: w.published}
	l.fixed = l.isFixed()
	w.leaves = append(w.leaves, l)
}

// step writes a name as part of a path. One with signs of its own could pass for a path of the form.
func step(name string) string {
	if strings.ContainsAny(name, `.[]"`) {
		return strconv.Quote(name)
	}
	return name
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
