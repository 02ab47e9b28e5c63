package selector_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/selector"
)

// rawOf draws something that is, or is near, a selector of the kind.
func rawOf(kind selector.Kind) *rapid.Generator[string] {
	label := rapid.StringMatching(`[a-zA-Z0-9äßжא例][a-zA-Z0-9äжא-]{0,8}[a-z0-9]`)
	host := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(label, 1, 4).Draw(t, "labels"), rapid.SampledFrom([]string{".", "[.]", "。"}).Draw(t, "dot")) +
			rapid.SampledFrom([]string{".example", ".org", ""}).Draw(t, "end")
	})
	join := func(parts ...*rapid.Generator[string]) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string {
			var b strings.Builder
			for _, part := range parts {
				b.WriteString(part.Draw(t, "part"))
			}
			return b.String()
		})
	}
	any := rapid.String()
	switch kind {
	case selector.Phone:
		return rapid.OneOf(rapid.StringMatching(`(\+|00|tel:\+)?[1-9][0-9٠-٩۰-۹ ()./-]{5,18}`), any)
	case selector.Email:
		return rapid.OneOf(join(rapid.StringMatching("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,66}@"), host), any)
	case selector.Telegram:
		return rapid.OneOf(rapid.StringMatching(`(@|t\.me/|https://t\.me/(\+|joinchat/|s/)?|tg://(resolve\?domain|join\?invite)=)?[A-Za-z0-9_-]{3,34}(/[0-9]+)?`), any)
	case selector.URL:
		tail := rapid.OneOf(rapid.StringMatching(`(:[0-9]{1,5})?(/[A-Za-z0-9%äж\[\]"<>^|.~-]{0,12}){0,3}(\?[a-z=&%0-9]*)?(#.*)?`), any)
		return rapid.OneOf(join(rapid.SampledFrom([]string{"http://", "HTTPS://", "hxxp[:]//", "http://u:p@"}), host, tail), any)
	case selector.SHA256:
		return rapid.StringMatching(`(sha256:)?[0-9a-fA-F]{64}`)
	}
	return rapid.OneOf(host, any)
}

// What Parse gives is in normal form: it reads back as itself, whatever the region.
func TestNormalFormsAreStable(t *testing.T) {
	for _, kind := range selector.Kinds() {
		t.Run(string(kind), rapid.MakeCheck(func(t *rapid.T) {
			raw := rawOf(kind).Draw(t, "raw")
			region := rapid.SampledFrom([]string{"", "US", "DE", "AR", "IT", "RU", "IR"}).Draw(t, "region")
			s, err := selector.Parse(kind, raw, selector.Options{Region: region})
			if err != nil {
				return
			}
			for _, other := range []string{"", "US", "AF", region} {
				again, err := selector.Parse(kind, s.Value, selector.Options{Region: other})
				if err != nil || again != s {
					t.Fatalf("%q gave %q, which in region %q gives %q, %v", raw, s.Value, other, again.Value, err)
				}
			}
			if back, err := selector.ParseText(s.String()); err != nil || back != s {
				t.Fatalf("%s reads back as %v, %v", s, back, err)
			}
			if strings.ContainsAny(s.Value, "\t\r\n\x00") || strings.Contains(s.Value, " ") && kind != selector.Word && kind != selector.Pattern {
				t.Fatalf("%q holds white space", s.Value)
			}
		}))
	}
}

func TestCanonicalIsInjective(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		short := rapid.StringMatching(`[a-b\x00\x01:]{0,3}`)
		a := selector.Selector{Kind: selector.Kind(short.Draw(t, "kind a")), Value: short.Draw(t, "value a")}
		b := selector.Selector{Kind: selector.Kind(short.Draw(t, "kind b")), Value: short.Draw(t, "value b")}
		if (a == b) != bytes.Equal(a.Canonical(), b.Canonical()) {
			t.Fatalf("%q and %q: %x, %x", a, b, a.Canonical(), b.Canonical())
		}
	})
}

// drawText draws prose with selectors, halves of selectors and noise.
func drawText(t *rapid.T) string {
	pieces := rapid.OneOf(
		rawOf(selector.Phone), rawOf(selector.Email), rawOf(selector.Telegram), rawOf(selector.URL), rawOf(selector.SHA256),
		rawOf(selector.Domain), rapid.SampledFrom([]string{
			" ", "\n", ", ", ". ", "(", ")", "@", "+", "://", "t.me/", "00", "2024-01-05", "٠", "ا", "é", "\xff", "[.]", "/", "-",
		}), rapid.String())
	return strings.Join(rapid.SliceOfN(pieces, 0, 12).Draw(t, "pieces"), "")
}

func TestHitsKeepTheirPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawText(t)
		opt := selector.Options{Region: rapid.SampledFrom([]string{"", "US", "DE"}).Draw(t, "region")}
		checkHits(t, text, opt)
	})
}

type failer interface {
	Fatalf(format string, args ...any)
}

// checkHits holds the hits of a text to what Hit and Find promise.
func checkHits(t failer, text string, opt selector.Options) {
	hits := selector.Find(text, opt)
	ends := map[selector.Kind]int{}
	for i, hit := range hits {
		if hit.Start < 0 || hit.End > len(text) || hit.Start >= hit.End || text[hit.Start:hit.End] != hit.Raw {
			t.Fatalf("%q: hit %+v is not where it says", text, hit)
		}
		if err := hit.Selector.Validate(); err != nil {
			t.Fatalf("%q: hit %+v: %v", text, hit, err)
		}
		if hit.Start < ends[hit.Selector.Kind] {
			t.Fatalf("%q: hit %+v overlaps another of its kind", text, hit)
		}
		ends[hit.Selector.Kind] = hit.End
		if i > 0 && hits[i-1].Start > hit.Start {
			t.Fatalf("%q: hits are not in order", text)
		}
	}
	finder := selector.NewFinder(opt)
	finder.Find("something else +12025550147 2025550147")
	if !slices.Equal(finder.Find(text), hits) {
		t.Fatalf("%q: a Finder used before gives other hits", text)
	}
}
