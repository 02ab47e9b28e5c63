package relay

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func testCursors(t testing.TB, key byte, journal string, a boxAddress) cursors {
	t.Helper()
	c, err := newCursors([]byte(strings.Repeat(string(rune(key)), relayKeyLen)), journal, a)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCursorReturnsItsPlace(t *testing.T) {
	c := testCursors(t, 'k', "j", boxAddress{1})
	rapid.Check(t, func(t *rapid.T) {
		seq := rapid.Uint64().Draw(t, "seq")
		s := c.seal(seq)
		got, err := c.open(s)
		if err != nil || got != seq {
			t.Fatalf("%d became %d, %v", seq, got, err)
		}
		if again := c.seal(seq); again == s {
			t.Fatal("one place has one spelling: a reader could compare")
		}
		if len(s) != cursorChars || !isCursorText([]byte(s)) {
			t.Fatalf("%q is not %d characters of base64url", s, cursorChars)
		}
	})
}

func TestCursorIsOfOneMailboxRelayAndJournal(t *testing.T) {
	here := testCursors(t, 'k', "j", boxAddress{1})
	s := here.seal(7)
	for name, c := range map[string]cursors{
		"another mailbox": testCursors(t, 'k', "j", boxAddress{2}),
		"another relay":   testCursors(t, 'x', "j", boxAddress{1}),
		"another journal": testCursors(t, 'k', "i", boxAddress{1}),
	} {
		if _, err := c.open(s); !errors.Is(err, errCursor) {
			t.Errorf("%s opened the cursor: %v", name, err)
		}
	}
	if seq, err := here.open(""); seq != 0 || err != nil {
		t.Errorf("the empty cursor is %d, %v", seq, err)
	}
}

func FuzzCursor(f *testing.F) {
	c := testCursors(f, 'k', "j", boxAddress{1})
	f.Add("", uint16(0), byte('A'))
	f.Add(strings.Repeat("A", cursorChars), uint16(47), byte('='))
	f.Fuzz(func(t *testing.T, s string, at uint16, b byte) {
		if seq, err := c.open(Cursor(s)); err == nil && s != "" {
			t.Errorf("%q was not made here and opened as %d", s, seq)
		}
		changed := []byte(c.seal(5))
		if i := int(at) % len(changed); changed[i] != b {
			changed[i] = b
			if seq, err := c.open(Cursor(changed)); err == nil {
				t.Errorf("a changed cursor opened as %d", seq)
			}
		}
	})
}
