package store

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/selector"
)

// evidence registers one and closes its triage when triaged.
func evidence(t testing.TB, s *Store, name string, triaged bool) (id int64) {
	t.Helper()
	change(t, s, func(ctx context.Context, tx *Tx) (err error) {
		id, err = tx.AddEvidence(ctx, Evidence{Name: name, Path: "/" + name, SHA256: []byte(name), Operator: "amira", ImportedAt: noon})
		if err == nil && triaged {
			err = tx.MarkTriaged(ctx, id, noon, []byte(`{}`))
		}
		return err
	})
	return id
}

func find(t testing.TB, s *Store, all ...Finding) {
	t.Helper()
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.PutFindings(ctx, all) })
}

func TestAFindingSaysWhereItStands(t *testing.T) {
	s := fresh(t)
	phoneZip := evidence(t, s, "phone.zip", true)
	seq := put(t, s, object(1, 1))[0]
	given := []Finding{
		{Selector: email("maya"), Evidence: phoneZip, Place: "sms.db/message/7/body+12", Raw: "Maya@Example.org", Context: "write to Maya@Example.org"},
		{Selector: phone(47), Object: seq, Place: "pattern", Raw: "+1 202-555-0147"},
		{Selector: email("maya"), List: "watch.csv", Place: "line 3", Raw: "maya@example.org"},
	}
	find(t, s, given...)
	look(t, s, func(ctx context.Context, tx *Tx) error {
		got, err := tx.Findings(ctx, email("maya"))
		if err != nil {
			return err
		}
		given[0].ID, given[2].ID = got[0].ID, got[1].ID
		if d := cmp.Diff([]Finding{given[0], given[2]}, got); d != "" {
			t.Error(d)
		}
		one, err := tx.Finding(ctx, given[2].ID)
		if d := cmp.Diff(given[2], one); d != "" {
			t.Error(d)
		}
		if err != nil {
			return err
		}
		of, err := tx.ObjectFindings(ctx, seq)
		if len(of) != 1 || of[0].Selector != phone(47) {
			t.Errorf("the object holds %v", of)
		}
		return err
	})
}

// tallies lists a scope as "selector: findings".
func tallies(t *testing.T, s *Store, scope Scope) map[string]int64 {
	t.Helper()
	got := map[string]int64{}
	look(t, s, func(ctx context.Context, tx *Tx) error {
		all, err := tx.Selectors(ctx, scope)
		for i, sel := range all {
			got[sel.Selector.Value] = sel.Findings
			if i > 0 && all[i-1].Selector.String() >= sel.Selector.String() {
				t.Errorf("%v stands after %v", sel.Selector, all[i-1].Selector)
			}
		}
		return err
	})
	return got
}

func TestSelectorsInScope(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	first, second := evidence(t, s, "first.zip", true), evidence(t, s, "second.zip", true)
	open := evidence(t, s, "open.zip", false)
	theirs := object(2, 1)
	theirs.Origin = south
	seqs := put(t, s, object(1, 1), theirs)
	find(
		t, s,
		Finding{Selector: email("ours"), Object: seqs[0]},
		Finding{Selector: email("theirs"), Object: seqs[1]},
		Finding{Selector: email("both"), Object: seqs[0]},
		Finding{Selector: email("both"), Object: seqs[1]},
		Finding{Selector: email("listed"), List: "watch.csv"},
		Finding{Selector: phone(1), Evidence: first, Place: "a"},
		Finding{Selector: phone(1), Evidence: first, Place: "b"},
		Finding{Selector: phone(1), Evidence: second},
		Finding{Selector: phone(2), Evidence: second},
		Finding{Selector: phone(3), Evidence: open},
		Finding{Selector: phone(2), Evidence: open},
	)
	at := func(user string) string { return email(user).Value }
	for _, c := range []struct {
		name  string
		scope Scope
		want  map[string]int64
	}{
		{"everything", Scope{}, map[string]int64{at("ours"): 1, at("theirs"): 1, at("both"): 2, at("listed"): 1, phone(1).Value: 3, phone(2).Value: 1}},
		{"ours", Scope{Ours: true}, map[string]int64{at("ours"): 1, at("both"): 1, at("listed"): 1, phone(1).Value: 3, phone(2).Value: 1}},
		{"ours of a kind", Scope{Ours: true, Kinds: []selector.Kind{selector.Email}}, map[string]int64{at("ours"): 1, at("both"): 1, at("listed"): 1}},
		{"two kinds", Scope{Kinds: []selector.Kind{selector.Phone, selector.URL}}, map[string]int64{phone(1).Value: 3, phone(2).Value: 1}},
		{"one evidence", Scope{Evidence: first}, map[string]int64{phone(1).Value: 2}},
		{"one evidence, ours", Scope{Evidence: second, Ours: true}, map[string]int64{phone(1).Value: 1, phone(2).Value: 1}},
		{"evidence under triage", Scope{Evidence: open}, map[string]int64{}},
		{"a kind nobody has", Scope{Kinds: []selector.Kind{selector.URL}}, map[string]int64{}},
	} {
		if d := cmp.Diff(c.want, tallies(t, s, c.scope)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func TestATriageReplacesTheOneBefore(t *testing.T) {
	s := fresh(t)
	id := evidence(t, s, "phone.zip", true)
	find(t, s, Finding{Selector: phone(1), Evidence: id}, Finding{Selector: phone(1), List: "watch.csv"}, Finding{Selector: phone(2), Evidence: id})
	change(t, s, func(ctx context.Context, tx *Tx) error {
		if err := tx.PutArtifacts(ctx, []Artifact{{Evidence: id, Kind: "contact", Place: "p", Body: []byte("{}")}}); err != nil {
			return err
		}
		if err := tx.PutFiles(ctx, []File{{Evidence: id, Place: "p", Type: "zip"}}); err != nil {
			return err
		}
		return tx.ClearTriage(ctx, id)
	})
	look(t, s, func(ctx context.Context, tx *Tx) error {
		arts, err1 := tx.Artifacts(ctx, id, "")
		files, err2 := tx.Files(ctx, id, false)
		e, err3 := tx.Evidence(ctx, id)
		for _, err := range []error{err1, err2, err3} {
			if err != nil {
				return err
			}
		}
		if len(arts) != 0 || len(files) != 0 || !e.TriagedAt.IsZero() {
			t.Errorf("left over: %v, %v, triaged at %v", arts, files, e.TriagedAt)
		}
		return nil
	})
	if d := cmp.Diff(map[string]int64{phone(1).Value: 1}, tallies(t, s, Scope{})); d != "" {
		t.Error(d)
	}
}

func TestAFindingOfNothingIsRefused(t *testing.T) {
	s := fresh(t)
	for name, f := range map[string]Finding{"no evidence": {Selector: phone(1), Evidence: 5}, "no object": {Selector: phone(1), Object: 5}} {
		err := s.Update(t.Context(), func(tx *Tx) error { return tx.PutFindings(t.Context(), []Finding{f}) })
		if err == nil {
			t.Errorf("%s: it was kept", name)
		}
	}
	find(t, s) // none at all is no error
	if got := tallies(t, s, Scope{}); len(got) != 0 {
		t.Errorf("there are %v", got)
	}
}
