package release_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"parley/internal/release"
	"parley/stix"
	"parley/stix/pattern"
)

// FuzzVerify feeds the receiver hostile bytes. What it accepts is in canonical form and can be
// checked without harm.
func FuzzVerify(f *testing.F) {
	tearline, err := release.Build(readReport(f), request(f), fixed())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(tearline.Bundle)
	f.Add([]byte(`{"id":"bundle--2a77dc5a-01e4-44f2-9365-86214695ea56","type":"bundle"}`))
	f.Add([]byte(`{"id":"x","objects":[{}],"type":"bundle"}`))
	f.Add(bytes.Repeat([]byte("["), 1000))
	f.Fuzz(func(t *testing.T, data []byte) {
		received, err := release.Verify(data)
		if err != nil {
			return
		}
		canonical, err := stix.Canonical(data)
		if err != nil || !bytes.Equal(canonical, data) {
			t.Errorf("accepted bytes that are not in canonical form: %q", data)
		}
		if received.PermittedUse == "" || received.TLP == "" || received.Report.IsZero() {
			t.Errorf("accepted a tearline without its label, use or report: %+v", received)
		}
		release.Check(release.Tearline{Bundle: data}, release.Secrets{})
	})
}

// FuzzCheckText puts a name, between spaces, into any text: it is always found.
func FuzzCheckText(f *testing.F) {
	f.Add("A plan is made.", "It is known.")
	f.Add("at 03:12 ", "+1 202-555-0199 @quiet_river")
	f.Add("p e l i", " c a n \u202e\u200b")
	f.Add("50.84, 4.36 الساعة ٠٣:١٢", "[at] dot ")
	report, req, s := readReport(f), request(f), secrets(f)
	f.Fuzz(func(t *testing.T, before, after string) {
		req.Text = before + " Pelican " + after
		tearline, err := release.Build(report, req, fixed())
		if err != nil {
			return
		}
		findings := release.Check(tearline, s)
		found := slices.ContainsFunc(findings, func(f release.Finding) bool { return f.Rule == "name" && f.Blocking })
		if !found {
			t.Errorf("the name was missed in %q", req.Text)
		}
		for _, f := range findings {
			if f.Rule == "name" && strings.Contains(strings.ToLower(f.Excerpt), "pelican") {
				t.Errorf("the finding prints the name: %+v", f)
			}
		}
	})
}

// FuzzPattern releases an indicator with any pattern. What its tearline asks for is one of the cleared
// selectors, and nothing of the original is left.
func FuzzPattern(f *testing.F) {
	f.Add("[phone-number:value = '+12025550147' OR user-account:account_login IN ('Harbour_Lights', 'x')]")
	f.Add("[phone-number:value = '+12025550147' /* from Orchid */] OR [url:value = 'https://x.example/']")
	f.Add(`[phone-number:value = '+12025550147'] FOLLOWEDBY [file:hashes.'SHA-256' = 'it\'s']`)
	f.Add("[(phone-number:number = '+1 (202) 555-0147')] WITHIN 5 SECONDS")
	req := request(f)
	allowed := map[string]bool{}
	for _, s := range req.Cleared {
		allowed[s.Value] = true
	}
	f.Fuzz(func(t *testing.T, original string) {
		quoted, err := json.Marshal(original)
		if err != nil {
			return
		}
		o, err := stix.ParseObject([]byte(strings.Replace(indicator("PATTERN"), `"PATTERN"`, string(quoted), 1)))
		if err != nil {
			return
		}
		_, found := build(t, req, "indicator", o)
		if len(found) == 0 {
			return
		}
		text, _ := found[0].String("pattern")
		p, err := pattern.Parse(text, pattern.Options{})
		if err != nil || p.String() != text {
			t.Fatalf("%q is released as %q: %v", original, text, err)
		}
		for c := range p.Comparisons() {
			value, _ := c.Constants[0].(pattern.String)
			path := c.Path.String()
			if !allowed[string(value)] || c.Operator != pattern.Equal || c.Negated || path != "phone-number:value" && path != "user-account:account_login" {
				t.Fatalf("%q is released as %q", original, text)
			}
		}
	})
}

// FuzzLayers hides a name in any text, in one encoding within another: it is found, and no text costs much.
func FuzzLayers(f *testing.F) {
	f.Add("See the token ", " with it.", uint8(0))
	f.Add("%41%2541 &#65;\\x41 =41 ", "\n41 42 43 44 45", uint8(7))
	f.Add("AAAA", "QUFBQUFBQUFBQUFB", uint8(11))
	req, s := request(f), secrets(f)
	encodings := []func(string) string{
		func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
		func(s string) string { return hex.EncodeToString([]byte(s)) },
		url.PathEscape,
	}
	f.Fuzz(func(t *testing.T, before, after string, how uint8) {
		hidden := "told by Pelican himself"
		for range 2 {
			hidden = encodings[int(how)%len(encodings)](hidden)
			how /= uint8(len(encodings))
		}
		req.Text = before + "\n\n" + hidden + "\n\n" + after
		if len(req.Text) > 2_000 {
			return // what is decoded is bounded: a long text may hide it
		}
		tearline, err := release.Build(nil, req, fixed())
		if err != nil {
			return
		}
		if !blockedBy(release.Check(tearline, s), "name") {
			t.Errorf("the name was missed in %q", req.Text)
		}
	})
}
