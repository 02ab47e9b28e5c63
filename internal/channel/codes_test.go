package channel

import (
	"bytes"
	"crypto/rand"
	"slices"
	"strings"
	"testing"
)

// codesOf are an introduction's codes of at most so many characters.
func codesOf(t testing.TB, in *Introduction, most int) []string {
	t.Helper()
	codes, err := in.Codes(most)
	if err != nil {
		t.Fatal(err)
	}
	return codes
}

func textOf(t testing.TB, in *Introduction) []byte {
	t.Helper()
	text, err := in.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// largestIntroduction has names and relays as long as they may be.
func largestIntroduction(t testing.TB) *Introduction {
	t.Helper()
	relays := slices.Repeat([]string{"https://" + strings.Repeat("r", MaxRelay-8)}, MaxRelays)
	in, _, err := Introduce(rand.Reader, IntroduceOptions{From: strings.Repeat("N", MaxName), To: strings.Repeat("S", MaxName), Relays: relays, Now: day})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// TestCodesAreReadAsTheIntroduction, in any order, with repetitions, at the sizes in use; an ordinary introduction fits
// one code to print and four at a terminal.
func TestCodesAreReadAsTheIntroduction(t *testing.T) {
	ordinary, _ := introduce(t, "North", "South")
	for name, c := range map[string]struct {
		in         *Introduction
		most, want int
	}{
		"print":             {ordinary, 3391, 1},
		"terminal":          {ordinary, 619, 4},
		"largest, print":    {largestIntroduction(t), 3391, 2},
		"largest, terminal": {largestIntroduction(t), 619, 10},
	} {
		codes := codesOf(t, c.in, c.most)
		if len(codes) != c.want {
			t.Errorf("%s: it takes %d codes, want %d", name, len(codes), c.want)
		}
		for _, code := range codes {
			if i := strings.IndexFunc(code, func(r rune) bool { return !strings.ContainsRune("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ/:", r) }); i >= 0 || len(code) > c.most {
				t.Errorf("%s: a code has %d characters, and %q at %d", name, len(code), code[max(i, 0)], i)
			}
		}
		slices.Reverse(codes)
		for _, between := range []string{"\n", "\r\n", "\t \n\n"} {
			read, err := ParseIntroduction([]byte(strings.Join(append(codes, codes[0]), between) + between))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !bytes.Equal(textOf(t, read), textOf(t, c.in)) {
				t.Errorf("%s: another introduction was read", name)
			}
		}
	}
}

func TestCodesThatDoNotBelongTogetherAreRefused(t *testing.T) {
	in, _ := introduce(t, "North", "South")
	other, _ := introduce(t, "North", "South")
	codes, others := codesOf(t, in, 619), codesOf(t, other, 619)
	altered := slices.Clone(codes)
	last := len(altered[2]) - 1
	altered[2] = altered[2][:last] + string(map[bool]byte{true: 'B', false: 'A'}[altered[2][last] == 'A'])
	for name, c := range map[string]struct {
		codes []string
		want  string
	}{
		"one missing":       {codes[:3], "of 4 codes these were not read: 4"},
		"two missing":       {[]string{codes[0], codes[3]}, "of 4 codes these were not read: 2, 3"},
		"of another":        {[]string{codes[0], others[1], codes[2], codes[3]}, "code 2 of those read belongs to another introduction"},
		"of another count":  {append(codesOf(t, in, 3391), codes...), "code 2 of those read belongs to another"},
		"two for one":       {append(slices.Clone(codes), altered[2]), "code 5 of those read belongs to another"},
		"one altered":       {altered, "were altered or misread"},
		"cut off":           {[]string{codes[0][:20]}, "code 1 of those read: want PARLEY1:NUMBER"},
		"number":            {[]string{strings.Replace(codes[0], "01/04", "05/04", 1)}, "code 1 of those read: want NUMBER/COUNT"},
		"number not so":     {[]string{strings.Replace(codes[0], "01/04", "+1/04", 1)}, "code 1 of those read: want NUMBER/COUNT"},
		"count":             {[]string{strings.Replace(codes[0], "01/04", "01/99", 1)}, "code 1 of those read: want NUMBER/COUNT"},
		"something between": {[]string{codes[0], "hello"}, "code 2 of those read: want PARLEY1:NUMBER"},
		"too long":          {slices.Repeat(codes, 8), "the codes have"},
	} {
		if _, err := ParseIntroduction([]byte(strings.Join(c.codes, "\n"))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	if _, err := in.Codes(codeHead + 10); err == nil || !strings.Contains(err.Error(), "too few") {
		t.Errorf("tiny codes: %v", err)
	}
}
