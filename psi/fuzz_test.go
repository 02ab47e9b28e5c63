package psi

import (
	"bytes"
	"io"
	"testing"

	"filippo.io/edwards25519"
)

// FuzzParse: whatever is accepted is written again byte for byte, so every
// message has one encoding, and has the length its header gives.
func FuzzParse(f *testing.F) {
	for _, data := range samples(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := Inspect(data)
		if err != nil {
			return
		}
		if h.Size() != len(data) {
			t.Fatalf("%+v is accepted with %d bytes", h, len(data))
		}
		m, err := parse(h.Kind, data, MaxItems)
		if err == nil && !bytes.Equal(m.marshal(), data) {
			t.Fatalf("written again differently: %x", data)
		}
	})
}

// FuzzElement: an element is refused or has this encoding only.
func FuzzElement(f *testing.F) {
	g := encode(edwards25519.NewGeneratorPoint())
	f.Add(g[:])
	f.Add(make([]byte, elementSize))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) != elementSize {
			return
		}
		p, err := element(data).decode()
		if err != nil {
			return
		}
		if again := encode(p); again != element(data) || again == (element{}) {
			t.Fatalf("%x decodes and is written as %x", data, again)
		}
	})
}

// FuzzAnswer: count queries from anyone get an error or a sound answer.
func FuzzAnswer(f *testing.F) {
	f.Add(samples(f)[KindCountQuery])
	items := numbered("item", 2)
	f.Fuzz(func(t *testing.T, query []byte) {
		if answer, err := mustCount(t, 3, items).Answer(query, 4); err == nil {
			must(parse(KindCountAnswer, answer, 4))(t)
		}
	})
}

// FuzzConclude: answers to a count from anyone give an error or a result within
// bounds.
func FuzzConclude(f *testing.F) {
	f.Add(samples(f)[KindCountAnswer])
	count := mustCount(f, 1, numbered("item", 3))
	f.Fuzz(func(t *testing.T, answer []byte) {
		if n, err := count.Count(answer); err == nil && (n < 0 || n > 3) {
			t.Fatalf("a count of %d of 3 items", n)
		}
	})
}

// FuzzFrame: no frame takes more memory than it has bytes, and only what is
// due is accepted.
func FuzzFrame(f *testing.F) {
	var sent bytes.Buffer
	w := wire{rw: &sent}
	if err := w.write(frameOverlap, make([]byte, 40)); err != nil {
		f.Fatal(err)
	}
	f.Add(sent.Bytes())
	f.Add([]byte{1, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		w := wire{rw: struct {
			io.Reader
			io.Writer
		}{bytes.NewReader(data), io.Discard}, max: 5, own: 5, message: 100}
		kind, payload, err := w.read(frameKind(KindCountQuery), frameOverlap, frameStop)
		if err == nil && (len(payload)+frameHeader > len(data) || int64(len(payload)) > w.limit(kind)) {
			t.Fatalf("%d bytes give a %v of %d", len(data), kind, len(payload))
		}
	})
}
