package warning

import (
	"encoding/json"
	"fmt"
	"time"

	"parley/internal/assess"
	"parley/stix"
)

// digits of a second in the times of a report.
const digits = 6

// Report returns the warning as a STIX report with the warning extension, for the node's own store:
// it names the basis, and must not cross the boundary. The id must be a report's, and the basis must
// name an object, which a report needs. Every event makes a new version, one microsecond later than
// its own time for every event before it, so that two events of one moment are two versions.
func (w Warning) Report() (stix.Object, error) {
	if err := w.Verify(); err != nil {
		return stix.Object{}, fmt.Errorf("write warning: %w", err)
	}
	if len(w.Log) == 0 || len(w.Basis.Objects) == 0 {
		return stix.Object{}, fmt.Errorf("write warning %s as a report: it must be raised, and rest on at least one object", w.ID)
	}
	extension, err := assess.PropertyExtension(w)
	if err != nil {
		return stix.Object{}, fmt.Errorf("write warning %s: %w", w.ID, err)
	}
	n := len(w.Log) - 1
	raised := stix.NewTimestamp(w.Log[0].At, digits)
	modified := stix.NewTimestamp(w.Log[n].At.Add(time.Duration(n)*time.Microsecond), digits)
	b := stix.New("report").ID(stix.ID(w.ID)).Created(raised).Set("modified", modified).
		Set("name", w.Subject).Set("published", raised).Set("report_types", []string{"warning"}).
		Set("object_refs", w.Basis.Objects).
		Set("extensions", map[stix.ID]any{assess.ExtWarning: extension})
	if w.Text != "" {
		b.Set("description", w.Text)
	}
	report, err := b.Build()
	if err != nil {
		return stix.Object{}, fmt.Errorf("write warning %s as a report: %w", w.ID, err)
	}
	return report, nil
}

// FromReport reads a warning back, and verifies it.
func FromReport(report stix.Object) (Warning, error) {
	raw, ok := report.Raw("extensions." + string(assess.ExtWarning))
	if !ok || report.Type() != "report" {
		return Warning{}, fmt.Errorf("read warning from %s: it is not a report with the warning extension", report.ID())
	}
	w := Warning{}
	if err := json.Unmarshal(raw, &w); err != nil {
		return Warning{}, fmt.Errorf("read warning from %s: %w", report.ID(), err)
	}
	w.ID = string(report.ID())
	if len(w.Log) > maxEvents {
		return Warning{}, fmt.Errorf("read warning from %s: its log has more than %d events", report.ID(), maxEvents)
	}
	if err := w.Verify(); err != nil {
		return Warning{}, fmt.Errorf("read warning from %s: %w", report.ID(), err)
	}
	return w, nil
}
