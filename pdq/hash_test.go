package pdq_test

import (
	"math/bits"
	"strings"
	"testing"

	"parley/pdq"
	"pgregory.net/rapid"
)

func TestHashText(t *testing.T) {
	const text = "d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22"
	for _, s := range []string{text, strings.ToUpper(text)} {
		h, err := pdq.ParseHash(s)
		if err != nil || h.String() != text {
			t.Errorf("%s: %v, %v", s, h, err)
		}
	}
	for _, s := range []string{"", text[:63], text + "0", text[:63] + "g", text[:62] + "é"} {
		if _, err := pdq.ParseHash(s); err == nil {
			t.Errorf("%q is accepted", s)
		}
	}
	var h pdq.Hash
	if err := h.UnmarshalText([]byte("00")); err == nil || h != (pdq.Hash{}) {
		t.Error("a short text changes the hash")
	}
}

func TestDistanceCountsBits(t *testing.T) {
	hashes := rapid.Custom(func(t *rapid.T) pdq.Hash {
		return pdq.Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "bytes"))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := hashes.Draw(t, "a"), hashes.Draw(t, "b")
		want := 0
		for i := range a {
			want += bits.OnesCount8(a[i] ^ b[i])
		}
		if got := pdq.Distance(a, b); got != want || got != pdq.Distance(b, a) {
			t.Fatalf("distance %d, want %d", got, want)
		}
		if pdq.Matches(a, b) != (want <= 31) {
			t.Fatalf("match at %d bits is %v", want, pdq.Matches(a, b))
		}
		text, _ := a.MarshalText()
		var back pdq.Hash
		if err := back.UnmarshalText(text); err != nil || back != a {
			t.Fatalf("%v came back as %v: %v", a, back, err)
		}
	})
}

func TestMatchEndsAt31(t *testing.T) {
	var a, b pdq.Hash
	for i := range 31 {
		b[i/8] |= 1 << (i % 8)
	}
	if !pdq.Matches(a, b) {
		t.Error("31 bits do not match")
	}
	b[31] = 1
	if pdq.Matches(a, b) {
		t.Error("32 bits match")
	}
}
