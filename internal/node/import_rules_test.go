package node

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

// whole digests everything that a node's store holds, down to the last row: two
// copies without what was deleted have the same bytes where they hold the same.
func whole(t testing.TB, n *Node) [sha256.Size]byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.db")
	must(t, n.store.Backup(t.Context(), path, *n.key))
	text, err := os.ReadFile(path)
	must(t, err)
	return sha256.Sum256(text)
}

func TestTheWholeStoreIsCompared(t *testing.T) {
	n := meet(t).North
	before := whole(t, n)
	if whole(t, n) != before {
		t.Fatal("two copies of one store differ: the comparison says nothing")
	}
	imported(t, n, "a.json", reportObject(1, "x"))
	if whole(t, n) == before {
		t.Fatal("an object more makes no difference: the comparison says nothing")
	}
}

// altered changes a property of an object, or adds one, given as JSON.
func altered(object, name, value string) string {
	o, err := stix.ParseObject([]byte(object))
	if err != nil {
		panic(err)
	}
	if old, there := o.Raw(name); there {
		return strings.Replace(object, fmt.Sprintf("%q:%s", name, old), fmt.Sprintf("%q:%s", name, value), 1)
	}
	return strings.TrimSuffix(object, "}") + fmt.Sprintf(",%q:%s}", name, value)
}

// changedAt is a version of the first note, modified at a time on 1 September 2026.
func changedAt(at, content string) string {
	return altered(altered(noteObject(1, content), "modified", `"2026-09-01T`+at+`Z"`), "content", fmt.Sprintf("%q", content))
}

const (
	desk = `"identity--7b0e4d5c-52f1-4c1e-8f0a-000000000071"`
	mall = `"identity--7b0e4d5c-52f1-4c1e-8f0a-000000000072"`
	mail = `{"type":"email-addr","spec_version":"2.1","id":"email-addr--7b0e4d5c-52f1-4c1e-8f0a-000000000003","value":"desk@hall.example"}`
)

// TestWhatMayNotStandBesideWhatIsHeld brings one bundle into a node that holds
// something, and the two together into one that holds nothing. Both are refused
// with the place, and the store is what it was.
func TestWhatMayNotStandBesideWhatIsHeld(t *testing.T) {
	marking := `{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--7b0e4d5c-52f1-4c1e-8f0a-000000000009","created":"2026-09-01T10:00:00.000Z","definition_type":"statement","definition":{"statement":"ours"}}`
	for name, c := range map[string]struct {
		held, comes string
		says        string
		is          error
	}{
		"the same version with other content":          {changedAt("10:00:00.000", "fine"), changedAt("10:00:00.000", "changed"), "the same modified time stands at", store.ErrVersion},
		"the same moment, written otherwise":           {changedAt("10:00:00.000", "fine"), changedAt("10:00:00.000000", "fine"), "the same modified time stands at", store.ErrVersion},
		"the same beyond the microsecond":              {changedAt("10:00:00.0000001", "fine"), changedAt("10:00:00.0000001", "changed"), "the same modified time stands at", store.ErrVersion},
		"another creator's version":                    {altered(changedAt("10:00:00.000", "fine"), "created_by_ref", desk), altered(changedAt("11:00:00.000", "more"), "created_by_ref", mall), "only its creator may make a version", nil},
		"another creator's older version":              {altered(changedAt("10:00:00.000", "fine"), "created_by_ref", desk), altered(changedAt("09:00:00.000", "less"), "created_by_ref", mall), "only its creator may make a version", nil},
		"nobody's version of what somebody made":       {altered(changedAt("10:00:00.000", "fine"), "created_by_ref", desk), changedAt("11:00:00.000", "more"), "nobody named here", nil},
		"another address under one id":                 {mail, altered(mail, "value", `"clerk@hall.example"`), "is something else there", store.ErrVersion},
		"another marking under one id":                 {marking, altered(marking, "definition", `{"statement":"theirs"}`), "is something else there", store.ErrVersion},
		"something unknown, without versions, altered": {`{"type":"x-lamp","id":"x-lamp--7b0e4d5c-52f1-4c1e-8f0a-000000000004","colour":"red"}`, `{"type":"x-lamp","id":"x-lamp--7b0e4d5c-52f1-4c1e-8f0a-000000000004","colour":"blue"}`, "is something else there", store.ErrVersion},
	} {
		n := meet(t).North
		imported(t, n, "held.json", c.held)
		before := whole(t, n)
		_, err := n.ImportBundle(t.Context(), "comes.json", strings.NewReader(string(bundle(reportObject(7, "+1 202-555-0147"), c.comes))))
		refusedAt(t, name, err, "comes.json: objects[1] at byte", "the version kept on 2026-09-10 12:00:00Z", c.says)
		if c.is != nil {
			wants(t, name, err, c.is)
		}
		if whole(t, n) != before {
			t.Errorf("%s: the store is not what it was", name)
		}

		n = meet(t).South
		before = whole(t, n)
		_, err = n.ImportBundle(t.Context(), "both.json", strings.NewReader(string(bundle(reportObject(7, "x"), c.held, c.comes))))
		refusedAt(t, name+", in one bundle", err, "both.json: objects[2] at byte", "objects[1] at byte", c.says)
		if whole(t, n) != before {
			t.Errorf("%s, in one bundle: the store is not what it was", name)
		}
	}
}

func refusedAt(t *testing.T, name string, err error, says ...string) {
	t.Helper()
	for _, s := range says {
		if err == nil || !strings.Contains(err.Error(), s) {
			t.Errorf("%s: %v; want %q", name, err, s)
		}
	}
}

// TestHostileObjectsAreRefused, each with its place, and the store is what it was.
func TestHostileObjectsAreRefused(t *testing.T) {
	n := meet(t).North
	imported(t, n, "held.json", changedAt("10:00:00.000", "fine"))
	before := whole(t, n)
	nested := strings.Repeat(`{"a":`, 70) + "1" + strings.Repeat("}", 70)
	manyVersions := make([]string, mostVersions+2)
	for i := range manyVersions {
		manyVersions[i] = changedAt(fmt.Sprintf("10:00:01.%06d", i), "x")
	}
	for name, c := range map[string]struct{ text, says string }{
		"too deep":                    {string(bundle(altered(noteObject(2, "x"), "x_deep", nested))), "objects[0]: lists and objects may be nested 64 deep"},
		"too large":                   {string(bundle(noteObject(2, strings.Repeat("x", 17<<20)))), "an object is larger than allowed"},
		"a name twice":                {string(bundle(altered(noteObject(2, "x"), "x_a", `1,"x_a":2`))), "duplicate object member name"},
		"bytes that are no UTF-8":     {string(bundle(noteObject(2, "\xff"))), "objects[0]"},
		"a number no reader can hold": {string(bundle(noteObject(2, "x"), altered(noteObject(3, "x"), "x_a", "1e999"))), "objects[1] at byte"},
		"a whole number of 20 digits where the standard has one": {string(bundle(altered(noteObject(2, "x"), "confidence", "99999999999999999999"))), "confidence: must be a whole number"},
		"a type that is not its id's":                            {string(bundle(strings.Replace(noteObject(2, "x"), `"type":"note"`, `"type":"report"`, 1))), "objects[0].id: must start with the object's type"},
		"a version that changes type":                            {string(bundle(strings.Replace(changedAt("11:00:00.000", "x"), `"type":"note"`, `"type":"report"`, 1))), "objects[0].id: must start with the object's type"},
		"more versions than are kept":                            {string(bundle(manyVersions...)), "more than 1000 versions"},
		"more selectors than one object may hold":                {string(bundle(noteObject(2, manyAddresses(mostSelectors+1)))), "20001 selectors, and 20000 are the most"},
		"a bundle without an id":                                 {strings.Replace(string(bundle(noteObject(2, "x"))), `"id":"bundle--2f1cf3a2-6dd7-4c0a-9a0e-0d4b6f1f5b10",`, "", 1), "id: a bundle must have an id"},
		"objects that are no list":                               {`{"type":"bundle","id":"bundle--2f1cf3a2-6dd7-4c0a-9a0e-0d4b6f1f5b10","objects":{}}`, "objects: must be a list"},
	} {
		_, err := n.ImportBundle(t.Context(), "hostile.json", strings.NewReader(c.text))
		refusedAt(t, name, err, "import bundle hostile.json:", c.says)
		if whole(t, n) != before {
			t.Errorf("%s: the store is not what it was", name)
		}
	}
}

func manyAddresses(count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, "desk%d@hall.example ", i)
	}
	return b.String()
}

// shown is what a node shows of the first note: its text, and the selectors that
// stand in it.
func shown(t testing.TB, n *Node) (content string, selectors int) {
	t.Helper()
	view(t, n, func(ctx context.Context, tx *store.Tx) error {
		row, err := tx.Object(ctx, "note", numbered("note", 1).UUID())
		if err != nil {
			return err
		}
		o, err := stix.ParseObject(row.Body)
		content, _ = o.String("content")
		return err
	})
	all, err := n.Selectors(t.Context(), store.Scope{})
	must(t, err)
	return content, len(all)
}

// TestAnOlderVersionShowsNothing: it is kept, and raises no warning.
func TestAnOlderVersionShowsNothing(t *testing.T) {
	n := meet(t).North
	imported(t, n, "new.json", changedAt("11:00:00.000", "call +1 202-555-0148"))
	watched(t, n, "the hall", true, 147)
	sum := imported(t, n, "old.json", changedAt("10:00:00.000", "call +1 202-555-0147"))
	if sum.Objects != 1 || sum.Older != 1 || sum.Selectors != 0 || sum.Raised != 0 {
		t.Errorf("%+v", sum)
	}
	if content, selectors := shown(t, n); content != "call +1 202-555-0148" || selectors != 1 {
		t.Errorf("it shows %q and %d selectors", content, selectors)
	}
	if got := counted(t, n).Objects; got != 2 {
		t.Errorf("%d versions are kept", got)
	}
	if sum := imported(t, n, "old.json", changedAt("10:00:00.000", "call +1 202-555-0147")); sum.Known != 1 || sum.Objects != 0 {
		t.Errorf("again: %+v", sum)
	}
}

// TestWhatIsRevokedStaysSo, whichever version comes first.
func TestWhatIsRevokedStaysSo(t *testing.T) {
	gone := altered(changedAt("10:00:00.000", "taken back +1 202-555-0148"), "revoked", "true")
	back := changedAt("11:00:00.000", "valid again +1 202-555-0147")
	n := meet(t).North
	imported(t, n, "gone.json", gone)
	sum := imported(t, n, "back.json", back)
	if sum.Objects != 1 || sum.Revoked != 1 || sum.Selectors != 0 {
		t.Errorf("%+v", sum)
	}
	if content, selectors := shown(t, n); content != "taken back +1 202-555-0148" || selectors != 1 {
		t.Errorf("it shows %q and %d selectors", content, selectors)
	}
	n = meet(t).South
	imported(t, n, "back.json", back)
	if sum := imported(t, n, "gone.json", gone); sum.Older != 0 || sum.Selectors != 1 {
		t.Errorf("the revocation comes second: %+v", sum)
	}
	if content, _ := shown(t, n); content != "taken back +1 202-555-0148" {
		t.Errorf("the revocation came second: it shows %q", content)
	}
	// A later version may say again that it is revoked.
	if sum := imported(t, n, "still.json", altered(changedAt("12:00:00.000", "still"), "revoked", "true")); sum.Revoked != 0 {
		t.Errorf("%+v", sum)
	}
	if content, _ := shown(t, n); content != "still" {
		t.Errorf("it shows %q", content)
	}
}

// TestVersionsBelowTheMicrosecondAreKeptApart, and the newer shows.
func TestVersionsBelowTheMicrosecondAreKeptApart(t *testing.T) {
	n := meet(t).North
	for _, at := range []string{"10:00:00.0000009", "10:00:00.00000091", "10:00:00.000", "10:00:00.000000900000000000000000001"} {
		if sum := imported(t, n, "a.json", changedAt(at, at)); sum.Objects != 1 {
			t.Errorf("%s: %+v", at, sum)
		}
		if sum := imported(t, n, "b.json", changedAt(at, at)); sum.Known != 1 {
			t.Errorf("%s again: %+v", at, sum)
		}
	}
	if content, _ := shown(t, n); content != "10:00:00.00000091" {
		t.Errorf("it shows that of %s", content)
	}
}

// TestTheSameContentIsTheSame, however it is written: order, white space, escapes.
func TestTheSameContentIsTheSame(t *testing.T) {
	n := meet(t).North
	imported(t, n, "a.json", changedAt("10:00:00.000", "call 12"))
	o := changedAt("10:00:00.000", "call 12")
	o = strings.Replace(o, `"type":"note",`, "", 1)
	o = strings.TrimSuffix(o, "}") + "\n , \"type\" : \"n\\u006fte\" }"
	if sum := imported(t, n, "b.json", o); sum.Known != 1 || sum.Objects != 0 {
		t.Errorf("%+v", sum)
	}
}

// TestMoreOfOneObservableStandsBeside: nothing that it says is lost, and the
// first stays the object.
func TestMoreOfOneObservableStandsBeside(t *testing.T) {
	n := meet(t).North
	tlp := `{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9","created":"2017-01-20T00:00:00.000Z","definition_type":"tlp","definition":{"tlp":"white"}}`
	number := `{"type":"phone-number","id":"phone-number--7b0e4d5c-52f1-4c1e-8f0a-000000000005","value":"+12025550149"}`
	imported(t, n, "a.json", mail, tlp, number)
	named := altered(mail, "display_name", `"ring +1 202-555-0147"`)
	sum := imported(t, n, "b.json", named, altered(tlp, "name", `"TLP:WHITE"`), altered(number, "defanged", "false"))
	if sum.Objects != 3 || sum.Selectors != 3 { // the address, the number in its name; the number
		t.Errorf("%+v", sum)
	}
	if sum := imported(t, n, "c.json", mail, named); sum.Known != 2 {
		t.Errorf("again: %+v", sum)
	}
	view(t, n, func(ctx context.Context, tx *store.Tx) error {
		row, err := tx.Object(ctx, "email-addr", stix.ID(`email-addr--7b0e4d5c-52f1-4c1e-8f0a-000000000003`).UUID())
		if string(row.Body) != mail {
			t.Errorf("the object is %s", row.Body)
		}
		return err
	})
	if found, err := n.Findings(t.Context(), phone(147)); err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
}

// TestOneUUIDOfTwoTypesIsTwoObjects: an id is its type and its UUID (STIX 2.1, 2.9).
func TestOneUUIDOfTwoTypesIsTwoObjects(t *testing.T) {
	n := meet(t).North
	if sum := imported(t, n, "a.json", noteObject(1, "x"), reportObject(1, "y")); sum.Objects != 2 {
		t.Errorf("%+v", sum)
	}
}

// TestNumbersAreKeptAsTheyCame, to the last digit.
func TestNumbersAreKeptAsTheyCame(t *testing.T) {
	n := meet(t).North
	o := altered(noteObject(1, "x"), "x_count", "123456789012345678901234567890.10")
	imported(t, n, "a.json", o)
	view(t, n, func(ctx context.Context, tx *store.Tx) error {
		row, err := tx.Object(ctx, "note", numbered("note", 1).UUID())
		if string(row.Body) != o {
			t.Errorf("it is %s", row.Body)
		}
		return err
	})
}

// TestTheFirstOfABundleTwice is one object and one that is known.
func TestTheFirstOfABundleTwice(t *testing.T) {
	n := meet(t).North
	if sum := imported(t, n, "a.json", seen(101), seen(101), seen(102)); sum.Objects != 2 || sum.Known != 1 || sum.Selectors != 2 {
		t.Errorf("%+v", sum)
	}
}

// TestAnyOrderOfVersionsShowsTheSame brings versions of one object in, in any
// order and in any bundles: what shows is what the rules say, and nothing is lost.
func TestAnyOrderOfVersionsShowsTheSame(t *testing.T) {
	at := meet(t)
	number := 0
	rapid.Check(t, func(r *rapid.T) {
		number++
		id := fmt.Sprintf("%q", numbered("note", 100+number))
		count := rapid.IntRange(1, 6).Draw(r, "versions")
		revokedFrom := rapid.IntRange(1, 9).Draw(r, "revoked from")
		var all []string
		top := 0
		for v := range count {
			o := altered(changedAt(fmt.Sprintf("10:00:00.00000%d", v), fmt.Sprint("version ", v)), "id", id)
			if v == revokedFrom {
				o = altered(o, "revoked", "true")
			}
			all = append(all, o)
			if v <= revokedFrom {
				top = v
			}
		}
		order := rapid.Permutation(all).Draw(r, "order")
		kept := 0
		for len(order) > 0 {
			some := rapid.IntRange(1, len(order)).Draw(r, "together")
			kept += imported(t, at.North, "a.json", order[:some]...).Objects
			order = order[some:]
		}
		view(t, at.North, func(ctx context.Context, tx *store.Tx) error {
			row, err := tx.Object(ctx, "note", numbered("note", 100+number).UUID())
			if string(row.Body) != all[top] || kept != count {
				r.Errorf("of %d versions %d are kept, and it shows %s", count, kept, row.Body)
			}
			return err
		})
	})
}

// TestOnlyOursIsHeldAgainstOurs: what a counterpart gave us under an id stands in
// the way of nothing.
func TestOnlyOursIsHeldAgainstOurs(t *testing.T) {
	n := meet(t).North
	o, err := stix.ParseObject([]byte(changedAt("10:00:00.000", "theirs")))
	must(t, err)
	change(t, n, func(ctx context.Context, tx *store.Tx) error {
		from, err := tx.Counterpart(ctx, "South")
		if err != nil {
			return err
		}
		_, _, err = n.putObject(ctx, tx, o, store.Object{Origin: from.ID}, "theirs")
		return err
	})
	if sum := imported(t, n, "ours.json", changedAt("10:00:00.000", "ours")); sum.Objects != 1 {
		t.Errorf("%+v", sum)
	}
}

// TestObservablesAreReadByTheirType: a domain under no known suffix is one where
// an object says so.
func TestObservablesAreReadByTheirType(t *testing.T) {
	n := meet(t).North
	imported(
		t, n, "a.json",
		`{"type":"domain-name","id":"domain-name--7b0e4d5c-52f1-4c1e-8f0a-000000000001","value":"Relay.Hall.zz"}`,
		`{"type":"phone-number","id":"phone-number--7b0e4d5c-52f1-4c1e-8f0a-000000000002","number":"(202) 555-0147"}`,
		`{"type":"email-addr","id":"email-addr--7b0e4d5c-52f1-4c1e-8f0a-000000000003","value":"desk@hall.zz"}`,
		`{"type":"url","id":"url--7b0e4d5c-52f1-4c1e-8f0a-000000000004","value":"hxxps://relay.hall.zz"}`,
	)
	for _, want := range []selector.Selector{
		{Kind: selector.Domain, Value: "relay.hall.zz"}, phone(147), {Kind: selector.Email, Value: "desk@hall.zz"}, {Kind: selector.URL, Value: "https://relay.hall.zz/"},
	} {
		if found, err := n.Findings(t.Context(), want); err != nil || len(found) != 1 {
			t.Errorf("%s: %v, %v", want, found, err)
		}
	}
}
