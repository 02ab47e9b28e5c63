package release

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"

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
	const usual = 60 // bytes of a bundle for each leaf
	r := &reading{index: make(map[stix.ID]int), leaves: make([]leaf, 0, len(bundle)/usual)}
	limits := stix.Limits{Bytes: MaxBytes, ObjectBytes: 1 << 20, Objects: MaxObjects, Depth: maxDepth}
	id, err := stix.ReadBundle(bytes.NewReader(bundle), limits, r.add)
	if err != nil {
		return nil, fmt.Errorf("read tearline: %w", err)
	}
	r.id = id
	canonical, err := canonicalBundle(id, r.objects)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(canonical, bundle) {
		return nil, fmt.Errorf("read tearline: not in canonical form from byte %d on", firstDifference(canonical, bundle))
	}
	return r, nil
}

func (r *reading) add(o stix.Object) error {
	if _, twice := r.index[o.ID()]; twice {
		return fmt.Errorf("object %s stands in the bundle twice", o.ID())
	}
	n := len(r.objects)
	r.index[o.ID()] = n
	r.objects = append(r.objects, o)
	first := len(r.leaves)
	path := "$.objects[" + strconv.Itoa(n) + "]"
	for name, raw := range o.Properties() {
		value, err := decode(raw)
		if err != nil {
			return err
		}
		r.walk(n, o.Type(), path+"."+step(name), step(name), value)
	}
	published := tlpOf(o) != ""
	for i := first; i < len(r.leaves); i++ {
		r.leaves[i].published = published
		r.leaves[i].fixed = r.leaves[i].isFixed()
	}
	return nil
}

// walk lists the leaves of a value, in the order of their names.
func (r *reading) walk(object int, typ, path, name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for _, key := range sortedKeys(v) {
			r.walk(object, typ, path+"."+step(key), name+"."+step(key), v[key])
		}
		if len(v) == 0 {
			r.leaf(object, typ, path, name, "{}", false)
		}
	case []any:
		for i, item := range v {
			r.walk(object, typ, path+"["+strconv.Itoa(i)+"]", name+"[]", item)
		}
		if len(v) == 0 {
			r.leaf(object, typ, path, name, "[]", false)
		}
	case string:
		r.leaf(object, typ, path, name, v, true)
	default:
		r.leaf(object, typ, path, name, fmt.Sprint(v), false)
	}
}

func (r *reading) leaf(object int, typ, path, name, text string, isString bool) {
	r.leaves = append(r.leaves, leaf{path: path, object: object, typ: typ, name: name, text: text, string: isString})
}

// step writes a name as part of a path. One with signs of its own could pass for a path of the form.
func step(name string) string {
	if strings.ContainsAny(name, `.[]"`) {
		return strconv.Quote(name)
	}
	return name
}

// decode reads JSON with its numbers as they are written. Strings without escapes, which most values
// are, need no decoder.
func decode(data []byte) (any, error) {
	if last := len(data) - 1; last > 0 && data[0] == '"' && bytes.IndexByte(data, '\\') < 0 {
		return string(data[1:last]), nil
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("read property: %w", err)
	}
	return value, nil
}

// canonicalBundle writes a bundle in the one form that a tearline may have (RFC 8785): sorted names,
// no spaces, no needless escapes. Free choices of form would be a channel for hidden marks.
func canonicalBundle(id stix.ID, objects []stix.Object) ([]byte, error) {
	var b bytes.Buffer
	if err := stix.WriteBundle(&b, id, objects); err != nil {
		return nil, fmt.Errorf("write tearline: %w", err)
	}
	canonical, err := stix.Canonical(b.Bytes())
	if err != nil {
		return nil, fmt.Errorf("write tearline: %w", err)
	}
	return canonical, nil
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
