package node

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley/internal/assess"
	"parley/internal/release"
	"parley/internal/store"
)

// told finds the claims that a node holds of a counterpart.
func claimsOf(t testing.TB, n *Node, party string) (all []assess.ClaimView) {
	t.Helper()
	w, err := n.Weigh(t.Context())
	must(t, err)
	for _, a := range w.Assessments {
		for _, c := range a.Claims {
			if c.ClaimantName == party {
				all = append(all, c)
			}
		}
	}
	return all
}

func TestAReceivedTearline(t *testing.T) {
	at := meet(t)
	r := released(t, at.South, at.North, order(reported(t, at.South, 1, 147, 148), 147))
	at.carry(t, at.South, at.North)

	l := newest(t, at.North)
	if l.State != store.Applied || l.From != "South" || l.Tearline == nil {
		t.Fatalf("%+v", l)
	}
	tl := l.Tearline
	if tl.Text != tearlineText || tl.Title != "Friday" || tl.TLP != release.TLPAmber || tl.Use != release.Detection || tl.Grade != "B2" || tl.Wording == "" {
		t.Errorf("it reads %+v", tl)
	}
	if len(tl.Selectors) != 1 || tl.Selectors[0] != phone(147) {
		t.Errorf("it names %v, want the one that was cleared", tl.Selectors)
	}
	view(t, at.North, func(ctx context.Context, tx *store.Tx) error {
		from, err := tx.Counterpart(ctx, "South")
		if err != nil {
			return err
		}
		rows, err := tx.Objects(ctx)
		if err != nil {
			return err
		}
		theirs := 0
		for _, row := range rows {
			if row.Origin == from.ID {
				theirs++
				if row.PermittedUse != string(release.Detection) {
					t.Errorf("a %s of South's permits %q", row.Type, row.PermittedUse)
				}
			}
		}
		if theirs < tl.Objects {
			t.Errorf("%d objects are South's, want all %d and its claim", theirs, tl.Objects)
		}
		return nil
	})
	if knows(t, at.North, phone(147), true) || !knows(t, at.North, phone(147), false) {
		t.Error("South's selector must be known, and not be ours")
	}
	claims := claimsOf(t, at.North, "South")
	if len(claims) != 1 || claims[0].Text != tearlineText || claims[0].Given.String() != "B2" || claims[0].Stance != assess.Asserts {
		t.Errorf("the claims are %+v", claims)
	}
	if got := ledger(t, at.North, 1); got[len(got)-1] != "release.receive" {
		t.Errorf("the ledger's last line is %s", got[len(got)-1])
	}
	d, err := at.South.Delivery(t.Context(), r.Outbox)
	must(t, err)
	if d.Bytes == 0 || d.SealedAt.IsZero() {
		t.Errorf("the delivery is %+v", d)
	}
}

func TestATearlineWithoutAGradeIsGradedByNobody(t *testing.T) {
	at := meet(t)
	o := order(reported(t, at.South, 1, 147), 147)
	o.Grade = ""
	released(t, at.South, at.North, o)
	at.carry(t, at.South, at.North)
	if c := claimsOf(t, at.North, "South"); len(c) != 1 || c[0].Given.Reliability != "" || c[0].Given.Credibility != 0 {
		t.Errorf("%+v", c)
	}
}

// TestTheSameTearlineTwice: a parcel forged or sent again says nothing new.
func TestTheSameTearlineTwice(t *testing.T) {
	at := meet(t)
	body := releasedBundle(t, at)
	for range 3 {
		at.hand(t, at.South, at.North, release.KindBundle, body)
	}
	apply(t, at.North)
	before := counted(t, at.North)
	at.hand(t, at.South, at.North, release.KindBundle, body)
	apply(t, at.North)
	if l := newest(t, at.North); l.State != store.Applied {
		t.Errorf("the fourth is %s: %s", l.State, l.Problem)
	}
	if got := counted(t, at.North); got.Objects != before.Objects || got.Selectors != before.Selectors {
		t.Errorf("after the fourth the store holds %+v, before %+v", got, before)
	}
	if c := claimsOf(t, at.North, "South"); len(c) != 1 {
		t.Errorf("the same tearline made %d claims", len(c))
	}
	found, err := at.North.Findings(t.Context(), phone(147))
	must(t, err)
	if len(found) != 1 {
		t.Errorf("the same tearline made %d findings", len(found))
	}
}

// TestTearlinesThatAreRefused: with the reason in the ledger and in the inbox,
// and nothing else.
func TestTearlinesThatAreRefused(t *testing.T) {
	at := meet(t)
	body := releasedBundle(t, at)
	at.hand(t, at.South, at.North, release.KindBundle, body)
	apply(t, at.North)
	swap := func(old, new string) []byte {
		if !bytes.Contains(body, []byte(old)) {
			t.Fatalf("the tearline does not hold %q", old)
		}
		return bytes.ReplaceAll(body, []byte(old), []byte(new))
	}
	for name, c := range map[string]struct {
		kind string
		body []byte
	}{
		"a word changed in what came before": {release.KindBundle, swap("likely", "unsure")},
		"another form of the same":           {release.KindBundle, append([]byte(" "), body...)},
		"an unknown property":                {release.KindBundle, swap(`"name":"Friday"`, `"name":"Friday","x_note":"a"`)},
		"another statement":                  {release.KindBundle, swap("Parley permitted use", "Parley forbidden use")},
		"a raw report":                       {release.KindBundle, bundle(reportObject(1, "x"), noteObject(1, "+1 202-555-0199"))},
		"half of it":                         {release.KindBundle, body[:len(body)/2]},
		"nothing":                            {release.KindBundle, nil},
		"nesting without end":                {release.KindBundle, []byte(strings.Repeat(`[`, 1<<20))},
		"an unknown kind":                    {"gift", body},
		"a kind of 300 bytes":                {strings.Repeat("k", 300), body},
		"no kind":                            {"", body},
		"a match that nobody proposed":       {"match.count.done", body},
		"a match that is garbage":            {"match.propose", []byte("{")},
		"a match of no known kind":           {"match.gift", body},
	} {
		before, claims := counted(t, at.North), len(claimsOf(t, at.North, "South"))
		at.hand(t, at.South, at.North, c.kind, c.body)
		apply(t, at.North)
		l := newest(t, at.North)
		if l.State != store.Refused || l.Problem == "" || l.Tearline != nil {
			t.Errorf("%s: it is %s (%.100s)", name, l.State, l.Problem)
		}
		after := counted(t, at.North)
		if after.Objects != before.Objects || after.Selectors != before.Selectors || len(claimsOf(t, at.North, "South")) != claims {
			t.Errorf("%s: something of it was kept", name)
		}
		if got := ledger(t, at.North, 1); got[len(got)-1] != "message.refused" {
			t.Errorf("%s: the ledger's last line is %s", name, got[len(got)-1])
		}
	}
	if _, err := at.North.VerifyLedger(t.Context(), ""); err != nil {
		t.Error(err)
	}
}

// TestNoMessageStandsInTheWayOfTheNext puts a good tearline behind each kind
// of poison.
func TestNoMessageStandsInTheWayOfTheNext(t *testing.T) {
	at := meet(t)
	body := releasedBundle(t, at)
	for i, kind := range []string{release.KindBundle, release.KindWarning, release.KindWarningReceipt, "match.propose", "match.accept", "match.abort", "gift"} {
		for _, poison := range [][]byte{nil, []byte("null"), []byte("{}"), []byte("\xff\xfe"), bytes.Repeat([]byte{0}, 1<<16), []byte(`{"version":1,"ident":"` + strings.Repeat("0", 32) + `"}`)} {
			at.hand(t, at.South, at.North, kind, poison)
		}
		at.hand(t, at.South, at.North, release.KindBundle, body)
		apply(t, at.North)
		all, err := at.North.Inbox(t.Context(), 0)
		must(t, err)
		if len(all) != 7*(i+1) {
			t.Fatalf("%d messages in the inbox", len(all))
		}
		for _, l := range all {
			if l.State != store.Applied && l.State != store.Refused {
				t.Errorf("%s: message %d is %s", kind, l.Number, l.State)
			}
		}
		if all[0].State != store.Applied {
			t.Errorf("behind %s: the tearline is %s: %s", kind, all[0].State, all[0].Problem)
		}
	}
}

// TestTheSenderTellsNothingItDidNotClear looks for every original id, name and
// text of South's report in what crossed.
func TestTheSenderTellsNothingItDidNotClear(t *testing.T) {
	at := meet(t)
	body := releasedBundle(t, at)
	for _, secret := range []string{
		string(numbered("report", 1)), "7b0e4d5c", "what we know", "receiver", "hill", "South", "chen", "dora", "2026-09-01T10",
	} {
		if bytes.Contains(body, []byte(secret)) {
			t.Errorf("%q crossed", secret)
		}
	}
}

// TestPseudonyms: one for each counterpart, the same each time.
func TestPseudonyms(t *testing.T) {
	at := meet(t)
	who := func(to *Node, i int) string {
		report := reported(t, at.North, i, 140+i)
		released(t, at.North, to, order(report, 140+i))
		got, err := release.Verify(at.outbox(t, at.North, to)[0].body)
		must(t, err)
		return string(got.Report.CreatedByRef())
	}
	south, uvar := []string{who(at.South, 1), who(at.South, 2)}, []string{who(at.Uvar, 3), who(at.Uvar, 4)}
	if south[0] == "" || south[0] != south[1] || uvar[0] != uvar[1] || south[0] == uvar[0] {
		t.Errorf("South knows us as %v, Uvar as %v", south, uvar)
	}
	again := reopened(t, at.North.Home(), *at.North.key, at.clock, 77)
	released(t, again, at.South, order(reported(t, again, 5, 145), 145))
	got, err := release.Verify(at.outbox(t, again, at.South)[0].body)
	if err != nil || string(got.Report.CreatedByRef()) != south[0] {
		t.Errorf("after opening the node again South knows us as %s, %v", got.Report.CreatedByRef(), err)
	}
}

// TestTheInboxIsInOrder, newest first, and as long as was asked for.
func TestTheInboxIsInOrder(t *testing.T) {
	at := meet(t)
	for i := range 5 {
		at.hand(t, at.South, at.North, fmt.Sprint("kind", i), []byte("x"))
	}
	apply(t, at.North)
	all, err := at.North.Inbox(t.Context(), 3)
	must(t, err)
	var kinds []string
	for _, l := range all {
		kinds = append(kinds, l.Kind)
	}
	if !slices.Equal(kinds, []string{"kind4", "kind3", "kind2"}) {
		t.Errorf("%v", kinds)
	}
	_, err = at.North.Letter(t.Context(), 99)
	wants(t, "a message that never came", err, store.ErrNotFound)
}
