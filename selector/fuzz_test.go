package selector_test

import (
	"testing"

	"parley/selector"
)

func FuzzFind(f *testing.F) {
	for _, seed := range []string{
		"call +1 202-555-0147 or (202) 555-0148", "desk[@]example[.]org @lamp_light t.me/+AbCdEfGhIj",
		"hxxps[:]//evil[.]example/a?b#c", "٠٠١٢٠٢٥٥٥٠١٤٧", "2024-01-05 202.555.0147 " + emptyHash, "\xd9\xa0\xdb\xb0\xe2\x80",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkHits(t, text, selector.Options{Region: "US"})
		checkHits(t, text, selector.Options{})
	})
}

func FuzzParse(f *testing.F) {
	for i, seed := range []string{"+1 202-555-0147", "Desk@Example.org", "t.me/+AbCdEfGhIj", "hxxp://evil[.]example:80/%7e", emptyHash, "bücher.example"} {
		f.Add(uint8(i), seed)
	}
	f.Fuzz(func(t *testing.T, n uint8, raw string) {
		kind := selector.Kinds()[int(n)%len(selector.Kinds())]
		s, err := selector.Parse(kind, raw, selector.Options{Region: "US"})
		if err != nil {
			return
		}
		if err := s.Validate(); err != nil {
			t.Fatalf("Parse(%s, %q) gave %q: %v", kind, raw, s.Value, err)
		}
	})
}

func FuzzDetect(f *testing.F) {
	f.Add("@lamp_light")
	f.Fuzz(func(t *testing.T, raw string) {
		if s, err := selector.Detect(raw, selector.Options{Region: "US"}); err == nil && s.Validate() != nil {
			t.Fatalf("Detect(%q) gave %v", raw, s)
		}
	})
}
