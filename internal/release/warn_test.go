package release_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"parley/internal/release"
	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

const warnWords = "People at the side door may be harmed on Friday evening."

func warnOrder() release.WarnOrder {
	return release.WarnOrder{Title: "Warning", Text: warnWords, Imminent: true, Protocol: release.Protocols()[0]}
}

// warn tells a counterpart, or says why not.
func (c *counter) warn(t testing.TB, to string, o release.WarnOrder) (ident string, err error) {
	t.Helper()
	err = c.store.Update(t.Context(), func(tx *store.Tx) error {
		ident, _, err = c.Warn(t.Context(), tx, "amira", c.to[to], o)
		return err
	})
	return ident, err
}

func TestAWarningCrosses(t *testing.T) {
	c := newDesk(t)
	ident, err := c.warn(t, "Southland", warnOrder())
	mustDesk(t, err)
	again, err := c.warn(t, "Southland", warnOrder())
	mustDesk(t, err)
	if ident == again {
		t.Error("two notices have one ident")
	}
	all := c.outgoing(t, "Southland")
	if len(all) != 2 || !all[0].Urgent || all[0].Kind != release.KindWarning {
		t.Fatalf("%d messages were queued, the first is %s", len(all), all[0].Kind)
	}
	n, got, err := release.ReadNotice(all[0].Body)
	mustDesk(t, err)
	if n.Ident != ident || !n.Imminent || got.Text != warnWords || got.PermittedUse != release.ProtectLife || got.TLP != release.TLPRed {
		t.Errorf("it reads %+v and %q, %s, %s", n, got.Text, got.PermittedUse, got.TLP)
	}
	if !bytes.Contains([]byte(c.lines(t)[0]), []byte("amira warning.send "+ident+" Southland")) {
		t.Errorf("the ledger says %v", c.lines(t))
	}
}

// TestAWarningShowsNoSource: the leak check is the tearline's own.
func TestAWarningShowsNoSource(t *testing.T) {
	number := selector.Selector{Kind: selector.Phone, Value: "+12025550147"}
	theirs := selector.Selector{Kind: selector.Phone, Value: "+12025550149"}
	for name, c := range map[string]struct {
		spoil func(*release.WarnOrder)
		want  error
	}{
		"a name of ours":            {func(o *release.WarnOrder) { o.Text = "Northland says so." }, release.ErrLeak},
		"in the title":              {func(o *release.WarnOrder) { o.Title = "From Northland" }, release.ErrLeak},
		"another counterpart":       {func(o *release.WarnOrder) { o.Text = "Uvarland says so." }, release.ErrLeak},
		"a source by name":          {func(o *release.WarnOrder) { o.Text = "Heron heard it." }, release.ErrLeak},
		"what it rests on":          {func(o *release.WarnOrder) { o.Text = "See " + string(deskReport); o.Basis = []stix.ID{deskReport} }, release.ErrLeak},
		"words of the report":       {func(o *release.WarnOrder) { o.Text = "The receiver behind the hill heard two men speak of a lamp." }, release.ErrLeak},
		"a number nobody cleared":   {func(o *release.WarnOrder) { o.Text = "Call +1 202-555-0147." }, release.ErrLeak},
		"a number somebody cleared": {func(o *release.WarnOrder) { o.Text = "Call +1 202-555-0147."; o.Cleared = []selector.Selector{number} }, nil},
		"a number another gave":     {func(o *release.WarnOrder) { o.Text = "Call +1 202-555-0149."; o.Cleared = []selector.Selector{theirs} }, release.ErrThirdParty},
	} {
		d := newDesk(t)
		d.hold(t, 0, `{"type":"identity","spec_version":"2.1","id":"identity--7b0e4d5c-52f1-4c1e-8f0a-000000000005","created":"2026-09-01T10:00:00.000Z","modified":"2026-09-01T10:00:00.000Z","name":"Heron"}`)
		d.update(t, func(ctx context.Context, tx *store.Tx) error {
			seq, _, err := tx.PutObject(ctx, store.Object{UUID: [16]byte{9}, Type: "note", Origin: d.to["Uvarland"].ID, Body: []byte(`{"type":"note","id":"note--7b0e4d5c-52f1-4c1e-8f0a-000000000006","spec_version":"2.1"}`), AddedAt: deskTime})
			if err != nil {
				return err
			}
			return tx.PutFindings(ctx, []store.Finding{{Selector: theirs, Object: seq, Place: "content"}})
		})
		o := warnOrder()
		c.spoil(&o)
		lines := len(d.lines(t))
		_, err := d.warn(t, "Southland", o)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		if refused := c.want != nil; refused && (len(d.outgoing(t, "Southland")) != 0 || len(d.lines(t)) != lines) {
			t.Errorf("%s: something of it stayed", name)
		}
	}
	d := newDesk(t)
	for name, spoil := range map[string]func(*release.WarnOrder){
		"no text":             func(o *release.WarnOrder) { o.Text = "" },
		"no arrangement":      func(o *release.WarnOrder) { o.Protocol = "" },
		"another arrangement": func(o *release.WarnOrder) { o.Protocol = "as agreed on Monday" },
	} {
		o := warnOrder()
		spoil(&o)
		if _, err := d.warn(t, "Southland", o); err == nil {
			t.Errorf("%s: it was sent", name)
		}
	}
}

func TestReceipts(t *testing.T) {
	c := newDesk(t)
	ident := strings.Repeat("ab", 16)
	for _, read := range []bool{false, true} {
		c.update(t, func(ctx context.Context, tx *store.Tx) error {
			return c.Acknowledge(ctx, tx, "bilal", c.to["Southland"], release.Receipt{Ident: ident, Acknowledged: read})
		})
	}
	all := c.outgoing(t, "Southland")
	if len(all) != 2 {
		t.Fatalf("%d receipts", len(all))
	}
	for i, o := range all {
		r, err := release.ReadReceipt(o.Body)
		if err != nil || !o.Urgent || r.Ident != ident || r.Acknowledged != (i == 1) {
			t.Errorf("receipt %d: %+v, %v", i, r, err)
		}
		if bytes.Contains(o.Body, []byte("bilal")) {
			t.Error("it says who read it")
		}
	}
	if got := c.lines(t); len(got) != 2 || !strings.HasPrefix(got[0], "bilal warning.receipt ") || !strings.HasPrefix(got[1], "bilal warning.acknowledge ") {
		t.Errorf("the ledger says %v", got)
	}
}

// FuzzReadNotice: whatever comes, it is refused or read, and what is read
// stands.
func FuzzReadNotice(f *testing.F) {
	c := newDesk(f)
	_, err := c.warn(f, "Southland", warnOrder())
	mustDesk(f, err)
	f.Add(c.outgoing(f, "Southland")[0].Body)
	f.Add([]byte(`{"version":1,"ident":"00000000000000000000000000000000","imminent":true,"bundle":"e30="}`))
	f.Add([]byte(`{}{}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		n, got, err := release.ReadNotice(body)
		if err != nil {
			return
		}
		if len(n.Ident) != 32 || got.PermittedUse != release.ProtectLife || got.Text == "" {
			t.Fatalf("it was read as %+v", n)
		}
		again, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := release.ReadNotice(again); err != nil {
			t.Fatalf("written again it is refused: %v", err)
		}
	})
}

// FuzzReadReceipt likewise.
func FuzzReadReceipt(f *testing.F) {
	f.Add([]byte(`{"version":1,"ident":"00000000000000000000000000000000","acknowledged":true}`))
	f.Add([]byte(`{"version":1,"ident":"00","acknowledged":true}`))
	f.Add([]byte(`[`))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := release.ReadReceipt(body)
		if err == nil && (r.Version != 1 || len(r.Ident) != 32) {
			t.Fatalf("it was read as %+v", r)
		}
	})
}
