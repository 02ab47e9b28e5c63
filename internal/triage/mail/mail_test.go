package mail_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/triage/mail"
)

// parts writes what a message was taken apart into.
func parts(text string) []string {
	m := mail.Parse([]byte(text))
	var lines []string
	for _, p := range m.Parts {
		lines = append(lines, fmt.Sprintf("%s %q %q", p.Type, p.Name, m.Content(p)))
	}
	return lines
}

func TestParts(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"no MIME (RFC 5322 appendix A.1.1)": {"From: John Doe <jdoe@machine.example>\nSubject: Saying Hello\n\nThis is a message just to say hello.\n", []string{`text/plain "" "This is a message just to say hello.\n"`}},
		"a preamble and an epilogue (RFC 2046 section 5.1.1)": {
			"MIME-Version: 1.0\r\nContent-type: multipart/mixed; boundary=\"simple boundary\"\r\n\r\npreamble\r\n\r\n--simple boundary\r\n\r\nimplicitly typed\r\n--simple boundary\r\nContent-type: text/plain; charset=us-ascii\r\n\r\nexplicitly typed\r\n\r\n--simple boundary--\r\n\r\nepilogue\r\n",
			[]string{`text/plain "" "implicitly typed"`, `text/plain "" "explicitly typed\r\n"`},
		},
		"cut off in a part":              {"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntw", []string{`text/plain "" "one"`, `text/plain "" "tw"`}},
		"a boundary that begins another": {"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\none\n--bb--\n--b\n\ntwo\n--b--\n", []string{`text/plain "" "one"`, `text/plain "" "two"`}},
		"base64 with rubbish":            {"Content-Type: text/plain\nContent-Transfer-Encoding: BASE64\n\naGVs*bG8g\n d29ybGQ", []string{`text/plain "" "hello world"`}},
		"quoted-printable":               {"Content-Transfer-Encoding: quoted-printable\n\na=3Db=20=\r\nc =ZZ=  \nd=", []string{`text/plain "" "a=b c =ZZd"`}},
		"another set":                    {"Content-Type: text/plain; charset=koi8-r\n\n\xf0\xf2", []string{`text/plain "" "ПР"`}},
		"a set nobody knows":             {"Content-Type: text/plain; charset=x-none\n\na\xf0", []string{`text/plain "" "a\xf0"`}},
		"a name in RFC 2231":             {"Content-Type: application/pdf; name*=utf-8'en'%E2%82%AC%20rates.pdf\n\n", []string{`application/pdf "€ rates.pdf" ""`}},
		"a name in pieces":               {"Content-Disposition: attachment; filename*0*=utf-8''a%20; filename*1=\"b c\"; filename*2*=%2Etxt\n\n", []string{`text/plain "a b c.txt" ""`}},
		"a name in RFC 2047":             {"Content-Disposition: attachment; filename=\"=?utf-8?B?w6QudHh0?=\"\n\n", []string{`text/plain "ä.txt" ""`}},
		"no header at all":               {"what is this", []string{`text/plain "" "what is this"`}},
		"nothing":                        {"", []string{`text/plain "" ""`}},
		"a digest (RFC 2046)":            {"Content-Type: multipart/digest; boundary=x\n\n--x\n\nFrom: a@example.org\n\nhi\n--x--", []string{`message/rfc822 "" "From: a@example.org\n\nhi"`}},
	} {
		if diff := cmp.Diff(c.want, parts(c.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// The examples of RFC 2047 section 8.
func TestWords(t *testing.T) {
	for written, want := range map[string]string{
		"=?ISO-8859-1?Q?a?=":                            "a",
		"=?ISO-8859-1?Q?a?= b":                          "a b",
		"=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=":         "ab",
		"=?ISO-8859-1?Q?a_b?=":                          "a b",
		"=?ISO-8859-1?Q?Andr=E9?= Pirard <a@b.example>": "André Pirard <a@b.example>",
		"=?x-none?Q?a?=":                                "=?x-none?Q?a?=",
	} {
		if got := mail.DecodeWords(written); got != want {
			t.Errorf("%q is %q, want %q", written, got, want)
		}
	}
	m := mail.Parse([]byte("Subject: one\r\n two\r\nsubject: other\r\n\r\n"))
	if got := m.Get("subject"); got != "one two" {
		t.Errorf("a folded field is %q", got)
	}
}

// A thousand messages in each other, and a hundred thousand parts, end soon.
func TestHostileMessages(t *testing.T) {
	var nested strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	if n := len(parts(nested.String())); n != 1 {
		t.Errorf("a thousand multiparts make %d parts", n)
	}
	many := "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 100_000)
	if n := len(parts(many)); n > 1001 {
		t.Errorf("it has %d parts", n)
	}
}

// Words that begin and never end cost what the field has, not its square: half a
// megabyte of them takes some megabytes of memory, and not hundreds of gigabytes.
func TestWordsWithoutEnd(t *testing.T) {
	for name, field := range map[string]string{
		"no end": strings.Repeat("=?a?b? ", 80_000), "one end": strings.Repeat("=?utf-8?b?", 60_000) + "?=",
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := mail.DecodeWords(field)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 512<<20 {
			t.Errorf("%s: it took %d bytes", name, took)
		}
		if len(got) > len(field) {
			t.Errorf("%s: %d bytes out of %d", name, len(got), len(field))
		}
	}
	word := "=?utf-8?q?=C3=A4?= and "
	if got := mail.DecodeWords(strings.Repeat(word, 1000)); got != strings.Repeat("ä and ", 1000) {
		t.Errorf("a long field is %.80q…", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"plain.eml", "attached.eml"} {
		raw, err := os.ReadFile("../testdata/artifacts/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m := mail.Parse(data)
		if len(m.Parts) == 0 && len(m.Between) == 0 || len(m.Parts) > 1200 {
			t.Errorf("%d parts", len(m.Parts))
		}
		total := 0
		for _, p := range m.Parts {
			total += p.Body.Length
			if n := len(m.Content(p)); n > 4*p.Body.Length {
				t.Errorf("%d bytes out of %d", n, p.Body.Length)
			}
		}
		for _, s := range m.Between {
			total += s.Length
		}
		if total > len(data) {
			t.Errorf("parts have %d bytes of %d: they lie over each other", total, len(data))
		}
	})
}
