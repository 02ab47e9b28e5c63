package relay

import (
	"strings"
	"testing"
)

const testPin = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

func TestParseAddress(t *testing.T) {
	for in, want := range map[string]string{
		"https://127.0.0.1:7443#" + testPin:       "",
		"https://relay.example:7443":              "",
		"https://relay.example":                   "https://relay.example:443",
		"https://RELAY.example:07443/#" + testPin: "https://relay.example:7443#" + testPin,
		"https://[2001:db8::1]:7443#" + testPin:   "",
		"http://127.0.0.1:8080":                   "",
		"http://[::1]:8080":                       "",
		"http://localhost":                        "http://localhost:80",
	} {
		a, err := ParseAddress(in)
		if want == "" {
			want = in
		}
		if err != nil || a.String() != want {
			t.Errorf("%s: %s, %v; want %s", in, a, err, want)
		}
		if again, err := ParseAddress(a.String()); err != nil || again != a {
			t.Errorf("%s does not read back: %v", a, err)
		}
	}
}

func TestParseAddressRefuses(t *testing.T) {
	for in, says := range map[string]string{
		"":                                       "https://",
		"relay.example:7443":                     "https://",
		"ftp://relay.example:21":                 "https://",
		"https://":                               "host and a port",
		"https://relay.example:0":                "port from 1",
		"https://relay.example:65536":            "port from 1",
		"https://relay.example/v1":               "only https://host",
		"https://relay.example?a=b":              "only https://host",
		"https://relay.example?":                 "only https://host",
		"https://user@relay.example":             "only https://host",
		"https://relay.example#" + testPin[:42]:  "copied whole",
		"https://relay.example#" + testPin + "A": "copied whole",
		// The last character carries two bits that are not the pin's: 9 is 8 with one of them set.
		"https://relay.example#" + testPin[:42] + "9":  "copied whole",
		"https://relay.example#" + testPin[:42] + "\n": "copied whole",
		"https://[relay]:1":                            "not a",
		"https://relay example:1":                      "not a URL",
		"http://relay.example:80":                      "only for a relay on this machine",
		"http://192.0.2.1:80":                          "only for a relay on this machine",
		"http://127.0.0.1:80#" + testPin:               "no certificate to pin",
		"https://" + strings.Repeat("a", 600):          "512 bytes",
	} {
		if a, err := ParseAddress(in); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.60q: %s, %v; want an error that says %q", in, a, err, says)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	f.Add("https://127.0.0.1:7443#" + testPin)
	f.Add("http://[::1%25eth0]:80")
	f.Add("https://a.example:1/#")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAddress(s)
		if err != nil {
			return
		}
		if again, err := ParseAddress(a.String()); err != nil || again != a {
			t.Errorf("%q became %q, which became %q, %v", s, a, again, err)
		}
		if a.Scheme == "http" && !isLoopback(a.Host) {
			t.Errorf("%q goes over the network in the clear", s)
		}
	})
}
