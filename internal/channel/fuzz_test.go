package channel

import (
	"bytes"
	"crypto/rand"
	"errors"
	"reflect"
	"strings"
	"testing"
)

// FuzzParseIntroduction: what is read can be written, and is the same file.
func FuzzParseIntroduction(f *testing.F) {
	in, _ := introduce(f, "North", "South")
	text, err := in.MarshalText()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(text[:len(text)/2])
	f.Add([]byte(armorBegin + "\nversion: 1\n\n=\n"))
	f.Add([]byte(strings.Join(codesOf(f, in, 619), "\n")))
	f.Fuzz(func(t *testing.T, text []byte) {
		in, err := ParseIntroduction(text)
		if err != nil {
			return
		}
		again, err := in.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		if isCodes(bytes.TrimSpace(text)) {
			return // codes come in any order
		}
		clean := append(bytes.TrimSpace(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))), '\n')
		if !bytes.Equal(clean, again) {
			t.Fatal("the same introduction can be written in two ways")
		}
	})
}

// FuzzSession: what is read can be written again byte for byte, and can seal and be spoken to.
func FuzzSession(f *testing.F) {
	north, _ := pair(f)
	f.Add(state(f, north))
	f.Add(state(f, midway(f)))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &Session{}
		if err := s.UnmarshalBinary(data); err != nil {
			if !reflect.DeepEqual(*s, Session{}) {
				t.Fatal("a refused state left something behind")
			}
			return
		}
		again, err := s.MarshalBinary()
		if err != nil || !bytes.Equal(data, again) {
			t.Fatalf("the state changed by reading it: %v", err)
		}
		if p, err := s.SealAck(rand.Reader); err == nil && len(p.Bytes) != SizeClasses[0] {
			t.Fatalf("an acknowledgement has %d bytes", len(p.Bytes))
		}
	})
}

// FuzzFrames: what is read fills the parcel exactly as it would be written.
func FuzzFrames(f *testing.F) {
	public, err := hybridPublicOf(&key{1})
	if err != nil {
		f.Fatal(err)
	}
	full := frames{ack: 7, advert: &shown{1, public}, fragments: []Fragment{
		{Message: 1, Kind: "note", Total: 3, Data: []byte("abc")}, {Message: 2, Kind: "note"},
	}}
	f.Add(full.append(nil))
	f.Add(append(full.append(nil), 0, 0, 0))
	f.Add([]byte{frameAck, 0, 0, 0, 0, 0, 0, 0, 1, frameData})
	f.Fuzz(func(t *testing.T, b []byte) {
		read, err := parseFrames(b)
		if err != nil {
			return
		}
		again := read.append(nil)
		if len(again) > len(b) || !bytes.Equal(append(again, make([]byte, len(b)-len(again))...), b) {
			t.Fatal("the same contents can be written in two ways")
		}
		for _, fragment := range read.fragments {
			if fragment.Total > MaxMessage || fragment.Offset+int64(len(fragment.Data)) > fragment.Total {
				t.Fatalf("fragment out of bounds: %d of %d", fragment.Offset, fragment.Total)
			}
		}
	})
}

// FuzzOpen plays a relay: any bytes, alone or behind a true tag, are refused and change nothing.
func FuzzOpen(f *testing.F) {
	north, south := pair(f)
	parcel := sealAck(f, north)
	before := state(f, south)
	f.Add(parcel.Bytes, false)
	f.Add(parcel.Bytes[tagSize:], true)
	f.Add(make([]byte, SizeClasses[0]), false)
	f.Fuzz(func(t *testing.T, b []byte, tagged bool) {
		if tagged {
			b = append(parcel.ID[:], b...)
			if len(b) < SizeClasses[0] {
				b = append(b, make([]byte, SizeClasses[0]-len(b))...)
			}
		}
		s := &Session{}
		if err := s.UnmarshalBinary(before); err != nil {
			t.Fatal(err)
		}
		_, err := s.Open(b)
		switch {
		case bytes.Equal(b, parcel.Bytes):
			if err != nil {
				t.Fatal(err)
			}
		case !errors.Is(err, ErrUnknown) && !errors.Is(err, ErrForged):
			t.Fatalf("got %v", err)
		case !bytes.Equal(before, state(t, s)):
			t.Fatal("a refused parcel changed the session")
		}
	})
}

// FuzzApply plays a counterpart with the keys: any contents are taken or refused as a fault, whole.
func FuzzApply(f *testing.F) {
	good := frames{fragments: []Fragment{{Kind: "note", Total: 3, Data: []byte("abc")}}}
	f.Add(good.append(nil))
	f.Add((&frames{ack: 1}).append(nil))
	_, south := pair(f)
	stored := state(f, south)
	f.Fuzz(func(t *testing.T, contents []byte) {
		read, err := parseFrames(contents)
		if err != nil {
			return
		}
		s := &Session{}
		if err := s.UnmarshalBinary(stored); err != nil {
			t.Fatal(err)
		}
		if err := s.apply(read); err != nil {
			if !errors.Is(err, ErrFault) && !errors.Is(err, ErrRollback) {
				t.Fatalf("got %v", err)
			}
			return
		}
		if err := s.checkProgress(); err != nil {
			t.Fatalf("taken contents led to an impossible state: %v", err)
		}
	})
}
