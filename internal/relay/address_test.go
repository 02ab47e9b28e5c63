package relay

import (
	"strings"
	"testing"
)

const testPin = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

func TestParseAddress(t *testing.T) {
	for in, want := range map[string]string{
		"https://127.0.0.1:7443#" + testPin:                              "",
		"https://relay.example:7443":                                     "",
		"https://relay.example":                                          "https://relay.example:443",
		"https://RELAY.example:07443/#" + testPin:                        "https://relay.example:7443#" + testPin,
		"https://[2001:db8::1]:7443#" + testPin:                          "",
		"http://127.0.0.1:8080":                                          "",
		"http://[::1]:8080":                                              "",
		"http://localhost":                                               "http://localhost:80",
		"https://a.example,B.example:7443#" + testPin:                    "https://a.example:443,b.example:7443#" + testPin,
		"https://192.0.2.1:7443,[2001:db8::1]:7443,192.0.2.3#" + testPin: "https://192.0.2.1:7443,[2001:db8::1]:7443,192.0.2.3:443#" + testPin,
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
		"https://a.example,":                           "host and a port",
		"https://a.example:1,a.example:1":              "host 2 is named twice",
		"https://a,b,c,d,e,f,g,h,i":                    "at most 8",
		"http://127.0.0.1:80,192.0.2.1:80":             "only for a relay on this machine",
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
	f.Add("https://a.example:1,[2001:db8::1]:2#" + testPin)
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAddress(s)
		if err != nil {
			return
		}
		if again, err := ParseAddress(a.String()); err != nil || again != a {
			t.Errorf("%q became %q, which became %q, %v", s, a, again, err)
		}
		for _, host := range a.hosts() {
			if a.Scheme == "http" && !isLoopback(host) {
				t.Errorf("%q goes over the network in the clear", s)
			}
		}
	})
}
