package node

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/selector"
)

// anEvent is a MISP event of ours with one address in it.
func anEvent(timestamp, org, comment string) string {
	return `{"Event":{"uuid":"6f1c64ad-3e19-4b8c-9c57-8a6de0f0a0c1","info":"A caller","date":"2026-03-01","timestamp":"` + timestamp + `",
		"published":true,"distribution":"3","analysis":"1","threat_level_id":"2",
		"Orgc":{"name":"` + org + `","uuid":"5a3b8a53-3b24-43d9-8f71-0c7d5a1f7a2b"},
		"Attribute":[{"uuid":"0b0e7a52-6f0c-4f7e-8f5e-3f1d3b9f6a01","type":"email","category":"Network activity","to_ids":true,
			"distribution":"5","timestamp":"1772352000","value":"desk@hall.example","comment":"` + comment + `"},
		{"uuid":"0b0e7a52-6f0c-4f7e-8f5e-3f1d3b9f6a02","type":"cookie","category":"Network activity","to_ids":false,
			"distribution":"5","timestamp":"1772352000","value":"session=1"}]}}`
}

func broughtIn(t *testing.T, n *Node, name, content string) Imported {
	t.Helper()
	sum, err := n.Import(t.Context(), file(t, name, []byte(content)), "")
	must(t, err)
	return sum
}

// TestAMISPEventIsBroughtIn: by its content, as objects of ours, with the
// selectors in them; a second time it is known.
func TestAMISPEventIsBroughtIn(t *testing.T) {
	n := meet(t).North
	sum := broughtIn(t, n, "event.json", anEvent("1772355600", "North Desk", ""))
	if sum.Kind != "misp" || sum.Events != 1 || sum.Objects < 3 || sum.SHA256 == "" {
		t.Errorf("%+v", sum)
	}
	want := selector.Selector{Kind: selector.Email, Value: "desk@hall.example"}
	if found, err := n.Findings(t.Context(), want); err != nil || len(found) == 0 || !strings.HasPrefix(found[0].List+found[0].Place, "event.json") {
		t.Errorf("%+v, %v", found, err)
	}
	again := broughtIn(t, n, "event.json", anEvent("1772355600", "North Desk", ""))
	if again.Objects != 0 || again.Known != sum.Objects || again.Left != sum.Left {
		t.Errorf("again: %+v, first %+v", again, sum)
	}
}

// TestAnEventThatDiffersIsListed: an organisation with another name, and an
// attribute that was changed without a new timestamp, are left out and told; what
// is new is kept.
func TestAnEventThatDiffersIsListed(t *testing.T) {
	n := meet(t).North
	first := broughtIn(t, n, "event.json", anEvent("1772355600", "North Desk", ""))
	sum := broughtIn(t, n, "other.json", anEvent("1772355700", "Northern Desk", "changed"))
	if sum.Left != first.Left+2 || sum.Objects != 2 { // the report, and what now derives from it
		t.Errorf("%+v", sum)
	}
	told := strings.Join(sum.Unmapped, "\n")
	if !strings.Contains(told, "identity--5a3b8a53-3b24-43d9-8f71-0c7d5a1f7a2b") || !strings.Contains(told, "indicator--0b0e7a52-6f0c-4f7e-8f5e-3f1d3b9f6a01") {
		t.Errorf("left out without a word: %s", told)
	}
}

// TestAMISPEventThatIsNoneLeavesNothing: what is wrong with the last of several
// events is told with its place, and none is kept.
func TestAMISPEventThatIsNoneLeavesNothing(t *testing.T) {
	n := meet(t).North
	before := whole(t, n)
	good := anEvent("1772355600", "North Desk", "")
	bad := strings.Replace(good, `"0b0e7a52-6f0c-4f7e-8f5e-3f1d3b9f6a01"`, `"no uuid"`, 1)
	_, err := n.Import(t.Context(), file(t, "events.json", []byte("["+good+","+bad+"]")), "")
	if err == nil || !strings.Contains(err.Error(), "[1].Event.Attribute[0].uuid") {
		t.Errorf("%v", err)
	}
	if whole(t, n) != before {
		t.Error("something of it was kept")
	}
	sum := Imported{}
	must(t, n.BringIn(t.Context(), file(t, "event.json", []byte(good)), ImportOptions{DryRun: true}, func(got Imported) error {
		sum = got
		return nil
	}))
	if sum.Objects < 3 || !sum.DryRun || whole(t, n) != before {
		t.Errorf("a dry run: %+v", sum)
	}
}

// TestAFolderOfEvents is read as such; beside other files it is evidence, and says
// how to read the events.
func TestAFolderOfEvents(t *testing.T) {
	n := meet(t).North
	folder := t.TempDir()
	must(t, os.WriteFile(filepath.Join(folder, "a.json"), []byte(anEvent("1772355600", "North Desk", "")), 0o600))
	var all []Imported
	each := func(got Imported) error {
		all = append(all, got)
		return nil
	}
	must(t, n.BringIn(t.Context(), folder, ImportOptions{}, each))
	if len(all) != 1 || all[0].Kind != "misp" {
		t.Errorf("%+v", all)
	}
	all = nil
	must(t, os.WriteFile(filepath.Join(folder, "README"), []byte("Dear all"), 0o600))
	must(t, n.BringIn(t.Context(), folder, ImportOptions{}, each))
	must(t, n.BringIn(t.Context(), folder, ImportOptions{As: AsMISP}, each))
	if len(all) != 3 || all[0].Kind != "evidence" || all[0].MISP != 1 || all[1].Known == 0 || all[2].LeftOut != 1 {
		t.Errorf("%+v", all)
	}
}
