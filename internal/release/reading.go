package release

import (
	"bytes"
	"fmt"
	"slices"

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
	objects, err := canonical(r.objects)
	if err != nil {
		return nil, fmt.Errorf("read tearline: %w", err)
	}
	if written := frame(id, objects); !bytes.Equal(written, bundle) {
		return nil, fmt.Errorf("read tearline: not in canonical form from byte %d on", firstDifference(written, bundle))
	}
	r.id, r.objects = id, objects
	r.list()
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
func (r *reading) list() {
	leaves := make([][]leaf, len(r.objects))
	onAll(len(r.objects), func() func(int) {
		return func(i int) { leaves[i] = leavesOf(i, r.objects[i]) }
	})
	r.leaves = slices.Concat(leaves...)
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
