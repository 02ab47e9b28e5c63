package channel

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestIntroductionRoundTrip(t *testing.T) {
	for _, relays := range [][]string{nil, {"https://relay.example/"}, {"https://a.example", "tcp://198.51.100.7:4222"}} {
		in, s, err := Introduce(rand.Reader, IntroduceOptions{From: "North Desk", To: "Süd 南", Relays: relays, Now: day.Add(time.Millisecond)})
		if err != nil {
			t.Fatal(err)
		}
		text, err := in.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		read, err := ParseIntroduction(text)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(in, read) {
			t.Errorf("%v came back as %v", in, read)
		}
		data, err := s.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		back := &Secrets{}
		if err := back.UnmarshalBinary(data); err != nil || !reflect.DeepEqual(s, back) {
			t.Errorf("the secrets changed: %v", err)
		}
	}
}

func TestLargestIntroductionFits(t *testing.T) {
	opt := IntroduceOptions{From: strings.Repeat("n", MaxName), To: strings.Repeat("s", MaxName), Now: day}
	for range MaxRelays {
		opt.Relays = append(opt.Relays, strings.Repeat("r", MaxRelay))
	}
	in, _, err := Introduce(rand.Reader, opt)
	if err != nil {
		t.Fatal(err)
	}
	text, err := in.MarshalText()
	if err != nil || len(text) > MaxIntroduction {
		t.Fatalf("%d bytes, %v", len(text), err)
	}
	if _, err := ParseIntroduction(text); err != nil {
		t.Error(err)
	}
}

func TestMailedIntroductionIsForgiven(t *testing.T) {
	in, _ := introduce(t, "North", "South")
	text, _ := in.MarshalText()
	mailed := "\r\n \n" + strings.ReplaceAll(string(text), "\n", "\r\n") + "\r\n\r\n"
	read, err := ParseIntroduction([]byte(mailed))
	if err != nil || !reflect.DeepEqual(in, read) {
		t.Errorf("got %v, %v", read, err)
	}
}

func TestHostileNames(t *testing.T) {
	for name, why := range map[string]string{
		"":                            "empty",
		strings.Repeat("n", 65):       "too long",
		"No\u202erth":                 "right-to-left override",
		"No\u2066rth":                 "isolate",
		"No\u200brth":                 "zero width space",
		"No\u00adrth":                 "soft hyphen",
		"No\u034frth":                 "grapheme joiner",
		"\u3164":                      "Hangul filler",
		"North\ufe0f":                 "variation selector",
		"North\nto: East":             "line break",
		"North\x00":                   "control",
		"North\x1b[2J":                "escape",
		" North":                      "blank first",
		"North ":                      "blank last",
		"No  rth":                     "two blanks",
		"No\u00a0rth":                 "blank that is no blank",
		"\u0301North":                 "mark first",
		"North\xff":                   "not UTF-8",
		"North\ue000":                 "private use",
		"\U000e0041North":             "tag character",
		"North\u2028":                 "line separator",
		strings.Repeat("é", 32) + "é": "too long in bytes",
	} {
		if _, _, err := Introduce(rand.Reader, IntroduceOptions{From: name, To: "South", Now: day}); err == nil {
			t.Errorf("from %q was accepted (%s)", name, why)
		}
		if _, _, err := Introduce(rand.Reader, IntroduceOptions{From: "South", To: name, Now: day}); err == nil {
			t.Errorf("to %q was accepted (%s)", name, why)
		}
	}
	for _, name := range []string{"N", "North Desk", "Büro Süd", "南", "حرس", "Nord-Est (2)", strings.Repeat("n", 64)} {
		if err := checkName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestHostileOptions(t *testing.T) {
	for name, opt := range map[string]IntroduceOptions{
		"one name":            {From: "North", To: "North", Now: day},
		"one name in capital": {From: "North", To: "NORTH", Now: day},
		"no date":             {From: "North", To: "South"},
		"a date in year 1970": {From: "North", To: "South", Now: time.Unix(0, 0)},
		"nine relays":         {From: "North", To: "South", Now: day, Relays: make([]string, 9)},
		"an empty relay":      {From: "North", To: "South", Now: day, Relays: []string{""}},
		"a relay with break":  {From: "North", To: "South", Now: day, Relays: []string{"https://a\nrelay: b"}},
		"a relay with accent": {From: "North", To: "South", Now: day, Relays: []string{"https://é.example"}},
		"a long relay":        {From: "North", To: "South", Now: day, Relays: []string{strings.Repeat("r", 257)}},
	} {
		if _, _, err := Introduce(rand.Reader, opt); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

// TestAlteredFile changes each line of a file, and each byte of it.
func TestAlteredFile(t *testing.T) {
	in, _ := introduce(t, "North", "South")
	text, _ := in.MarshalText()
	for i := range text {
		altered := bytes.Clone(text)
		altered[i] ^= 1
		if _, err := ParseIntroduction(altered); err == nil && i < len(text)-1 {
			t.Errorf("byte %d, %q, can be changed", i, text[i])
		}
	}
	lines := strings.SplitAfter(strings.TrimSpace(string(text)), "\n")
	for i := range lines {
		without := strings.Join(append(lines[:i:i], lines[i+1:]...), "")
		twice := strings.Join(append(append(lines[:i+1:i+1], strings.TrimSuffix(lines[i], "\n")+"\n"), lines[i+1:]...), "")
		for _, altered := range []string{without, twice, strings.Join(lines[:i], "")} {
			if _, err := ParseIntroduction([]byte(altered)); err == nil {
				t.Errorf("the file is read with line %d left out, doubled or last", i+1)
			}
		}
	}
}

func TestRefusalsNameTheLine(t *testing.T) {
	in, _ := introduce(t, "North", "South")
	text, _ := in.MarshalText()
	for _, c := range []struct{ old, new, want string }{
		{"-----BEGIN", "-----BEGINN", "line 1"},
		{"version: 1", "version: 2", "line 2"},
		{"from: North", "form: North", "line 3"},
		{"to: South", "to: Sou\u202eth", "to: the name"},
		{"2026-03-01T12:00:00Z", "yesterday", "line 5"},
		{"2026-03-01T12:00:00Z", "2026-03-01T13:00:00+01:00", "line 5"},
		{"relay:", "delay:", "line 6"},
	} {
		_, err := ParseIntroduction([]byte(strings.Replace(string(text), c.old, c.new, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %q: got %v, want %q in it", c.new, c.old, err, c.want)
		}
	}
	if _, err := ParseIntroduction(make([]byte, MaxIntroduction+1)); err == nil {
		t.Error("a file over the limit was read")
	}
}

// TestHostileKeys writes files that are whole but hold keys nobody could use.
func TestHostileKeys(t *testing.T) {
	for name, spoil := range map[string]func(*Introduction){
		"static of order one":  func(in *Introduction) { in.static = [32]byte{} },
		"static of order four": func(in *Introduction) { in.static = [32]byte{1} },
		"prekey of order one":  func(in *Introduction) { in.prekey = [32]byte{} },
		"hybrid, X25519 half":  func(in *Introduction) { clear(in.kem[hybridPublic-32:]) },
		"hybrid, ML-KEM half":  func(in *Introduction) { in.kem[0], in.kem[1] = 0xff, 0xff },
	} {
		in, _ := introduce(t, "North", "South")
		spoil(in)
		text, err := in.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseIntroduction(text); err == nil {
			t.Errorf("%s: the file was read", name)
		}
		_, ss := introduce(t, "South", "North")
		if _, err := Establish(ss, in); err == nil {
			t.Errorf("%s: the channel was established", name)
		}
		if _, err := ss.MarshalBinary(); err != nil {
			t.Errorf("%s: the refused try spent the secrets: %v", name, err)
		}
	}
}

func TestEstablishRefusesTheWrongIntroduction(t *testing.T) {
	ni, ns := introduce(t, "North", "South")
	northAgain, _ := introduce(t, "North", "South")
	east, _ := introduce(t, "East", "North")
	astray, _ := introduce(t, "South", "East")
	borrowed, _ := introduce(t, "South", "North")
	borrowed.static = ni.static
	for _, c := range []struct {
		in   *Introduction
		want string
	}{
		{ni, "your own"},
		{northAgain, "your own"},
		{borrowed, "your own"},
		{east, `from "East"`},
		{astray, `meant for "East"`},
	} {
		if _, err := Establish(ns, c.in); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: got %v, want %q in it", c.in, err, c.want)
		}
	}
	si, _ := introduce(t, "South", "North")
	establish(t, ns, si) // the refusals spent nothing
}

func TestSecretsOfOtherKeysAreRefused(t *testing.T) {
	_, s := introduce(t, "North", "South")
	data, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		altered := bytes.Clone(data)
		altered[len(data)-1-32*i-8] ^= 1
		if err := (&Secrets{}).UnmarshalBinary(altered); err == nil {
			t.Errorf("the private key %d from the end was changed unseen", i)
		}
	}
	for n := range data {
		if err := (&Secrets{}).UnmarshalBinary(data[:n]); err == nil {
			t.Fatalf("secrets cut to %d bytes were read", n)
		}
	}
	if err := (&Secrets{}).UnmarshalBinary(append(data, 0)); err == nil {
		t.Error("secrets with a byte more were read")
	}
}

func half(t *testing.T, in *Introduction) string {
	t.Helper()
	digits, err := spokenHalf(in)
	if err != nil {
		t.Fatal(err)
	}
	return digits
}

func TestSpoken(t *testing.T) {
	ni, ns := introduce(t, "North", "South")
	si, _ := introduce(t, "South", "North")
	spoken := Spoken(ni, si)
	if !regexp.MustCompile(`^\d{5}( \d{5}){11}$`).MatchString(spoken) {
		t.Fatalf("got %q", spoken)
	}
	if Spoken(si, ni) != spoken {
		t.Error("the two sides read different digits")
	}
	if s := establish(t, ns, si); s.Spoken() != spoken {
		t.Error("the session tells other digits")
	}
	if spoken[:35] > spoken[36:] {
		t.Error("the halves are not sorted")
	}
	north, south := half(t, ni), half(t, si)
	for name, change := range map[string]func(*Introduction){
		"from":         func(in *Introduction) { in.From = "Noth" },
		"to":           func(in *Introduction) { in.To = "Souh" },
		"created":      func(in *Introduction) { in.Created = in.Created.Add(time.Second) },
		"relay":        func(in *Introduction) { in.Relays = []string{"https://other.example/"} },
		"static":       func(in *Introduction) { in.static[0] ^= 1 },
		"kem":          func(in *Introduction) { in.kem = append([]byte{in.kem[0] ^ 1}, in.kem[1:]...) },
		"prekey":       func(in *Introduction) { in.prekey[31] ^= 1 },
		"contribution": func(in *Introduction) { in.contribution[0] ^= 1 },
	} {
		other := *ni
		change(&other)
		if got := half(t, &other); got == north {
			t.Errorf("%s: North's half does not cover it", name)
		}
		if got := strings.ReplaceAll(Spoken(&other, si), " ", ""); !strings.Contains(got, south) || strings.Contains(got, north) {
			t.Errorf("%s: %s should hold South's half %s and not North's old one", name, got, south)
		}
	}
	if Spoken(&Introduction{}, si) != "" {
		t.Error("an empty introduction has a fingerprint")
	}
}

// TestNothingSecretIsPrinted prints everything with every verb.
func TestNothingSecretIsPrinted(t *testing.T) {
	in, s := introduce(t, "North", "South")
	north, _ := pair(t)
	box := north.Receiving()[0]
	for _, v := range []any{in, s, north, box, in.LogValue(), s.LogValue(), north.LogValue()} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if got := fmt.Sprintf(verb, v); len(got) > 200 || len(got) < 8 {
				t.Errorf("%T prints with %s as %q", v, verb, got)
			}
		}
	}
	text := fmt.Sprint(in, s, north, box)
	secrets := [][32]byte{in.contribution, s.static, s.kem, north.in.chain, box.Write}
	for _, k := range secrets {
		if strings.Contains(text, string(k[:])) || strings.Contains(text, base64.StdEncoding.EncodeToString(k[:6])) || strings.Contains(text, fmt.Sprintf("%x", k[:6])) {
			t.Error("a secret is printed")
		}
	}
}
