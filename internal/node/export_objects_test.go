package node

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"parley/internal/misp"
	"parley/internal/release"
	"parley/stix"
	"parley/stix/stixtest"
)

// writtenOut writes objects out and gives the text.
func writtenOut(t testing.TB, n *Node, e ObjectExport) (string, ExportedObjects) {
	t.Helper()
	var text bytes.Buffer
	e.To = "a file"
	out, err := n.ExportObjects(t.Context(), e, &text)
	must(t, err)
	return text.String(), out
}

// eventIn reads a MISP event.
func eventIn(t testing.TB, text string) misp.Event {
	t.Helper()
	all, err := misp.Read(strings.NewReader(text), misp.Limits{})
	must(t, err)
	if len(all) != 1 {
		t.Fatalf("%d events, want one", len(all))
	}
	return all[0]
}

// TestAReportIsWrittenOut with what it refers to, in both formats, each of which
// another node brings in again.
func TestAReportIsWrittenOut(t *testing.T) {
	at := meet(t)
	report := reported(t, at.South, 1, 147, 148)
	text, out := writtenOut(t, at.South, ObjectExport{Report: report, Format: STIX})
	if out.Objects < 3 || out.LeftOut != 0 {
		t.Errorf("%+v", out)
	}
	stixtest.Validate(t, []byte(text))
	if _, err := at.North.Import(t.Context(), file(t, "report.stix", []byte(text)), ""); err != nil || !knows(t, at.North, phone(148), true) {
		t.Errorf("it does not come in again: %v", err)
	}

	text, out = writtenOut(t, at.South, ObjectExport{Report: report, Format: MISP})
	event := eventIn(t, text)
	if event.UUID != out.Event || !strings.Contains(text, phone(147).Value) || !strings.Contains(text, phone(148).Value) {
		t.Errorf("%+v: %s", out, text)
	}
	if again, _ := writtenOut(t, at.South, ObjectExport{Report: report, Format: MISP}); again != text {
		t.Errorf("a second time it is another event:\n%s\n%s", text, again)
	}
	if sum, err := at.North.Import(t.Context(), file(t, "event.json", []byte(text)), ""); err != nil || sum.Events != 1 {
		t.Errorf("it does not come in again: %+v, %v", sum, err)
	}
	if got := ledgerOf(t, at.South, "objects.export"); len(got) != 3 || !strings.Contains(got[0], "a file") {
		t.Errorf("the ledger says %q", got)
	}
}

// TestWhatSpeaksOfAReportGoesWithIt: relationships of two of its objects, sightings
// and notes; not what speaks of something else.
func TestWhatSpeaksOfAReportGoesWithIt(t *testing.T) {
	n := meet(t).South
	report := reported(t, n, 1, 147)
	object := func(typ string, i int, rest string) string {
		return fmt.Sprintf(`{"type":%q,"spec_version":"2.1","id":%q,"created":"2026-09-01T10:00:00.000Z","modified":"2026-09-01T10:00:00.000Z",%s}`, typ, numbered(typ, i), rest)
	}
	phoneID := numbered("phone-number", 1147)
	imported(
		t, n, "more.json",
		object("sighting", 1, fmt.Sprintf(`"sighting_of_ref":%q,"where_sighted_refs":[%q]`, report, numbered("identity", 5))),
		object("identity", 5, `"name":"the desk at the hall"`),
		object("relationship", 1, fmt.Sprintf(`"relationship_type":"related-to","source_ref":%q,"target_ref":%q`, report, phoneID)),
		object("relationship", 2, fmt.Sprintf(`"relationship_type":"related-to","source_ref":%q,"target_ref":%q`, report, numbered("campaign", 1))),
		object("opinion", 1, fmt.Sprintf(`"opinion":"agree","object_refs":[%q]`, phoneID)),
		object("note", 7, fmt.Sprintf(`"content":"of something else","object_refs":[%q]`, numbered("campaign", 1))),
	)
	text, out := writtenOut(t, n, ObjectExport{Report: report, Format: STIX})
	for id, want := range map[stix.ID]bool{
		numbered("sighting", 1): true, numbered("identity", 5): true, numbered("relationship", 1): true, numbered("opinion", 1): true,
		numbered("relationship", 2): false, numbered("note", 7): false,
	} {
		if got := strings.Contains(text, `"id":"`+string(id)); got != want {
			t.Errorf("%s goes with it: %t, want %t", id, got, want)
		}
	}
	stixtest.Validate(t, []byte(text))
	event, _ := writtenOut(t, n, ObjectExport{Report: report, Format: MISP})
	if eventIn(t, event).Published {
		t.Errorf("it is published: %+v", out)
	}
}

// TestWhatCounterpartsGaveStays, unless it is asked for.
func TestWhatCounterpartsGaveStays(t *testing.T) {
	at := meet(t)
	at.hand(t, at.South, at.North, release.KindBundle, releasedBundle(t, at))
	apply(t, at.North)
	letters, err := at.North.Inbox(t.Context(), 0)
	must(t, err)
	theirs := stix.ID(letters[0].Tearline.Report)
	if _, err := at.North.ExportObjects(t.Context(), ObjectExport{Report: theirs, Format: STIX}, nil); err == nil || !strings.Contains(err.Error(), "--theirs") {
		t.Errorf("a counterpart's report: %v", err)
	}
	if own, err := at.North.Reports(t.Context(), false); err != nil || len(own) != 0 {
		t.Errorf("our reports: %+v, %v", own, err)
	}
	if all, err := at.North.Reports(t.Context(), true); err != nil || len(all) != 1 || all[0].ID != theirs || all[0].From != "South" || all[0].Name != "Friday" {
		t.Errorf("all reports: %+v, %v", all, err)
	}
	text, out := writtenOut(t, at.North, ObjectExport{Report: theirs, Format: STIX, Theirs: true, Use: release.Detection})
	if out.Objects < 2 || !strings.Contains(text, phone(147).Value) {
		t.Errorf("%+v", out)
	}

	imported(t, at.North, "own.json", reportObject(7, "They told us of a lamp.", theirs))
	text, out = writtenOut(t, at.North, ObjectExport{Report: numbered("report", 7), Format: STIX})
	if out.Objects != 1 || out.LeftOut != 1 || strings.Contains(text, phone(147).Value) {
		t.Errorf("%+v", out)
	}

	letter, out := writtenOut(t, at.North, ObjectExport{Letter: letters[0].Number, Format: MISP, Use: release.Detection})
	if out.What != "I1" || !strings.Contains(letter, phone(147).Value) {
		t.Errorf("%+v", out)
	}
}

// TestOnlyWhatWasSentIsWrittenOut, to the byte, and as the event that a consumer
// has in its feed.
func TestOnlyWhatWasSentIsWrittenOut(t *testing.T) {
	at := meet(t)
	draft := drafted(t, at.South, at.North, order(reported(t, at.South, 1, 147), 147))
	_, err := at.South.ExportObjects(t.Context(), ObjectExport{Release: draft.ID, Format: STIX}, nil)
	wants(t, "a draft", err, release.ErrStep)
	sent := released(t, at.South, at.North, order(reported(t, at.South, 2, 148), 148))
	if text, _ := writtenOut(t, at.South, ObjectExport{Release: sent.ID, Format: STIX}); text != string(sent.Bundle) {
		t.Error("it is not what was sent")
	}

	consumes(t, at.South, "Rescue", ConsumerOptions{})
	put := releasedTo(t, at.South, "Rescue", order(reported(t, at.South, 3, 149), 149))
	_, out := writtenOut(t, at.South, ObjectExport{Release: put.ID, Format: MISP})
	issue, is, err := at.South.ReleasedEvent(t.Context(), put.ID)
	must(t, err)
	if !is || out.Event != issue.UUID {
		t.Errorf("event %s is written out, and %+v is in the feed", out.Event, issue)
	}

	for name, e := range map[string]ObjectExport{
		"no such letter":  {Letter: 77, Format: STIX},
		"no such release": {Release: 77, Format: STIX},
		"no such report":  {Report: numbered("report", 77), Format: STIX},
		"no such format":  {Release: sent.ID, Format: CSV},
	} {
		before := ledger(t, at.South, 0)
		if _, err := at.South.ExportObjects(context.Background(), e, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
		if after := ledger(t, at.South, 0); len(after) != len(before) {
			t.Errorf("%s: it is in the ledger", name)
		}
	}
}
