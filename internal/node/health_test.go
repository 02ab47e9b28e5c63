package node

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/store"
)

func healthOf(t *testing.T, n *Node, deep bool) Health {
	t.Helper()
	h, err := n.Health(t.Context(), HealthOptions{Proxy: nowhere, Deep: deep})
	must(t, err)
	return h
}

func saysOf(t *testing.T, h Health, what string) Symptom {
	t.Helper()
	i := slices.IndexFunc(h.Symptoms, func(s Symptom) bool { return s.What == what })
	if i < 0 {
		t.Fatalf("nothing is said of %s: %+v", what, h.Symptoms)
	}
	return h.Symptoms[i]
}

// Each symptom has a word, and what to do where the word is not ok.
func TestHealthSaysWhatToDo(t *testing.T) {
	at := meet(t)
	n := at.North
	h := healthOf(t, n, false)
	for _, c := range []struct{ what, word, says string }{
		{"store", Look, "not read as a whole yet"},
		{"backup", Look, "none was made"},
		{"schema", Fine, "the newest"},
		{"queue to South", Fine, "nothing waits"},
		{"served", Look, "nothing carries parcels"},
		{"relay to South", Act, "https://relay.example:7443"},
		{"channel with South", Fine, "nothing has broken it"},
	} {
		if s := saysOf(t, h, c.what); s.Word != c.word || !strings.Contains(s.Detail, c.says) || s.OK != (c.word != Act) {
			t.Errorf("%s: %+v, want %s and %q", c.what, s, c.word, c.says)
		}
	}
	for _, s := range h.Symptoms {
		if s.Word != Fine && s.Word != Look && s.Word != Act || s.Detail == "" || s.Word == Look && s.Next == "" {
			t.Errorf("%+v", s)
		}
	}
	if h.Worst() != Act || h.Served || h.Store.Bytes == 0 || h.Store.Schema != h.Store.Newest || h.Version == "" {
		t.Errorf("%+v", h)
	}

	report := reported(t, n, 1, 147)
	released(t, n, at.South, order(report, 147))
	at.clock.move(slowQueue + time.Minute)
	h = healthOf(t, n, false)
	if s := saysOf(t, h, "queue to South"); s.Word != Look || h.Channels[0].Messages != 1 {
		t.Errorf("after an hour: %+v", s)
	}
	at.clock.move(deadQueue)
	if s := saysOf(t, healthOf(t, n, false), "queue to South"); s.Word != Act {
		t.Errorf("after a day: %+v", s)
	}
}

// What doctor and a backup found is remembered, with when.
func TestHealthRemembersTheLastCheck(t *testing.T) {
	at := meet(t)
	n := at.North
	if s := saysOf(t, healthOf(t, n, true), "store"); s.Word != Fine || s.Detail != "every page and index holds" {
		t.Errorf("%+v", s)
	}
	_, err := n.Backup(t.Context(), t.TempDir()+"/copy")
	must(t, err)
	h := healthOf(t, n, false)
	if s := saysOf(t, h, "store"); s.Word != Fine || !h.Store.CheckedAt.Equal(at.clock.now()) || !h.Store.BackupAt.Equal(at.clock.now()) {
		t.Errorf("%+v", h.Store)
	}
	at.clock.move(oldCheck + time.Minute)
	h = healthOf(t, n, false)
	if a, b := saysOf(t, h, "store"), saysOf(t, h, "backup"); a.Word != Look || b.Word != Look {
		t.Errorf("a week later: %+v, %+v", a, b)
	}
	must(t, n.store.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SetJSONSetting(t.Context(), checkedName, checked{At: at.clock.now(), Problem: "page 7 is damaged"})
	}))
	if s := saysOf(t, healthOf(t, n, false), "store"); s.Word != Act || !strings.Contains(s.Detail, "page 7 is damaged") {
		t.Errorf("%+v", s)
	}
}

// No secret of a channel stands in what is told of it.
func TestHealthTellsNoSecret(t *testing.T) {
	at := meet(t)
	h := healthOf(t, at.North, false)
	b, err := json.Marshal(h)
	must(t, err)
	all, err := at.North.Counterparts(t.Context())
	must(t, err)
	for _, c := range all {
		if strings.Contains(string(b), strings.Fields(c.Spoken)[0]) || len(b) > 20_000 {
			t.Errorf("of %s: %s", c.Name, b)
		}
	}
}

// A relay's clock is compared with ours.
func TestTheClockOfARelay(t *testing.T) {
	for name, c := range map[string]struct {
		ahead time.Duration
		word  string
	}{"right": {0, Fine}, "a minute ahead": {time.Minute, Look}, "an hour behind": {-time.Hour, Act}} {
		l := &look{}
		relayLook{relays: []RelayHealth{{Relay: "https://relay.example", Ahead: int64(c.ahead / time.Second)}}}.say(l, "South")
		if l.all[0].Word != c.word {
			t.Errorf("%s: %+v", name, l.all[0])
		}
	}
}

// Nothing of a served node's own page reaches a relay by another way than its couriers do.
func TestHealthGoesThroughTheProxyOfServe(t *testing.T) {
	at := meet(t)
	at.North.serving.Store(&ServeOptions{Proxy: nowhere})
	h, err := at.North.Health(t.Context(), HealthOptions{})
	must(t, err)
	if r := saysOf(t, h, "relay to South"); r.Word != Act || !strings.Contains(r.Detail, "connection refused") {
		t.Errorf("%+v", r)
	}
}
