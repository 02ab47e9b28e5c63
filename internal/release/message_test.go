package release_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"parley/internal/release"
)

const (
	anIdent  = "000102030405060708090a0b0c0d0e0f"
	aDigest  = "1111111111111111111111111111111111111111111111111111111111111111"
	aReport  = "report--7b0e4d5c-52f1-4c1e-8f0a-000000000001"
	anAsk    = `{"version":1,"ident":"` + anIdent + `","way":"release","of":[{"report":"` + aReport + `","digest":"` + aDigest + `"}],"recipient":{"category":"a bank"},"purpose":"To find it.","permitted_use":"detection","tlp":"amber"}`
	anAnswer = `{"version":1,"ident":"` + anIdent + `","ask":"` + aDigest + `","consents":true,"uses":["detection"],"reason":"They are in danger too."}`
	aNo      = `{"version":1,"ident":"` + anIdent + `","ask":"` + aDigest + `","consents":false,"uses":[],"reason":"Not yet."}`
	aRecall  = `{"version":1,"ident":"` + anIdent + `","report":"` + aReport + `","digest":"` + aDigest + `","replaced_by":"","reason":"It was wrong."}`
	aReceipt = `{"version":1,"ident":"` + anIdent + `","told":2,"confirmed":1}`
)

// readers read each message, and give what they read.
var readers = map[string]func([]byte) (any, error){
	release.KindAsk:               func(b []byte) (any, error) { return release.ReadAsk(b) },
	release.KindAnswer:            func(b []byte) (any, error) { return release.ReadAnswer(b) },
	release.KindWithdrawal:        func(b []byte) (any, error) { return release.ReadWithdrawal(b) },
	release.KindWithdrawalReceipt: func(b []byte) (any, error) { return release.ReadWithdrawalReceipt(b) },
}

// TestMessagesAreWrittenOneWay: as docs/protocol/release.md has it, and no other.
func TestMessagesAreWrittenOneWay(t *testing.T) {
	for kind, texts := range map[string][]string{
		release.KindAsk: {anAsk}, release.KindAnswer: {anAnswer, aNo}, release.KindWithdrawal: {aRecall}, release.KindWithdrawalReceipt: {aReceipt},
	} {
		for _, text := range texts {
			if _, err := readers[kind]([]byte(text)); err != nil {
				t.Errorf("%s: %v", kind, err)
			}
			for name, other := range map[string]string{
				"a blank before it":     " " + text,
				"a blank after it":      text + "\n",
				"a blank in it":         strings.Replace(text, ":", ": ", 1),
				"a name in upper case":  strings.Replace(text, `"version"`, `"Version"`, 1),
				"an escape":             strings.Replace(text, `"ident"`, `"id\u0065nt"`, 1),
				"a number otherwise":    strings.Replace(text, `"version":1`, `"version":1.0`, 1),
				"a member more":         strings.Replace(text, `{`, `{"x":1,`, 1),
				"a member less":         strings.Replace(text, `"version":1,`, ``, 1),
				"two of a member":       strings.Replace(text, `"version":1`, `"version":1,"version":1`, 1),
				"another order":         strings.Replace(text, `"version":1,"ident":"`+anIdent+`"`, `"ident":"`+anIdent+`","version":1`, 1),
				"an upper-case ident":   strings.Replace(text, "0a0b", "0A0B", 1),
				"a number of no length": strings.Replace(text, anIdent, "", 1),
				"something behind it":   text + "{}",
				"nothing":               "",
				"null":                  "null",
			} {
				_, err := readers[kind]([]byte(other))
				if err == nil {
					t.Errorf("%s with %s was taken", kind, name)
				} else if !strings.Contains(err.Error(), "byte ") && !strings.Contains(err.Error(), "$.") {
					t.Errorf("%s with %s: no place in %q", kind, name, err)
				}
			}
		}
	}
}

// TestAMessageHasItsPlaceInTheError.
func TestAMessageHasItsPlaceInTheError(t *testing.T) {
	for _, c := range []struct{ kind, text, want string }{
		{release.KindAsk, strings.Replace(anAsk, `"digest":"1`, `"digest":"g`, 1), "$.of[0].digest"},
		{release.KindAsk, strings.Replace(anAsk, "report--", "note--", 1), "$.of[0].report"},
		{release.KindAsk, strings.Replace(anAsk, "To find it.", "To find it.\\n", 1), "$.purpose"},
		{release.KindAsk, strings.Replace(anAsk, `"amber"`, `"clear"`, 1), "$.tlp"},
		{release.KindAnswer, strings.Replace(anAnswer, `["detection"]`, `["detection","detection"]`, 1), "$.uses[1]"},
		{release.KindAnswer, strings.Replace(aNo, `[]`, `null`, 1), "$.uses"},
		{release.KindWithdrawal, strings.Replace(aRecall, `"replaced_by":""`, `"replaced_by":"`+aDigest+`"`, 1), "$.replaced_by"},
		{release.KindWithdrawal, strings.Replace(aRecall, "It was wrong.", strings.Repeat("x", 501), 1), "$.reason"},
		{release.KindWithdrawalReceipt, strings.Replace(aReceipt, `"confirmed":1`, `"confirmed":3`, 1), "$.confirmed"},
		{release.KindWithdrawalReceipt, strings.Replace(aReceipt, `"told":2`, `"told":-1`, 1), "$.confirmed"},
	} {
		if _, err := readers[c.kind]([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want the place %s", c.text, err, c.want)
		}
	}
}

// FuzzMessages: what is taken is written the same way again, byte for byte.
func FuzzMessages(f *testing.F) {
	for _, text := range []string{anAsk, anAnswer, aNo, aRecall, aReceipt, "null", "{}"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for kind, read := range readers {
			v, err := read(body)
			if err != nil {
				continue
			}
			var again bytes.Buffer
			enc := json.NewEncoder(&again)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(v); err != nil || !bytes.Equal(bytes.TrimSuffix(again.Bytes(), []byte("\n")), body) {
				t.Errorf("%s: %q was taken, and is written %q (%v)", kind, body, again.Bytes(), err)
			}
		}
	})
}
