package node

import (
	"bytes"
	"fmt"
	"testing"

	"parley/selector"
	"parley/stix"
)

// bundle writes objects, each as JSON, into one STIX bundle.
func bundle(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString(`{"type":"bundle","id":"bundle--2f1cf3a2-6dd7-4c0a-9a0e-0d4b6f1f5b10","objects":[`)
	for i, o := range objects {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(o)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

// numbered makes ids that differ in their last digits.
func numbered(typ string, i int) stix.ID {
	return stix.ID(fmt.Sprintf("%s--7b0e4d5c-52f1-4c1e-8f0a-%012d", typ, i))
}

// noteObject and reportObject write the two objects that most tests need.
func noteObject(i int, value string) string {
	return fmt.Sprintf(`{"type":"note","spec_version":"2.1","id":%q,"created":"2026-09-01T10:00:00.000Z","modified":"2026-09-01T10:00:00.000Z",`+
		`"content":"seen with %s","object_refs":[%q]}`, numbered("note", i), value, numbered("report", 1))
}

func reportObject(i int, text string, refs ...stix.ID) string {
	list := ""
	for k, r := range append(refs, numbered("note", 0)) {
		if k > 0 {
			list += ","
		}
		list += fmt.Sprintf("%q", r)
	}
	return fmt.Sprintf(`{"type":"report","spec_version":"2.1","id":%q,"created":"2026-09-01T10:00:00.000Z","modified":"2026-09-01T10:00:00.000Z",`+
		`"name":"what we know","description":%q,"published":"2026-09-01T10:00:00.000Z","object_refs":[%s]}`, numbered("report", i), text, list)
}

// imported brings a bundle into a node.
func imported(t testing.TB, n *Node, name string, objects ...string) Imported {
	t.Helper()
	sum, err := n.ImportBundle(t.Context(), name, bytes.NewReader(bundle(objects...)))
	must(t, err)
	return sum
}

// phone is a telephone number in normal form.
func phone(last int) selector.Selector {
	return selector.Selector{Kind: selector.Phone, Value: fmt.Sprintf("+1202555%04d", last)}
}
