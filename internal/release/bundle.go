package release

import (
	"bytes"
	"fmt"

	"parley/stix"
)

// canonical writes objects in the one form that those of a tearline may have (RFC 8785): sorted names, no
// spaces, no needless escapes. Free choices of form would be a channel for hidden marks.
func canonical(objects []stix.Object) ([]stix.Object, error) {
	written, errs := make([]stix.Object, len(objects)), make([]error, len(objects))
	onAll(len(objects), func() func(int) {
		return func(i int) { written[i], errs[i] = objects[i].Canonical() }
	})
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("write objects[%d]: %w", i, err)
		}
	}
	return written, nil
}

// frame writes the canonical bundle of objects that are in canonical form.
func frame(id stix.ID, objects []stix.Object) []byte {
	size := 100
	for _, o := range objects {
		size += len(o.Bytes()) + 1
	}
	var b bytes.Buffer
	b.Grow(size)
	fmt.Fprintf(&b, `{"id":%q,`, string(id))
	if len(objects) > 0 {
		b.WriteString(`"objects":[`)
		for i, o := range objects {
			if i > 0 {
				b.WriteByte(',')
			}
			b.Write(o.Bytes())
		}
		b.WriteString(`],`)
	}
	b.WriteString(`"type":"bundle"}`)
	return b.Bytes()
}
