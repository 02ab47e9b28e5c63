package psi

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

// samples are one honest message of each kind: 3 elements, 2 tags.
func samples(t testing.TB) map[Kind][]byte {
	ca, cb := mustCount(t, 1, numbered("item", 3)), mustCount(t, 2, numbered("item", 2))
	return map[Kind][]byte{
		KindCountQuery:  ca.Query(),
		KindCountAnswer: must(cb.Answer(ca.Query(), 3))(t),
	}
}

func TestMessagesHaveTheDocumentedLengths(t *testing.T) {
	want := map[Kind]int{
		KindCountQuery:  32 + 3*32,
		KindCountAnswer: 32 + 3*32 + 2*12,
	}
	for kind, data := range samples(t) {
		if len(data) != want[kind] {
			t.Errorf("a %v has %d bytes, documented are %d", kind, len(data), want[kind])
		}
		h := must(Inspect(data))(t)
		if h.Kind != kind || h.Elements != 3 || h.Size() != len(data) {
			t.Errorf("a %v is read as %+v", kind, h)
		}
		if !bytes.Equal(must(parse(kind, data, 3))(t).marshal(), data) {
			t.Errorf("a %v is written again differently", kind)
		}
	}
}

func TestMalformedMessages(t *testing.T) {
	put := func(at int, b ...byte) func([]byte) []byte {
		return func(d []byte) []byte { copy(d[at:], b); return d }
	}
	cases := []struct {
		name   string
		kind   Kind
		change func([]byte) []byte
		where  string
	}{
		{"empty", KindCountQuery, func([]byte) []byte { return nil }, "0 bytes are less than a header"},
		{"only a header", KindCountQuery, func(d []byte) []byte { return d[:32] }, "it has 32 bytes, not 128"},
		{"half a header", KindCountQuery, func(d []byte) []byte { return d[:31] }, "31 bytes are less than a header of 32"},
		{"truncated", KindCountAnswer, func(d []byte) []byte { return d[:len(d)-1] }, "it has 151 bytes, not 152"},
		{"trailing byte", KindCountAnswer, func(d []byte) []byte { return append(d, 0) }, "it has 153 bytes, not 152"},
		{"magic", KindCountQuery, put(0, 'p'), `byte 0: it does not begin with "PPSI"`},
		{"version", KindCountQuery, put(4, 2), "byte 4: version 2, this program speaks 1"},
		{"kind", KindCountQuery, put(5, 9), "byte 5: unknown message of kind 9"},
		{"no kind", KindCountQuery, put(5, 0), "byte 5: unknown message of kind 0"},
		{"another kind", KindCountAnswer, func(d []byte) []byte { return put(12, 0, 0, 0, 0)(put(5, byte(KindCountQuery))(d[:128])) }, "count query came, count answer is due"},
		{"kind of an older program", KindCountQuery, put(5, 3), "byte 5: unknown message of kind 3"},
		{"reserved", KindCountQuery, put(7, 1), "byte 6: the reserved bytes"},
		{"no elements", KindCountQuery, put(8, 0, 0, 0, 0), "byte 8: 0 elements"},
		{"too many elements", KindCountQuery, put(8, 0, 0x10, 0, 1), "byte 8: 1048577 elements"},
		{"4 billion elements", KindCountQuery, put(8, 0xff, 0xff, 0xff, 0xff), "byte 8: 4294967295 elements"},
		{"too many tags", KindCountAnswer, put(12, 0, 0x10, 0, 1), "1048577 tags"},
		{"tags in a query", KindCountQuery, put(15, 1), "byte 12: count query with 1 tags"},
		{"no tags in an answer", KindCountAnswer, put(15, 0), "byte 12: count answer with 0 tags"},
		{"tag repeated", KindCountAnswer, func(d []byte) []byte { copy(d[140:], d[128:140]); return d }, "tag 1 is not above the one before it"},
		{"largest, unsent", KindCountAnswer, put(8, 0, 0x10, 0, 0), "it has 152 bytes, not 33554488"},
	}
	all := samples(t)
	for _, c := range cases {
		_, err := parse(c.kind, c.change(bytes.Clone(all[c.kind])), MaxItems)
		if !errors.Is(err, ErrMessage) || !strings.Contains(err.Error(), c.where) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.where)
		}
	}
}

// Errors reach logs and the counterpart: no item may be in them.
func TestErrorsNameNoItem(t *testing.T) {
	secret := []byte("phone:+12025550147")
	_, err := NewCountParty(testSeed(1), [][]byte{secret, []byte("x"), secret})
	if err == nil || strings.Contains(err.Error(), "2025550147") {
		t.Errorf("got %v", err)
	}
}

func TestTagsFindWhatIsThere(t *testing.T) {
	var tags []tag
	for i := range 1000 {
		var v tag
		binary.BigEndian.PutUint32(v[4:], uint32(2*i))
		tags = append(tags, v)
	}
	for i := range 2000 {
		var v tag
		binary.BigEndian.PutUint32(v[4:], uint32(i))
		if hasTag(tags, v) != (i%2 == 0) {
			t.Errorf("tag %d: found %v", i, i%2 != 0)
		}
	}
}
