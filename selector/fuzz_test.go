package selector_test

import (
	"strings"
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
	for _, seed := range []string{
		"IMEI 35-209900-176148-1 imsi 262011234567890 ICCID 8949012345678901237F card 4111 1111 1111 1111 IBAN DE89 3704 0044 0532 0130 00",
		"1PMycacnJaSqwwJqjawXBErnLsZ7RkXUAs BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4 0x52908400098527886E0F7030069857D2E4169EE7",
		"192.0.2[.]7:80 [2001:db8::1] 00-00-5E-00-53-01 0000.5e00.5301 21°18'34.0\"N 157°55'00.7\"W 4QFJ1234056781 21.30944, -157.91686 geo:1.5,2.5",
		"desk (at) example (dot) org; a dot b at c dot example; x.com/lamp vk.com/id1 Signal: lamp.42 tg://user?id=12345 @lamp.light",
		"ABCD EF01 2345 6789 ABCD  EF01 2345 6789 ABCD EF01 IDFA 3f2504e0-4f89-41d3-9a0c-0305e82c3301 the kill-switch KX-2041",
	} {
		f.Add(seed)
	}
	v, err := selector.ReadVocabulary(strings.NewReader("kill switch\nlamp"), strings.NewReader("case: KX-[0-9]+"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkHits(t, text, selector.Options{Region: "US", Vocabulary: v})
		checkHits(t, text, selector.Options{})
	})
}

func FuzzParse(f *testing.F) {
	for i, seed := range []string{"+1 202-555-0147", "Desk@Example.org", "t.me/+AbCdEfGhIj", "hxxp://evil[.]example:80/%7e", emptyHash, "bücher.example"} {
		f.Add(uint8(i), seed)
	}
	for i, seed := range []string{
		"192.0.2.7", "2001:db8::1", "00-00-5E-00-53-01", "t.me/c/1234567/8", "chat.whatsapp.com/ABCDEFGHIJKLMNOPQRSTUV", "lamp.42", "x.com/lamp",
		"DE89 3704 0044 0532 0130 00", "4111111111111111", "490154203237518", "262011234567890", "21.3,-157.9", "N 21° 18' W 157° 55'", "4QFJ1234056781",
	} {
		for n := range selector.Kinds() {
			if n%14 == i {
				f.Add(uint8(n), seed)
			}
		}
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
