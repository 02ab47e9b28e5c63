package release

import (
	"strings"
	"testing"
)

func TestUUIDAtEndTakesOnlyAUUID(t *testing.T) {
	const id = "note--5c498aa4-1b88-41ad-b6d0-590cdd11dbc8"
	if _, ok := uuidAtEnd(id); !ok {
		t.Errorf("%s: no UUID at its end", id)
	}
	for _, other := range []string{"", "short", strings.Repeat("ab", 32), strings.Repeat("-", 40), strings.Repeat("g", 36)} {
		if _, ok := uuidAtEnd(other); ok {
			t.Errorf("%q: a UUID at its end", other)
		}
	}
}
