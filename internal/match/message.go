package match

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Kinds of the messages of a match, in the order of a run. I is the side that
// proposed, J the side that accepted.
const (
	KindPropose     = "match.propose"      // I→J terms, public key
	KindAccept      = "match.accept"       // J→I hash of the terms, public key
	KindDecline     = "match.decline"      // J→I reason
	KindCountBegin  = "match.count.begin"  // I→J, where J alone learns
	KindCountQuery  = "match.count.query"  // I→J query; J→I where J alone learns
	KindCountReply  = "match.count.reply"  // J→I answer, query, where both learn
	KindCountAnswer = "match.count.answer" // I→J answer; J→I where I alone learns
	KindAbort       = "match.abort"        // either reason
)

// KindOverlap is what the ledger calls the overlap, which is no message but the
// run's stream.
const KindOverlap = "match.overlap"

// maxPart bounds one part of a message.
const maxPart = 48 << 20

// A message's body is the run's 16 bytes, then each part behind its length in
// four bytes, big-endian.
func encodeMessage(run RunID, parts ...[]byte) []byte {
	body := append([]byte(nil), run[:]...)
	for _, p := range parts {
		body = binary.BigEndian.AppendUint32(body, uint32(len(p)))
		body = append(body, p...)
	}
	return body
}

// decodeMessage splits a body into the run and exactly n parts.
func decodeMessage(body []byte, n int) (RunID, [][]byte, error) {
	var run RunID
	if len(body) < len(run) {
		return run, nil, errors.New("message is shorter than a run's number")
	}
	copy(run[:], body)
	rest := body[len(run):]
	parts := make([][]byte, 0, n)
	for i := range n {
		if len(rest) < 4 {
			return run, nil, fmt.Errorf("part %d of the message is missing", i)
		}
		size := binary.BigEndian.Uint32(rest)
		rest = rest[4:]
		if size > maxPart || int(size) > len(rest) {
			return run, nil, fmt.Errorf("part %d of the message says %d bytes, %d are there", i, size, len(rest))
		}
		parts = append(parts, rest[:size:size])
		rest = rest[size:]
	}
	if len(rest) != 0 {
		return run, nil, fmt.Errorf("%d bytes stand after the last part of the message", len(rest))
	}
	return run, parts, nil
}
