package stream

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/store"
)

// Kinds of the messages of a stream.
const (
	KindChunk  = store.StreamChunk // number, end mark, bytes
	KindCredit = "stream.credit"   // credit alone, where no chunk carries it
	KindReset  = "stream.reset"    // reason
)

const (
	// MaxChunk is the most bytes of a chunk: with all that stands around them
	// they fill one parcel of 256 KiB.
	MaxChunk = 252 << 10
	// MaxReason is the longest reason of a reset, in characters.
	MaxReason = 1000

	runSize    = len(Run{})
	chunkHead  = runSize + 8 + 8 + 1
	creditSize = runSize + 8
)

// Run is the random number that both sides know a run by.
type Run [16]byte

// String is the number in hexadecimal.
func (r Run) String() string { return hex.EncodeToString(r[:]) }

// Message is a message of a stream.
type Message struct {
	Kind   string
	Run    Run
	Credit uint64 // chunk, credit: the receiver may send chunks below this number
	Number uint64 // chunk
	Last   bool   // chunk: the sender sends no more
	Data   []byte // chunk: at most MaxChunk bytes; none only in the last
	Reason string // reset
}

// Size is the length of a chunk's message, in bytes.
func Size(data []byte) int64 { return int64(chunkHead + len(data)) }

// Ours reports whether a kind is one of a stream's messages.
func Ours(kind string) bool { return strings.HasPrefix(kind, "stream.") }

// RunOf is the run that a message belongs to: all that is left of the body of
// one that was not admitted.
func RunOf(body []byte) (run Run, err error) {
	if len(body) < runSize {
		return run, fmt.Errorf("a message of a stream has %d bytes, and no run's number: %w", len(body), ErrFault)
	}
	return Run(body[:runSize]), nil
}

// encode gives a message's body.
func (m Message) encode() []byte {
	body := make([]byte, 0, chunkHead+len(m.Data)+len(m.Reason))
	body = append(body, m.Run[:]...)
	switch m.Kind {
	case KindReset:
		return append(body, m.Reason...)
	case KindCredit:
		return binary.BigEndian.AppendUint64(body, m.Credit)
	}
	body = binary.BigEndian.AppendUint64(body, m.Credit)
	body = binary.BigEndian.AppendUint64(body, m.Number)
	last := byte(0)
	if m.Last {
		last = 1
	}
	return append(append(body, last), m.Data...)
}

// Parse reads a message of a stream as a counterpart wrote it.
func Parse(kind string, body []byte) (Message, error) {
	run, err := RunOf(body)
	m := Message{Kind: kind, Run: run}
	if err != nil {
		return m, err
	}
	switch rest := body[runSize:]; kind {
	case KindChunk:
		err = m.parseChunk(body)
	case KindCredit:
		if len(body) != creditSize {
			return m, fmt.Errorf("credit of %d bytes, not %d: %w", len(body), creditSize, ErrFault)
		}
		m.Credit, err = number(rest, "credit")
	case KindReset:
		m.Reason, err = parseReason(rest)
	default:
		err = fmt.Errorf("no message of a stream is called %.60q", kind)
	}
	if err != nil {
		return m, fmt.Errorf("%w: %w", err, ErrFault)
	}
	return m, nil
}

func (m *Message) parseChunk(body []byte) (err error) {
	if len(body) < chunkHead || len(body) > chunkHead+MaxChunk {
		return fmt.Errorf("a chunk's message has %d bytes, not %d to %d", len(body), chunkHead, chunkHead+MaxChunk)
	}
	if m.Credit, err = number(body[runSize:], "credit"); err != nil {
		return err
	}
	if m.Number, err = number(body[runSize+8:], "number"); err != nil {
		return err
	}
	mark := body[chunkHead-1]
	if mark > 1 {
		return fmt.Errorf("chunk %d has the end mark %#02x, not 0 or 1", m.Number, mark)
	}
	m.Last, m.Data = mark == 1, body[chunkHead:]
	if len(m.Data) == 0 && !m.Last {
		return fmt.Errorf("chunk %d is empty and not the last", m.Number)
	}
	return nil
}

// maxNumber keeps every number far from where sums would overflow.
const maxNumber = 1 << 48

func number(b []byte, what string) (uint64, error) {
	n := binary.BigEndian.Uint64(b)
	if n > maxNumber {
		return 0, fmt.Errorf("the %s %d is out of range", what, n)
	}
	return n, nil
}

func parseReason(b []byte) (string, error) {
	reason := string(b)
	if !utf8.ValidString(reason) || utf8.RuneCountInString(reason) > MaxReason {
		return "", fmt.Errorf("a reason of %d bytes is not at most %d characters of UTF-8", len(b), MaxReason)
	}
	for _, r := range reason {
		if !unicode.IsPrint(r) {
			return "", errors.New("a reason has a character that cannot be shown")
		}
	}
	return reason, nil
}
