package stix

import (
	"bufio"
	"fmt"
	"io"
)

// WriteBundle writes a bundle whose objects are byte for byte the ones given, one to a line. A
// bundle without objects is written without the property, since STIX has no empty lists. A bundle has
// no meaning of its own; it is a box to send objects in (section 8).
func WriteBundle(w io.Writer, id ID, objects []Object) error {
	if parsed, err := ParseID(string(id)); err != nil || parsed.Type() != "bundle" {
		return fmt.Errorf("write bundle: %s must be an id such as bundle--…; make one with NewID", shown(string(id)))
	}
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, `{"type":"bundle","id":%q`, string(id))
	separator := `,"objects":[` + "\n"
	for i, o := range objects {
		if o.IsZero() {
			return fmt.Errorf("write bundle %s: objects[%d] is empty", id, i)
		}
		out.WriteString(separator)
		out.Write(o.raw)
		separator = ",\n"
	}
	if len(objects) > 0 {
		out.WriteString("\n]")
	}
	out.WriteString("}\n")
	if err := out.Flush(); err != nil { // keeps the first error of any write above
		return fmt.Errorf("write bundle %s: %w", id, err)
	}
	return nil
}
