package stream

import (
	"bytes"
	"errors"
	"testing"
)

// FuzzParse: whatever a counterpart writes is refused or is what we would write.
func FuzzParse(f *testing.F) {
	for _, l := range []letter{chunkBody(1, 2, true, "data"), creditBody(9), resetBody("why"), {kind: "stream.jump"}} {
		f.Add(l.kind, l.body)
	}
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		m, err := Parse(kind, body)
		if err != nil {
			if !errors.Is(err, ErrFault) {
				t.Errorf("refused with %v", err)
			}
			return
		}
		if again := m.encode(); !bytes.Equal(again, body) {
			t.Errorf("%x was read and written as %x", body, again)
		}
	})
}
