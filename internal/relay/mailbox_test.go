package relay

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The address was made with Python's hashlib from the formula in docs/protocol/relay.md.
func TestMailboxAddressVector(t *testing.T) {
	var m Mailbox
	for i := range 32 {
		m.Write[i], m.Read[i] = byte(i), byte(32+i)
	}
	const want = "0b7ae1fd4682f31bb63c574c1be70ea5b5199f2b7ef73f86874ea6bf8032876b"
	if got := m.Address(); got != want {
		t.Errorf("address %s, want %s", got, want)
	}
}

func TestMailboxAddressDependsOnEveryBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Mailbox{draw32(t, "write"), draw32(t, "read")}
		other := m
		bit := rapid.IntRange(0, 511).Draw(t, "bit")
		if bit < 256 {
			other.Write[bit/8] ^= 1 << (bit % 8)
		} else {
			other.Read[bit/8-32] ^= 1 << (bit % 8)
		}
		if m.Address() == other.Address() {
			t.Fatal("two mailboxes have one address")
		}
		if swapped := (Mailbox{m.Read, m.Write}); m.Read != m.Write && swapped.Address() == m.Address() {
			t.Fatal("reading and writing can be swapped")
		}
	})
}

func draw32(t *rapid.T, name string) [32]byte {
	return [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, name))
}

func TestParseNames(t *testing.T) {
	good := strings.Repeat("0123456789abcdef", 4)
	for _, c := range []struct{ name, text, says string }{
		{"short", good[1:], "63 characters"},
		{"long", good + "0", "65 characters"},
		{"empty", "", "0 characters"},
		{"upper case", strings.ToUpper(good), "lower-case"},
		{"not hex", good[:63] + "g", "character 64"},
		{"a path", "../" + good[3:], "character 1"},
		{"many bytes a letter", strings.Repeat("é", 32), "character 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parseBoxAddress(c.text)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want one that says %q", err, c.says)
			}
			if err != nil && len(c.text) > 8 && strings.Contains(err.Error(), c.text) {
				t.Error("the error repeats what it was given")
			}
		})
	}
	a, err := parseBoxAddress(good)
	if err != nil || a.String() != good {
		t.Errorf("%s, %v", a, err)
	}
	id, err := parseParcelID(good[:32])
	if err != nil || id.String() != good[:32] {
		t.Errorf("%s, %v", id, err)
	}
}

func FuzzParseNames(f *testing.F) {
	f.Add(testMailbox(1).Address())
	f.Add("00112233445566778899aabbccddeeff")
	f.Fuzz(func(t *testing.T, s string) {
		if a, err := parseBoxAddress(s); err == nil && a.String() != s {
			t.Errorf("%q has another spelling, %s", s, a)
		}
		if id, err := parseParcelID(s); err == nil && id.String() != s {
			t.Errorf("%q has another spelling, %s", s, id)
		}
	})
}
