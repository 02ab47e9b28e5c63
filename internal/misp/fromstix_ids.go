package misp

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"parley/stix"
)

// ErrNoKey is returned by [FromSTIX] where [Options].Key is needed and is missing or short.
var ErrNoKey = errors.New("an id is not random, so that what it was made of could be guessed from it; say in Options.Key what to make another of, at least 16 secret bytes")

// shortestKey is the least that makes guessing a key as hard as guessing a UUID.
const shortestKey = 16

// uuid gives the UUID in MISP of an object that did not come from there. One that is random stays. Any
// other leads back to a value, a machine or a clock; and MISP takes none of a version above 5. It is
// replaced by one that the key alone links to it, and that looks as random as the others.
func (m *reverse) uuid(id stix.ID) string {
	u := id.UUID()
	if u.Version() == 4 {
		return u.String()
	}
	if len(m.opt.Key) < shortestKey {
		if m.err == nil {
			m.err = fmt.Errorf("turn STIX into a MISP event: %s: %w", id, ErrNoKey)
		}
		return ""
	}
	mac := hmac.New(sha256.New, m.opt.Key)
	mac.Write([]byte("parley misp uuid " + u.String()))
	copy(u[:], mac.Sum(nil))
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	return uuid.UUID(u).String()
}
