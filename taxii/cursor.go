package taxii

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// A cursor is where a page ended, and a seal over that place and the request's filters. A server
// keeps nothing about it: it can be used twice, by another server with the same key, or years later.
//
//	version 1 | microseconds since 1970, 8 bytes | HMAC-SHA-256 cut to 16 bytes
const (
	cursorVersion = 1
	cursorPlace   = 1 + 8
	cursorSeal    = 16
)

// CursorKeySize is how many bytes a cursor key has.
const CursorKeySize = 32

// cursors seals and opens cursors.
type cursors struct{ key []byte }

// seal makes the cursor of a page that ended at the given moment.
func (c cursors) seal(at time.Time, scope string) string {
	cursor := make([]byte, 0, cursorPlace+cursorSeal)
	cursor = append(cursor, cursorVersion)
	cursor = binary.BigEndian.AppendUint64(cursor, uint64(at.UnixMicro()))
	cursor = append(cursor, c.sealOf(cursor, scope)...)
	return base64.RawURLEncoding.EncodeToString(cursor)
}

// open gives the moment, or false if the cursor is not ours or belongs to another request.
func (c cursors) open(cursor, scope string) (time.Time, bool) {
	data, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(data) != cursorPlace+cursorSeal || data[0] != cursorVersion {
		return time.Time{}, false
	}
	if !hmac.Equal(data[cursorPlace:], c.sealOf(data[:cursorPlace], scope)) {
		return time.Time{}, false
	}
	return time.UnixMicro(int64(binary.BigEndian.Uint64(data[1:cursorPlace]))).UTC(), true
}

func (c cursors) sealOf(place []byte, scope string) []byte {
	mac := hmac.New(sha256.New, c.key)
	mac.Write(place)
	mac.Write([]byte(scope))
	return mac.Sum(nil)[:cursorSeal]
}
