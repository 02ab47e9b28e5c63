package selector_test

import (
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"parley/selector"
)

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" // SHA-256 of nothing

func TestParse(t *testing.T) {
	us := selector.Options{Region: "US"}
	for _, c := range []struct {
		kind selector.Kind
		raw  string
		opt  selector.Options
		want string
	}{
		{selector.Phone, "+1 202-555-0147", selector.Options{}, "+12025550147"},
		{selector.Phone, "(202) 555-0147", us, "+12025550147"},
		{selector.Phone, "1-202-555-0147", us, "+12025550147"},
		{selector.Phone, "2025550147", selector.Options{Region: "us"}, "+12025550147"},
		{selector.Phone, "0012025550147", selector.Options{}, "+12025550147"},
		{selector.Phone, "tel:+1-202-555-0147;ext=7", selector.Options{}, "+12025550147"},
		{selector.Phone, "+١ ٢٠٢ ٥٥٥ ٠١٤٧", selector.Options{}, "+12025550147"},
		{selector.Phone, "+۱۲۰۲۵۵۵۰۱۴۷", selector.Options{}, "+12025550147"},
		{selector.Phone, "\u202a+1\u00a0202\u2011555\u20110147\u202c", selector.Options{}, "+12025550147"},
		{selector.Phone, "+44 (0)20 7946 0958", selector.Options{}, "+442079460958"},
		{selector.Phone, "020 7946 0958", selector.Options{Region: "GB"}, "+442079460958"},
		{selector.Phone, "+39 06 1234 5678", selector.Options{}, "+390612345678"},
		{selector.Phone, "+44 7700 900123", selector.Options{}, "+447700900123"}, // reserved by Ofcom, so assigned to nobody
		{selector.Email, " Desk@Example.ORG ", selector.Options{}, "desk@example.org"},
		{selector.Email, "mailto:desk+lamp@example.org", selector.Options{}, "desk+lamp@example.org"},
		{selector.Email, "desk@пример.example", selector.Options{}, "desk@xn--e1afmkfd.example"},
		{selector.Email, "desk@example[.]org", selector.Options{}, "desk@example.org"},
		{selector.Telegram, "@Lamp_Light", selector.Options{}, "lamp_light"},
		{selector.Telegram, "Lamp_Light", selector.Options{}, "lamp_light"},
		{selector.Telegram, "https://t.me/Lamp_Light/42?single", selector.Options{}, "lamp_light"},
		{selector.Telegram, "telegram.me/Lamp_Light", selector.Options{}, "lamp_light"},
		{selector.Telegram, "https://t.me/s/Lamp_Light", selector.Options{}, "lamp_light"},
		{selector.Telegram, "tg://resolve?domain=Lamp_Light", selector.Options{}, "lamp_light"},
		{selector.Telegram, "https://t.me/+AbCdEfGhIjKlMnOp", selector.Options{}, "+AbCdEfGhIjKlMnOp"},
		{selector.Telegram, "t.me/joinchat/AbCdEfGhIjKlMnOp", selector.Options{}, "+AbCdEfGhIjKlMnOp"},
		{selector.Telegram, "tg://join?invite=AbCdEfGhIjKlMnOp", selector.Options{}, "+AbCdEfGhIjKlMnOp"},
		{selector.URL, "HTTP://Example.ORG", selector.Options{}, "http://example.org/"},
		{selector.URL, "https://example.org:443/A?b=C#d", selector.Options{}, "https://example.org/A?b=C"},
		{selector.URL, "http://example.org:8080/", selector.Options{}, "http://example.org:8080/"},
		{selector.URL, "hxxps[:]//evil[.]example/x", selector.Options{}, "https://evil.example/x"},
		{selector.URL, "http://user:secret@example.org/", selector.Options{}, "http://example.org/"},
		{selector.URL, "http://example.org?q=1", selector.Options{}, "http://example.org/?q=1"},
		{selector.URL, "http://example.org/%7euser/%c3%a9", selector.Options{}, "http://example.org/~user/%C3%A9"},
		{selector.URL, "http://пример.example/путь", selector.Options{}, "http://xn--e1afmkfd.example/%D0%BF%D1%83%D1%82%D1%8C"},
		{selector.URL, "http://[2001:DB8:0::1]:80/", selector.Options{}, "http://[2001:db8::1]/"},
		{selector.URL, "http://192.0.2.7/", selector.Options{}, "http://192.0.2.7/"},
		{selector.SHA256, strings.ToUpper(emptyHash), selector.Options{}, emptyHash},
		{selector.SHA256, "sha256:" + emptyHash, selector.Options{}, emptyHash},
		{selector.Domain, "Example.ORG.", selector.Options{}, "example.org"},
		{selector.Domain, "evil[.]example", selector.Options{}, "evil.example"},
		{selector.Domain, "bücher.example", selector.Options{}, "xn--bcher-kva.example"},
	} {
		got, err := selector.Parse(c.kind, c.raw, c.opt)
		if err != nil || got.Value != c.want || got.Kind != c.kind {
			t.Errorf("Parse(%s, %q) = %v, %v; want %s", c.kind, c.raw, got, err, c.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		kind selector.Kind
		raw  string
		opt  selector.Options
		says string
	}{
		{"wallet", "x", selector.Options{}, "not known"},
		{selector.Phone, "", selector.Options{}, "empty"},
		{selector.Phone, "2025550147", selector.Options{}, "no region"},
		{selector.Phone, "2025550147", selector.Options{Region: "XX"}, "XX"},
		{selector.Phone, "+1 202 555", selector.Options{}, "no country"},
		{selector.Phone, "5550147", selector.Options{Region: "US"}, "length"},
		{selector.Phone, "1-800-LAMPLIT", selector.Options{Region: "US"}, "cannot hold"},
		{selector.Phone, "+1202555014712345678", selector.Options{}, "at most"},
		{selector.Phone, "call me", selector.Options{}, "cannot hold"},
		{selector.Email, "desk", selector.Options{}, "no @"},
		{selector.Email, "desk@localhost", selector.Options{}, "two labels"},
		{selector.Email, ".desk@example.org", selector.Options{}, "dot"},
		{selector.Email, "a b@example.org", selector.Options{}, "cannot hold"},
		{selector.Email, "desk@-example.org", selector.Options{}, "hyphen"},
		{selector.Email, strings.Repeat("a", 65) + "@example.org", selector.Options{}, "64"},
		{selector.Telegram, "@abc", selector.Options{}, "5 to 32"},
		{selector.Telegram, "@1abcde", selector.Options{}, "letter"},
		{selector.Telegram, "https://example.org/lamp_light", selector.Options{}, "not to t.me"},
		{selector.Telegram, "https://t.me/share/url?url=x", selector.Options{}, "no account"},
		{selector.Telegram, "t.me/+12025550147", selector.Options{}, "phone"},
		{selector.URL, "ftp://example.org/", selector.Options{}, "http"},
		{selector.URL, "example.org/x", selector.Options{}, "scheme"},
		{selector.URL, "http:///x", selector.Options{}, "host"},
		{selector.URL, "http://example.org:99999/", selector.Options{}, "port"},
		{selector.URL, "http://exa mple.org/", selector.Options{}, "cannot hold"},
		{selector.URL, "http://℀.example/", selector.Options{}, "host"},
		{selector.URL, "http://[::1%25eth0]/", selector.Options{}, "IPv6"},
		{selector.SHA256, emptyHash[1:], selector.Options{}, "64"},
		{selector.SHA256, "g" + emptyHash[1:], selector.Options{}, "digits"},
		{selector.Domain, "example", selector.Options{}, "two labels"},
		{selector.Domain, "192.0.2.7", selector.Options{}, "IP address"},
		{selector.Domain, strings.Repeat("a", 64) + ".example", selector.Options{}, "63"},
		{selector.Domain, strings.Repeat("a", 5000), selector.Options{}, "4096"},
	} {
		got, err := selector.Parse(c.kind, c.raw, c.opt)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("Parse(%s, %.60q) = %v, %v; want an error with %q", c.kind, c.raw, got, err, c.says)
		}
		if err != nil && len(err.Error()) > 400 {
			t.Errorf("the error repeats %d bytes of the input", len(err.Error()))
		}
	}
}

// The canonical form is what both parties hash: it must never change.
func TestCanonicalBytes(t *testing.T) {
	s := selector.Selector{Kind: selector.Phone, Value: "+12025550147"}
	const want = "73656c6563746f722f3100" + "05" + "70686f6e65" + "2b3132303235353530313437"
	if got := hex.EncodeToString(s.Canonical()); got != want {
		t.Errorf("Canonical = %s, want %s", got, want)
	}
}

func TestJSON(t *testing.T) {
	s := selector.Selector{Kind: selector.Email, Value: "desk@example.org"}
	raw, err := json.Marshal(s)
	if err != nil || string(raw) != `{"kind":"email","value":"desk@example.org"}` {
		t.Errorf("%s, %v", raw, err)
	}
}

func TestParseText(t *testing.T) {
	for _, text := range []string{
		"phone:+12025550147", "email:desk@example.org", "telegram:lamp_light", "telegram:+AbCdEfGhIj",
		"url:https://example.org/x?y=z", "sha256:" + emptyHash, "domain:example.org",
	} {
		s, err := selector.ParseText(text)
		if err != nil || s.String() != text {
			t.Errorf("ParseText(%q) = %v, %v", text, s, err)
		}
	}
	for _, text := range []string{
		"", "phone", "phone:", "phone:2025550147", "phone:+1 202 555 0147", "email:Desk@example.org",
		"telegram:@lamp_light", "url:https://example.org", "Phone:+12025550147", "wallet:x", " phone:+12025550147",
		"phone:+12025550147 ",
	} {
		if s, err := selector.ParseText(text); err == nil {
			t.Errorf("ParseText(%q) = %v; want an error", text, s)
		}
	}
}

func TestDetect(t *testing.T) {
	for raw, want := range map[string]string{
		"+1 202 555 0147":            "phone:+12025550147",
		"(202) 555-0147":             "phone:+12025550147",
		"tel:+12025550147":           "phone:+12025550147",
		"https://wa.me/12025550147":  "phone:+12025550147",
		"t.me/+12025550147":          "phone:+12025550147",
		"Desk@example.org":           "email:desk@example.org",
		"mailto:desk@example.org":    "email:desk@example.org",
		"@Lamp_Light":                "telegram:lamp_light",
		"https://t.me/Lamp_Light":    "telegram:lamp_light",
		"t.me/Lamp_Light":            "telegram:lamp_light",
		"https://example.org/a":      "url:https://example.org/a",
		"hxxp://evil[.]example/":     "url:http://evil.example/",
		"hxxp[:]//evil[.]example/":   "url:http://evil.example/",
		emptyHash:                    "sha256:" + emptyHash,
		"sha256:" + emptyHash:        "sha256:" + emptyHash,
		"example.org":                "domain:example.org",
		"evil[.]example":             "domain:evil.example",
		"192.0.2[.]7":                "ipv4:192.0.2.7",
		"2001:DB8::1":                "ipv6:2001:db8::1",
		"00-00-5E-00-53-01":          "mac:00:00:5e:00:53:01",
		"https://x.com/Lamp_Light":   "x:lamp_light",
		"https://vk.com/id1234567":   "vk-id:1234567",
		"t.me/c/1234567890/8":        "telegram-id:-1001234567890",
		"4QFJ1234056781":             "coordinates:21.30945,-157.91686",
		"21.309444, -157.916861":     "coordinates:21.30944,-157.91686",
		"phone:(202) 555-0147":       "phone:+12025550147",
		"\ufefftelegram:Lamp_Light ": "telegram:lamp_light",
	} {
		s, err := selector.Detect(raw, selector.Options{Region: "US"})
		if err != nil || s.String() != want {
			t.Errorf("Detect(%q) = %v, %v; want %s", raw, s, err, want)
		}
	}
	for _, raw := range []string{"", "lamp", "12", "@x", "a@b", "192.0.2.700", strings.Repeat("1", 5000)} {
		if s, err := selector.Detect(raw, selector.Options{Region: "US"}); err == nil {
			t.Errorf("Detect(%.20q) = %v; want an error", raw, s)
		}
	}
}
