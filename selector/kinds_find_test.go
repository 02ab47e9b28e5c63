package selector_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/selector"
)

// sureFound gives the hits as lines "confidence selector".
func sureFound(field, text string) []string {
	var lines []string
	for _, hit := range selector.NewFinder(selector.Options{Region: "US"}).FindField(field, text) {
		lines = append(lines, string(hit.Confidence)+" "+hit.Selector.String())
	}
	return lines
}

func TestWordsBesideAValueTell(t *testing.T) {
	for _, c := range []struct {
		field, text string
		want        []string
	}{
		{"", "IMSI 262011234567890", []string{"high imsi:262011234567890"}},
		{"", "262011234567890", nil},
		{"imsi", "262011234567890", []string{"high imsi:262011234567890"}},
		{"subscriberImsi", "262011234567890", []string{"high imsi:262011234567890"}},
		{"", "IMSI: 262011234567890, IMEI: 490154203237518", []string{"high imsi:262011234567890", "high imei:490154203237518"}},
		{"", "IMEI 49-015420-323751-8", []string{"high imei:490154203237518"}},
		{"", "490154203237518", nil},
		{"", "IMEI 490154203237519", nil},
		{"", "4111 1111 1111 1111", []string{"high card:4111111111111111"}},
		{"", "4111111111111111", []string{"moderate card:4111111111111111"}},
		{"", "order 4111111111111111", nil},
		{"", "заказ 4111111111111111", nil},
		{"", "order 2025550147 or call 2025550148", []string{"moderate phone:+12025550148"}},
		{"", "Instagram: @lamp.light, Telegram @lamp_light, @lamp_alone", []string{
			"high instagram:lamp.light", "high telegram:lamp_light", "low telegram:lamp_alone",
		}},
		{"", "YouTube @lamp_light @media @types/node", nil},
		{"", "Signal: lamp.42, and far from there stands lamp.43", []string{"high signal:lamp.42"}},
		{"telegram_id", "5512345678", []string{"high telegram-id:5512345678"}},
		{"", "version 10.20.30.40, from 10.20.30.40", []string{"high ipv4:10.20.30.40"}},
		{"", "8.8.8.8 and 1.2.3.4 and 1.2.3.4:80", []string{"low ipv4:8.8.8.8", "high ipv4:1.2.3.4"}},
		{"", "IDFA=3F2504E0-4F89-41D3-9A0C-0305E82C3301", []string{"high device-id:3f2504e0-4f89-41d3-9a0c-0305e82c3301"}},
		{"", "request 3F2504E0-4F89-41D3-9A0C-0305E82C3301", nil},
		{"", "GPG 0123456789ABCDEF0123456789ABCDEF01234567", []string{"high pgp:0123456789abcdef0123456789abcdef01234567"}},
		{"", "0123456789abcdef0123456789abcdef01234567", []string{"moderate sha1:0123456789abcdef0123456789abcdef01234567"}},
		{"", "lat/lon 21.309, -157.917", []string{"high coordinates:21.30900,-157.91700"}},
		{"", "21.309, -157.917", nil},
		{"", "desk (at) example (dot) org, desk at example dot org", []string{"high email:desk@example.org", "moderate email:desk@example.org"}},
		{"", "we met at the dot com office", nil},
		{"", "https://x.com/Lamp_Light https://x.com/home", []string{"high x:lamp_light", "high url:https://x.com/home"}},
		{"", "00-00-5E-00-53-01 0000.5e00.5301 12:30:45", []string{"high mac:00:00:5e:00:53:01", "high mac:00:00:5e:00:53:01"}},
		{"", "फोन +९१ ९८७६५ ४३२१०", []string{"high phone:+919876543210"}},
		{"", strings.Repeat("A", 500) + " 1PMycacnJaSqwwJqjawXBErnLsZ7RkXUAs " + strings.Repeat("/", 99), []string{"high bitcoin:1PMycacnJaSqwwJqjawXBErnLsZ7RkXUAs"}},
	} {
		if diff := cmp.Diff(c.want, sureFound(c.field, c.text)); diff != "" {
			t.Errorf("%q %q (-want +got):\n%s", c.field, c.text, diff)
		}
	}
}

func TestVocabulary(t *testing.T) {
	v, err := selector.ReadVocabulary(
		strings.NewReader("# code words\nfirefly\nKill  Switch\nкод красный\nمحمد\n"), strings.NewReader("case-number: KX-[0-9]{4}\n"))
	if err != nil {
		t.Fatal(err)
	}
	f := selector.NewFinder(selector.Options{Vocabulary: v})
	var got []string
	for _, hit := range f.Find("The FIREFLY, fireflys; kill-switch KX-2041, Код Красный, مُحَمَّد") {
		got = append(got, hit.Raw+" = "+hit.Selector.String())
		if err := hit.Selector.Validate(); err != nil {
			t.Error(err)
		}
	}
	want := []string{
		"FIREFLY = word:firefly", "kill-switch = word:kill switch", "KX-2041 = pattern:case-number=KX-2041",
		"Код Красный = word:код красный", "مُحَمَّد = word:محمد",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for text, says := range map[string]string{
		"lamp": "line 1: want a name", "lamp: (": "line 1: pattern lamp", "\n# x\nlamp: a*": "line 3: pattern lamp meets the empty text", "Lamp: a": "want a name",
		"lamp: " + strings.Repeat("a", 1001): "more than 1000 bytes", strings.Repeat("a: b\n", 201): "line 201: there are more than 200",
	} {
		if _, err := selector.ReadVocabulary(nil, strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20q: %v, want %q", text, err, says)
		}
	}
	for text, says := range map[string]string{"\xff\xfe": "not UTF-8", "!": "2 characters", strings.Repeat("a", 300): "256 bytes"} {
		if _, err := selector.ReadVocabulary(strings.NewReader(text), nil); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20q: %v, want %q", text, err, says)
		}
	}
}
