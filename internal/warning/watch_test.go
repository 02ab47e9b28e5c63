package warning_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/internal/warning"
	"parley/selector"
)

var (
	phone  = selector.Selector{Kind: selector.Phone, Value: "+12025550147"}
	domain = selector.Selector{Kind: selector.Domain, Value: "example.org"}
)

func TestHits(t *testing.T) {
	list := warning.WatchList{
		{Selector: domain, Owner: "Desk 1", Recipient: "Example's owner"},
		{Selector: phone, Owner: "Desk 1", Recipient: "Holder"},
		{Selector: phone, Owner: "Desk 2", Recipient: "Police", Imminent: true},
		{Selector: phone, Owner: "Desk 2", Recipient: "Police", Imminent: true}, // entered twice
	}
	sighted := []warning.Sighted{
		{domain, "chat 1"},
		{phone, "chat 2"},
		{phone, "chat 1"},
		{phone, "chat 2"},
		{selector.Selector{Kind: selector.Domain, Value: "example.net"}, "chat 1"},
		{selector.Selector{Kind: selector.Telegram, Value: "+12025550147"}, "chat 1"},
	}
	var got []string
	for _, h := range list.Hits(sighted) {
		got = append(got, fmt.Sprintf("%s %s %s", h.Watch.Selector, h.Where, h.Watch.Recipient))
	}
	want := []string{
		"phone:+12025550147 chat 1 Police", "phone:+12025550147 chat 2 Police",
		"domain:example.org chat 1 Example's owner",
		"phone:+12025550147 chat 1 Holder", "phone:+12025550147 chat 2 Holder",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if hits := warning.WatchList(nil).Hits(sighted); len(hits) != 0 {
		t.Errorf("an empty list hits %v", hits)
	}
}

func TestAHitBecomesACandidate(t *testing.T) {
	const object = "observed-data--00000000-0000-4000-8000-000000000009"
	list := warning.WatchList{{Selector: phone, Owner: "Desk 2", Recipient: "Police", Imminent: true}}
	w := list.Hits([]warning.Sighted{{phone, object}})[0].Warning(reportID)
	if err := w.Apply(warning.Event{At: noon, Actor: "node", To: warning.Candidate}); err != nil {
		t.Fatal(err)
	}
	if !w.Imminent || w.Recipient != "Police" || w.Basis.Selectors[0] != phone || w.Basis.Objects[0] != object {
		t.Errorf("%+v", w)
	}
	if _, err := w.Report(); err != nil {
		t.Error(err)
	}
}

func TestWatchListsAreChecked(t *testing.T) {
	good := warning.Watch{Selector: phone, Owner: "Desk", Recipient: "Holder"}
	if err := (warning.WatchList{good}).Check(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*warning.Watch){
		"selector":  func(w *warning.Watch) { w.Selector.Value = "" },
		"owner":     func(w *warning.Watch) { w.Owner = "" },
		"recipient": func(w *warning.Watch) { w.Recipient = " " },
	} {
		bad := good
		spoil(&bad)
		if err := (warning.WatchList{good, bad}).Check(); err == nil || !strings.Contains(err.Error(), "entry 2") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func BenchmarkHits(b *testing.B) {
	var list warning.WatchList
	var sighted []warning.Sighted
	for i := range 100_000 {
		s := selector.Selector{Kind: selector.Domain, Value: fmt.Sprintf("d%d.example.org", i)}
		sighted = append(sighted, warning.Sighted{Selector: s, Where: "feed"})
		if i%10 == 0 {
			list = append(list, warning.Watch{Selector: s, Owner: "Desk", Recipient: "Owner"})
		}
	}
	for b.Loop() {
		if len(list.Hits(sighted)) != 10_000 {
			b.Fatal("hits are missing")
		}
	}
	b.ReportMetric(float64(len(sighted)*b.N)/b.Elapsed().Seconds(), "sighted/s")
}
