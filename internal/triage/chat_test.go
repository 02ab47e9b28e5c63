package triage_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/triage"
	"parley/selector"
)

func TestWhatsApp(t *testing.T) {
	at := time.Date(2024, 1, 25, 12, 30, 0, 0, time.UTC)
	later := time.Date(2024, 1, 25, 18, 5, 9, 0, time.UTC)
	for _, text := range []string{
		"25/01/2024, 12:30 - Messages are encrypted.\n25/01/2024, 12:30 - Samir: ring me\non +1 202 555 0147\n25/01/2024, 18:05 - +1 202 555 0148: ok\n",
		"\u200e[25/01/2024, 12:30:00] Samir: ring me\non +1 202 555 0147\n[25/01/2024, 18:05:09] +1 202 555 0148: ok\n",
		"1/25/24, 12:30 PM - Samir: ring me\non +1 202 555 0147\n1/25/24, 6:05\u202fPM - +1 202 555 0148: ok",
		"\ufeff25.01.24, 12:30 - Samir: ring me\r\non +1 202 555 0147\r\n25.01.24, 18:05 - +1 202 555 0148: ok\r\n",
	} {
		r, path := runBytes(t, "WhatsApp Chat with Samir.txt", []byte(text), us)
		if len(r.artifacts) != 2 || r.files[0].Type != "whatsapp" || len(r.findings) != 2 {
			t.Errorf("%q: %+v %+v", text, r.artifacts, r.findings)
			continue
		}
		first, second := r.artifacts[0], r.artifacts[1]
		if first.From != "Samir" || first.Text != "ring me\non +1 202 555 0147" || !first.Time.Equal(at) || first.Name != "Samir" {
			t.Errorf("%q: %+v", text, first)
		}
		if second.From != "+1 202 555 0148" || second.Text != "ok" || second.Time.Truncate(time.Minute) != later.Truncate(time.Minute) ||
			len(second.Selectors) != 1 {
			t.Errorf("%q: %+v", text, second)
		}
		checkPlaces(t, path, r, us)
		e, err := triage.Show(t.Context(), path, first.Place, us)
		if err != nil || !strings.HasSuffix(strings.TrimSpace(string(e.Raw)), "0147") || !strings.Contains(string(e.Raw), "Samir: ring") {
			t.Errorf("%q shows %q, %v", first.Place, e.Raw, err)
		}
	}
}

func TestVCard(t *testing.T) {
	text := "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Halloran;S=C3=A1mir\r\nTEL;CELL:(202) 555-\r\n 0147\r\n" +
		"EMAIL;ENCODING=QUOTED-PRINTABLE:Desk=40Exam=\r\nple.org\r\nPHOTO;ENCODING=BASE64:QQ==@lamp_light\r\nEND:VCARD\r\n" +
		"begin:vcard\nversion:4.0\nfn:Lamp\\, Works\nitem1.TEL;VALUE=uri:tel:+1-202-555-0148\nNOTE:see t.me/lamp_\n light\nURL:https://example.org/x\nend:vcard\n"
	r, path := runBytes(t, "x.vcf", []byte(text), us)
	want := []string{
		"[" + span(text, "(202) 555-\r\n 0147") + "] = phone:+12025550147",
		"[" + span(text, "Desk=40Exam=\r\nple.org") + "] = email:desk@example.org",
		"[" + span(text, "+1-202-555-0148") + "] = phone:+12025550148",
		"[" + span(text, "t.me/lamp_\n light") + "] = telegram:lamp_light",
		"[" + span(text, "https://example.org/x") + "] = url:https://example.org/x",
	}
	if diff := cmp.Diff(want, r.found()); diff != "" {
		t.Error(diff)
	}
	checkPlaces(t, path, r, us)
	if len(r.artifacts) != 2 {
		t.Fatalf("%+v", r.artifacts)
	}
	phone, email := selector.Selector{Kind: selector.Phone, Value: "+12025550147"}, selector.Selector{Kind: selector.Email, Value: "desk@example.org"}
	if a := r.artifacts[0]; a.Name != "Sámir Halloran" || !cmp.Equal(a.Selectors, []selector.Selector{phone, email}) {
		t.Errorf("%+v", a)
	}
	if a := r.artifacts[1]; a.Name != "Lamp, Works" || a.Text != "see t.me/lamp_light" || len(a.Selectors) != 3 {
		t.Errorf("%+v", a)
	}
	e, err := triage.Show(t.Context(), path, r.findings[0].Place, us)
	if err != nil || string(e.Raw) != "(202) 555-\r\n 0147" {
		t.Errorf("%q, %v", e.Raw, err)
	}
}

func TestTruncatedVCard(t *testing.T) {
	r, _ := runBytes(t, "x.vcf", []byte("BEGIN:VCARD\nTEL:+12025550147"), us)
	if len(r.artifacts) != 1 || len(r.findings) != 1 || !r.problem("", "no END") {
		t.Errorf("%+v %+v", r.artifacts, r.faults)
	}
}
