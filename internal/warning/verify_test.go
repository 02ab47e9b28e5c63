package warning_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/assess"
	"parley/internal/warning"
	"parley/stix"
)

func TestVerifyFindsWhatWasChanged(t *testing.T) {
	imminent := true
	for name, change := range map[string]func(*warning.Warning){
		"actor":             func(w *warning.Warning) { w.Log[2].Actor = "Somebody else" },
		"time":              func(w *warning.Warning) { w.Log[1].At = w.Log[1].At.Add(time.Second) },
		"event taken out":   func(w *warning.Warning) { w.Log = slices.Delete(w.Log, 1, 2) },
		"event added":       func(w *warning.Warning) { w.Log = append(w.Log, to(warning.Closed, noon.Add(time.Hour))) },
		"sum":               func(w *warning.Warning) { w.Log[4].Sum = strings.Repeat("0", 64) },
		"cleared text":      func(w *warning.Warning) { w.Log[3].Detail.Text = "Go to the harbour." },
		"text":              func(w *warning.Warning) { w.Text = "Go to the harbour." },
		"subject":           func(w *warning.Warning) { w.Subject = "Nothing" },
		"basis":             func(w *warning.Warning) { w.Basis.Objects = nil },
		"id":                func(w *warning.Warning) { w.ID = "another" },
		"imminence":         func(w *warning.Warning) { w.Imminent = true },
		"imminence, logged": func(w *warning.Warning) { w.Log[0].Detail.Imminent, w.Imminent = &imminent, true },
	} {
		t.Run(name, func(t *testing.T) {
			w := taken(t, ways[warning.Delivered]...)
			if err := w.Verify(); err != nil {
				t.Fatal(err)
			}
			change(&w)
			if err := w.Verify(); err == nil {
				t.Error("not found")
			}
		})
	}
}

func TestACopyDoesNotShareItsLog(t *testing.T) {
	w := taken(t, warning.Candidate)
	one, two := w, w
	for _, c := range []struct {
		w  *warning.Warning
		to warning.State
	}{{&one, warning.Screened}, {&two, warning.Duplicate}} {
		ev := to(c.to, noon.Add(time.Hour))
		ev.From = warning.Candidate
		if err := c.w.Apply(ev); err != nil {
			t.Fatal(err)
		}
	}
	if one.State() != warning.Screened || two.State() != warning.Duplicate || w.State() != warning.Candidate {
		t.Errorf("%s, %s, %s", one.State(), two.State(), w.State())
	}
}

func TestWarningsSurviveTheirReport(t *testing.T) {
	for state, way := range ways {
		if state == "" {
			continue
		}
		want := taken(t, way...)
		report, err := want.Report()
		if err != nil {
			t.Fatalf("%s: %v", state, err)
		}
		got, err := warning.FromReport(report)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", state, err, diff)
		}
	}
}

func TestEveryEventIsANewVersion(t *testing.T) {
	w := fresh()
	var before stix.Object
	for _, state := range ways[warning.Delivered] {
		ev := to(state, noon) // all in one moment
		ev.From = w.State()
		if err := w.Apply(ev); err != nil {
			t.Fatal(err)
		}
		report, err := w.Report()
		if err != nil {
			t.Fatal(err)
		}
		if !before.IsZero() && stix.Newer(report, before) <= 0 {
			t.Errorf("%s at %s is no newer than %s", state, report.Modified(), before.Modified())
		}
		before = report
	}
}

func TestReportsThatAreNoWarnings(t *testing.T) {
	if _, err := fresh().Report(); err == nil || !strings.Contains(err.Error(), "must be raised") {
		t.Errorf("never raised: %v", err)
	}
	good, err := taken(t, ways[warning.Delivered]...).Report()
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"another text":      {"Do not go", "Please go"},
		"another extension": {string(assess.ExtWarning), string(assess.ExtACH)},
		"not a log":         {`"log":[`, `"log":7,"x":[`},
		"a step skipped":    {`"to":"screened"`, `"to":"delivered"`},
	} {
		t.Run(name, func(t *testing.T) {
			data := strings.ReplaceAll(string(good.Bytes()), change[0], change[1])
			o, err := stix.ParseObject([]byte(data))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := warning.FromReport(o); err == nil {
				t.Error("it was read")
			}
		})
	}
}

func TestTheSchemaNamesWhatIsWritten(t *testing.T) {
	w := taken(t, ways[warning.Delivered]...)
	data, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := assess.Schema(assess.ExtWarning)
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Properties map[string]struct {
			Items struct{ Properties map[string]any }
		}
	}
	var value map[string]json.RawMessage
	var log []map[string]any
	if json.Unmarshal(schema, &document) != nil || json.Unmarshal(data, &value) != nil || json.Unmarshal(value["log"], &log) != nil {
		t.Fatal("not JSON")
	}
	for name := range value {
		if _, ok := document.Properties[name]; !ok {
			t.Errorf("%s is not in the schema", name)
		}
	}
	for name := range log[0] {
		if _, ok := document.Properties["log"].Items.Properties[name]; !ok {
			t.Errorf("log.%s is not in the schema", name)
		}
	}
}

func FuzzFromReport(f *testing.F) {
	w := taken(f, ways[warning.Delivered]...)
	report, err := w.Report()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(report.Bytes())
	f.Add([]byte(`{"type":"report","id":"report--00000000-0000-4000-8000-000000000001","extensions":{"` + string(assess.ExtWarning) + `":{"log":[{"to":"delivered"}]}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := stix.ParseObject(data)
		if err != nil {
			return
		}
		got, err := warning.FromReport(o)
		if err != nil {
			return
		}
		if got.State() == warning.Delivered && !slices.ContainsFunc(got.Log, func(ev warning.Event) bool { return ev.To == warning.Cleared }) {
			t.Error("delivered without being cleared")
		}
	})
}
