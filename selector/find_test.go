package selector_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/selector"
)

// found gives the hits as lines "raw = selector".
func found(text, region string) []string {
	var lines []string
	for _, hit := range selector.Find(text, selector.Options{Region: region}) {
		lines = append(lines, hit.Raw+" = "+hit.Selector.String())
	}
	return lines
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		what, text string
		want       []string
	}{
		{"nothing", "The lamp was lit at eight.", nil},
		{
			"ways to write a number", "+1 202-555-0147, (202) 555-0148. 202.555.0149; 1 202 555 0150",
			[]string{
				"+1 202-555-0147 = phone:+12025550147", "(202) 555-0148 = phone:+12025550148",
				"202.555.0149 = phone:+12025550149", "1 202 555 0150 = phone:+12025550150",
			},
		},
		{"international prefix", "ring 0012025550147 or 00 1 202 555 0148", []string{
			"0012025550147 = phone:+12025550147", "00 1 202 555 0148 = phone:+12025550148",
		}},
		{"Arabic and Persian digits", "رقم ٠٠١٢٠٢٥٥٥٠١٤٧ و+۱۲۰۲۵۵۵۰۱۴۸", []string{
			"٠٠١٢٠٢٥٥٥٠١٤٧ = phone:+12025550147", "+۱۲۰۲۵۵۵۰۱۴۸ = phone:+12025550148",
		}},
		{"between letters of another script", "电话2025550147号", []string{"2025550147 = phone:+12025550147"}},
		{"marks of writing direction", "\u202a+1 202 555 0147\u202c", []string{"+1 202 555 0147 = phone:+12025550147"}},
		{"one after the other", "+12025550147 +12025550148 202-555-0149 202-555-0150", []string{
			"+12025550147 = phone:+12025550147", "+12025550148 = phone:+12025550148",
			"202-555-0149 = phone:+12025550149", "202-555-0150 = phone:+12025550150",
		}},
		{"figures around", "call 2 (202) 555-0147 at 8, +1 202 555 0148 3 times, 12 202-555-0149 4", []string{
			"(202) 555-0147 = phone:+12025550147", "+1 202 555 0148 = phone:+12025550148", "202-555-0149 = phone:+12025550149",
		}},
		{"after a date", "2024-01-05 202-555-0147, 05.01.2024 12:30 +12025550148, 20240105 2025550149", []string{
			"202-555-0147 = phone:+12025550147", "+12025550148 = phone:+12025550148", "2025550149 = phone:+12025550149",
		}},
		{"in a table", "5,2025550147,8\t\"2025550148\"\t[2025550149]", []string{
			"2025550147 = phone:+12025550147", "2025550148 = phone:+12025550148", "2025550149 = phone:+12025550149",
		}},
		{"e-mail", "(Desk@Example.ORG), 'lamp@mail.example'. mailto:a.b+c@example.org;", []string{
			"Desk@Example.ORG = email:desk@example.org", "lamp@mail.example = email:lamp@mail.example",
			"a.b+c@example.org = email:a.b+c@example.org",
		}},
		{"defanged e-mail", "desk[@]example[.]org", []string{"desk[@]example[.]org = email:desk@example.org"}},
		{"e-mail in a query", "https://example.org/?to=desk@example.net&x=1 q=%3Ddesk@example.net", []string{
			"https://example.org/?to=desk@example.net&x=1 = url:https://example.org/?to=desk@example.net&x=1",
			"desk@example.net = email:desk@example.net", "desk@example.net = email:desk@example.net",
		}},
		{"handles", "@Lamp_Light, (@lamp_light2)! t.me/Lamp_Light3. https://telegram.me/lamp_light4", []string{
			"@Lamp_Light = telegram:lamp_light", "@lamp_light2 = telegram:lamp_light2",
			"t.me/Lamp_Light3 = telegram:lamp_light3", "https://telegram.me/lamp_light4 = telegram:lamp_light4",
		}},
		{"invites", "t.me/+AbCdEfGhIjKl tg://join?invite=AbCdEfGhIjKm https://t.me/joinchat/AbCdEfGhIjKn", []string{
			"t.me/+AbCdEfGhIjKl = telegram:+AbCdEfGhIjKl", "tg://join?invite=AbCdEfGhIjKm = telegram:+AbCdEfGhIjKm",
			"https://t.me/joinchat/AbCdEfGhIjKn = telegram:+AbCdEfGhIjKn",
		}},
		{"accounts that are numbers", "https://wa.me/12025550147 t.me/+12025550148 12025550149@s.whatsapp.net", []string{
			"https://wa.me/12025550147 = phone:+12025550147", "t.me/+12025550148 = phone:+12025550148",
			"12025550149@s.whatsapp.net = phone:+12025550149",
		}},
		{"URLs in prose", "see (https://Example.org/a_(b)). <http://example.org/x>, \"http://example.org/?q=1#top\"!", []string{
			"https://Example.org/a_(b) = url:https://example.org/a_(b)", "http://example.org/x = url:http://example.org/x",
			"http://example.org/?q=1#top = url:http://example.org/?q=1",
		}},
		{"URL before another script's punctuation", "「http://example.org」、http://example.org/x。", []string{
			"http://example.org = url:http://example.org/", "http://example.org/x = url:http://example.org/x",
		}},
		{"defanged URL and domain", "hxxps://evil[.]example/x and worse[.]example, www.example.org", []string{
			"hxxps://evil[.]example/x = url:https://evil.example/x", "worse[.]example = domain:worse.example",
			"www.example.org = domain:www.example.org",
		}},
		{"hash", "is " + strings.ToUpper(emptyHash) + ".", []string{strings.ToUpper(emptyHash) + " = sha256:" + emptyHash}},
	} {
		t.Run(c.what, func(t *testing.T) {
			if diff := cmp.Diff(c.want, found(c.text, "US")); diff != "" {
				t.Errorf("%q (-want +got):\n%s", c.text, diff)
			}
		})
	}
}

// What only looks like a selector. The kind that must not be found stands first.
func TestFindLeavesAlone(t *testing.T) {
	for _, c := range []struct {
		kind selector.Kind
		text string
	}{
		{selector.Phone, "2024-01-05 12:30:45"},
		{selector.Phone, "20240105123045"},
		{selector.Phone, "05/01/2024, 12:30"},
		{selector.Phone, "1704412800"},
		{selector.Phone, "1704412800123"},
		{selector.Phone, "3.14159265358 and 38.8976763,-77.0365298"},
		{selector.Phone, "2025550147.5"},
		{selector.Phone, "$2025550147 and -2025550147 and #2025550147"},
		{selector.Phone, "192.168.100.200"},
		{selector.Phone, "550e8400-e29b-41d4-a716-446655440000"},
		{selector.Phone, emptyHash},
		{selector.Phone, "a2025550147 2025550147b 2025550147_1"},
		{selector.Phone, "4111 1111 1111 1111"},
		{selector.Phone, strings.Repeat("2025550147", 5)},
		{selector.Phone, "/sms/2025550147/body"},
		{selector.Phone, "https://example.org/2025550147"},
		{selector.Phone, "2025550147@example.org"},
		{selector.Phone, "5550147"},
		{selector.Phone, "+0 202 555 0147"},
		{selector.Phone, "https://t.me/+43--1( wa.me/1-202-555-0147 1a202555@s.whatsapp.net"},
		{selector.Email, "icon@2x.png user@host a@b.c @desk@mastodon.example"},
		{selector.Email, "desk@example.nosuchdomain"},
		{selector.Email, "https://desk@example.org/"},
		{selector.Telegram, "desk@example.org, write to @example.org"},
		{selector.Telegram, "@abcd and @1abcdef and @" + strings.Repeat("a", 33)},
		{selector.Telegram, "a@lamp_light lamp@lamp_light /@lamp_light"},
		{selector.Telegram, "https://t.me/share/url?url=x t.me/c/1234567/8"},
		{selector.Domain, "main.py e.g. the.end.Then com.example.app foo.go os.open(x) a/b.example"},
		{selector.Domain, "desk@example.org https://example.org/x"},
		{selector.Domain, "1.2.3.4 v1.2.3 3.14"},
		{selector.URL, "http:// https://. ftp://example.org/ xhttp://example.org/"},
		{selector.SHA256, emptyHash + "0 " + emptyHash[1:] + " x" + emptyHash},
	} {
		for _, hit := range selector.Find(c.text, selector.Options{Region: "US"}) {
			if hit.Selector.Kind == c.kind {
				t.Errorf("%q: found %s", c.text, hit.Selector)
			}
		}
	}
}

// Seconds since 1970 are valid German mobile numbers but for the 0 before them.
func TestFindWantsTheTrunkPrefix(t *testing.T) {
	if lines := found("1704412800", "DE"); lines != nil {
		t.Errorf("found %q", lines)
	}
	want := []string{"030 901820 = phone:+4930901820"}
	if diff := cmp.Diff(want, found("Tel. 030 901820", "DE")); diff != "" {
		t.Error(diff)
	}
}

func TestFindWithoutRegion(t *testing.T) {
	want := []string{"+12025550148 = phone:+12025550148"}
	if diff := cmp.Diff(want, found("202-555-0147 or +12025550148", "")); diff != "" {
		t.Error(diff)
	}
}

// An enemy's text must not make the finder slow: what grows is the text, not the
// work for each byte of it.
func TestFindHostileText(t *testing.T) {
	for _, unit := range []string{
		"1 ", "12-", "+1", "+1 ", "(", "((1", "@", "a@", "@a", "a.", ".a", "[.]", "[dot]", "http://", "://", "hxxp",
		"0", "00 ", "1.", "٠", "٠ ", "t.me/", "a@b.", "+1 202 555 0147 ", "abcdef01", "%3D", "xn--", "。", "\xff", "é", "a-", "9 9-9 (",
		"http://,", "http://a/" + strings.Repeat(")", 5000), "tg://?", "https://t.me/?", "http://a/x",
	} {
		text := strings.Repeat(unit, (1<<20)/len(unit))
		start := time.Now()
		selector.Find(text, selector.Options{Region: "US"})
		if spent := time.Since(start); spent > 20*time.Second {
			t.Errorf("%q repeated to 1 MiB takes %s", unit, spent)
		}
	}
}

// TestManyThatGoBackAreFoundOnce: addresses that are spelled out are looked for
// after as many others were found.
func TestManyThatGoBackAreFoundOnce(t *testing.T) {
	const n = 2000
	text := strings.Repeat("desk@hall.example desk at hall dot example ", n)
	hits := selector.Find(text, selector.Options{})
	for i := 1; i < len(hits); i++ {
		if hits[i].Start < hits[i-1].End {
			t.Fatalf("hit %d begins within the one before it", i)
		}
	}
	if len(hits) != 2*n {
		t.Errorf("found %d, want %d", len(hits), 2*n)
	}
}
