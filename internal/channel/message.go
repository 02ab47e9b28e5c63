package channel

import "fmt"

const (
	// MaxMessage is the longest body of a message, in bytes.
	MaxMessage = 64 << 20
	// MaxKind is the longest kind of a message, in bytes.
	MaxKind = 64
)

// Message is what one node says to another.
type Message struct {
	Kind string // lower-case ASCII letters, digits and -._/ ; at most MaxKind bytes, not empty
	Body []byte // at most MaxMessage bytes
}

func checkKind(kind string) error {
	if kind == "" || len(kind) > MaxKind {
		return fmt.Errorf("a message's kind has %d bytes, want 1 to %d", len(kind), MaxKind)
	}
	for i := range len(kind) {
		c := kind[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' && c != '_' && c != '/' {
			return fmt.Errorf("a message's kind has the byte %#02x at %d, want a-z, 0-9, '-', '.', '_' or '/'", c, i)
		}
	}
	return nil
}

// assembly is how far the message being received has come. Before its first fragment, kind is empty.
type assembly struct {
	message       uint64
	kind          string
	total, offset int64
}

// accept refuses a fragment that does not continue exactly where the last one ended.
func (a *assembly) accept(f *Fragment) error {
	switch {
	case f.Message != a.message:
		return fmt.Errorf("a fragment of message %d came where message %d was due", f.Message, a.message)
	case f.Offset != a.offset:
		return fmt.Errorf("message %d went on at byte %d where byte %d was due", f.Message, f.Offset, a.offset)
	case a.offset > 0 && (f.Total != a.total || f.Kind != a.kind):
		return fmt.Errorf("message %d was %q of %d bytes and became %q of %d", f.Message, a.kind, a.total, f.Kind, f.Total)
	case f.Message >= maxNumber:
		return fmt.Errorf("message number %d is out of range", f.Message)
	}
	if f.Last {
		*a = assembly{message: f.Message + 1}
		return nil
	}
	*a = assembly{message: f.Message, kind: f.Kind, total: f.Total, offset: f.Offset + int64(len(f.Data))}
	return nil
}
