package node

import (
	"testing"

	"parley/internal/release"
	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

const tearlineText = "We judge it likely that somebody means to harm the audience on Friday. They use the numbers listed here."

// reported gives a node a report that names telephones, and returns its id.
func reported(t testing.TB, n *Node, i int, last ...int) stix.ID {
	t.Helper()
	var objects []string
	var refs []stix.ID
	for _, l := range last {
		id := stix.ID(numbered("phone-number", i*1000+l))
		objects = append(objects, `{"type":"phone-number","spec_version":"2.1","id":"`+string(id)+`","value":"`+phone(l).Value+`"}`)
		refs = append(refs, id)
	}
	imported(t, n, "report.json", append(objects, reportObject(i, "The receiver behind the hill heard two men speak of a lamp and a door.", refs...))...)
	return numbered("report", i)
}

// order asks for a tearline of a report in which telephones show.
func order(report stix.ID, last ...int) release.Order {
	o := release.Order{Report: report, TLP: release.TLPAmber, Use: release.Detection, Title: "Friday", Text: tearlineText, Grade: "B2"}
	for _, l := range last {
		o.Added = append(o.Added, release.Disclosed{Selector: phone(l), Reason: "they must look for it"})
	}
	return o
}

// drafted is a draft on a node's desk.
func drafted(t testing.TB, n, to *Node, o release.Order) store.Release {
	t.Helper()
	r, err := n.DraftRelease(t.Context(), to.Settings.Party, o)
	must(t, err)
	return r
}

// released takes an order the whole way to the outbox.
func released(t testing.TB, n, to *Node, o release.Order) store.Release {
	t.Helper()
	r := drafted(t, n, to, o)
	_, found, err := n.CheckRelease(t.Context(), r.ID)
	must(t, err)
	if release.Blocked(found) {
		t.Fatalf("the draft leaks: %v", found)
	}
	_, err = second(n).ClearRelease(t.Context(), r.ID)
	must(t, err)
	r, err = n.SendRelease(t.Context(), r.ID)
	must(t, err)
	return r
}

// releasedBundle is a tearline from South to North, taken out of the outbox.
func releasedBundle(t testing.TB, at *table) []byte {
	t.Helper()
	released(t, at.South, at.North, order(reported(t, at.South, 1, 147), 147))
	return at.outbox(t, at.South, at.North)[0].body
}

// knows reports whether a node lists a selector, among its own or among all.
func knows(t testing.TB, n *Node, sel selector.Selector, own bool) bool {
	t.Helper()
	all, err := n.Selectors(t.Context(), store.Scope{Ours: own})
	must(t, err)
	for _, s := range all {
		if s.Selector == sel {
			return true
		}
	}
	return false
}
