package triage_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/triage"
	"parley/selector"
)

func TestJSON(t *testing.T) {
	text := `{"a/b":[1,true,{"~":"write to desk@example.org"}],"+1 202 555 0147":null, "u":"x\u0040y \"+1\u0020202 555 0148\""}`
	r, path := runBytes(t, "x.json", []byte(text), us)
	want := []string{
		"[/a~1b/2/~0 " + span(text, "desk@example.org") + "] = email:desk@example.org",
		"[/+1%20202%20555%200147 " + span(text, "+1 202 555 0147") + "] = phone:+12025550147",
		"[/u " + span(text, `+1\u0020202 555 0148`) + "] = phone:+12025550148",
	}
	if diff := cmp.Diff(want, r.found()); diff != "" {
		t.Error(diff)
	}
	checkPlaces(t, path, r, us)
	e, err := triage.Show(t.Context(), path, r.findings[2].Place, us)
	if err != nil || string(e.Raw) != `+1\u0020202 555 0148` {
		t.Errorf("%q, %v", e.Raw, err)
	}
}

func TestJSONEscapes(t *testing.T) {
	for text, want := range map[string]string{
		`["desk@ex\u0061mple.org"]`:    "[/0 @2+21] = email:desk@example.org",
		`["\ud83d\ude00 @lamp_light"]`: "[/0 @15+11] = telegram:lamp_light",
		`["\ud83d @lamp_light"]`:       "[/0 @9+11] = telegram:lamp_light",
		`["https:\/\/example.org\/x"]`: "[/0 @2+24] = url:https://example.org/x",
		"\ufeff[\"@lamp_light\"]":      "[/0 @5+11] = telegram:lamp_light",
		`{}{"a":"@lamp_light"} 3 [1]`:  "[/a @8+11] = telegram:lamp_light",
	} {
		r, path := runBytes(t, "x.json", []byte(text), us)
		if diff := cmp.Diff([]string{want}, r.found()); diff != "" || len(r.faults) > 0 {
			t.Errorf("%s: %s %v", text, diff, r.faults)
		}
		checkPlaces(t, path, r, us)
	}
}

// Broken JSON is a fault, and what follows is read as text; nothing is found twice.
func TestBrokenJSON(t *testing.T) {
	for _, text := range []string{
		`{"a":"@lamp_light1", b: "@lamp_light2"}`, `{"a":"@lamp_light1", "b":"@lamp_light2`, `["@lamp_light1" "@lamp_light2"]`,
		`["@lamp_light1", "\q @lamp_light2"]`, `["@lamp_light1", nul, "@lamp_light2"]`, `["@lamp_light1"}, "@lamp_light2"]`,
		`["@lamp_light1"` + strings.Repeat(",[", 600) + ` "@lamp_light2"`,
	} {
		r, path := runBytes(t, "x.json", []byte(text), us)
		if len(r.findings) != 2 || r.findings[0].Raw != "@lamp_light1" || r.findings[1].Raw != "@lamp_light2" {
			t.Errorf("%.60s: %q", text, r.found())
		}
		if len(r.faults) != 1 || !r.problem("", "breaks off as JSON") {
			t.Errorf("%.60s: %v", text, r.faults)
		}
		checkPlaces(t, path, r, us)
	}
}

// What begins like JSON and is not called so is text, without complaint.
func TestNotJSON(t *testing.T) {
	for _, text := range []string{"[section]\nmail=desk@example.org", "{desk@example.org}"} {
		r, _ := runBytes(t, "x.conf", []byte(text), us)
		if len(r.findings) != 1 || len(r.faults) != 0 || r.files[0].Type != "text" {
			t.Errorf("%q: %v %v %v", text, r.found(), r.faults, r.files)
		}
	}
}

const telegramChat = `{"name":"lamp group","type":"private_group","id":7,"messages":[
 {"id":1,"type":"service","date":"2024-01-05T12:00:00","actor":"Samir","text":""},
 {"id":2,"type":"message","date":"2024-01-05T12:30:45","date_unixtime":"1704457845","from":"Samir","from_id":"user5",
  "text":["ring ",{"type":"phone","text":"+1 202 555 0147"}," or ",{"type":"text_link","text":"here","href":"https://example.org/x"}],
  "text_entities":[{"type":"plain","text":"ring "},{"type":"phone","text":"+1 202 555 0147"}]},
 {"id":3,"type":"message","date":"2024-01-05T12:31:00","from":null,"from_id":"user6","text":"@lamp_light"}]}`

func TestTelegram(t *testing.T) {
	r, path := runBytes(t, "result.json", []byte(telegramChat), us)
	want := []string{
		"[/messages/1/text/1/text " + span(telegramChat, "+1 202 555 0147") + "] = phone:+12025550147",
		"[/messages/1/text/3/href " + span(telegramChat, "https://example.org/x") + "] = url:https://example.org/x",
		"[/messages/2/text " + span(telegramChat, "@lamp_light") + "] = telegram:lamp_light",
	}
	if diff := cmp.Diff(want, r.found()); diff != "" {
		t.Error(diff)
	}
	checkPlaces(t, path, r, us)
	if len(r.artifacts) != 2 {
		t.Fatalf("artifacts: %+v", r.artifacts)
	}
	a := r.artifacts[0]
	a.Place = triage.Place{}
	wantMessage := triage.Artifact{
		Kind: triage.KindMessage, Time: time.Date(2024, 1, 5, 12, 30, 45, 0, time.UTC), Name: "lamp group", From: "Samir", To: "lamp group",
		Text: "ring +1 202 555 0147 or here", Application: "Telegram", Selectors: []selector.Selector{{Kind: selector.Phone, Value: "+12025550147"}},
	}
	if diff := cmp.Diff(wantMessage, a); diff != "" {
		t.Error(diff)
	}
	e, err := triage.Show(t.Context(), path, r.artifacts[1].Place, us)
	if err != nil || !strings.HasPrefix(string(e.Raw), `{"id":3`) || !strings.HasSuffix(string(e.Raw), `"}`) {
		t.Errorf("%q, %v", e.Raw, err)
	}
}

func TestTelegramAccount(t *testing.T) {
	text := `{"contacts":{"list":[{"user_id":5,"first_name":"Samir","last_name":"Halloran","phone_number":"0012025550147","date":"2024"}]},
		"chats":{"list":[{"name":"Samir","type":"personal_chat","messages":[{"id":1,"type":"message","date":"2024-01-05T12:30:45","from":"Samir","text":"hello"}]}]}}`
	r, _ := runBytes(t, "result.json", []byte(text), us)
	if len(r.artifacts) != 2 || r.artifacts[0].Kind != triage.KindContact || r.artifacts[0].Name != "Samir Halloran" ||
		len(r.artifacts[0].Selectors) != 1 || r.artifacts[1].Text != "hello" || r.artifacts[1].To != "" ||
		!r.artifacts[1].Time.Equal(time.Date(2024, 1, 5, 12, 30, 45, 0, time.UTC)) {
		t.Errorf("%+v", r.artifacts)
	}
}
