package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"parley/internal/store"
	"parley/selector"
)

// counted is what an import can leave in the store.
func counted(t *testing.T, n *Node) store.Counts {
	t.Helper()
	s, err := n.Status(t.Context())
	must(t, err)
	return s.Counts
}

// TestABundleIsTakenWholeOrNotAtAll puts a fault into the last object of fifty.
func TestABundleIsTakenWholeOrNotAtAll(t *testing.T) {
	at := meet(t)
	var objects []string
	for i := range 49 {
		objects = append(objects, noteObject(i, fmt.Sprintf("+1 202-555-%04d", 100+i)))
	}
	before, head := counted(t, at.North), entries(t, at.North)
	for name, last := range map[string]string{
		"an object without a type":    `{"id":"note--7b0e4d5c-52f1-4c1e-8f0a-000000000099"}`,
		"an id that is none":          strings.Replace(noteObject(50, "x"), "note--", "note-", 1),
		"a time that is none":         strings.Replace(noteObject(50, "x"), "2026-09-01T10:00:00.000Z", "yesterday", 1),
		"a number":                    `5`,
		"the end of the file":         `{"type":"note","spec_version":"2.1"`,
		"the same version, otherwise": noteObject(3, "+1 202-555-0199"),
	} {
		_, err := at.North.ImportBundle(t.Context(), "fifty.json", strings.NewReader(string(bundle(append(objects, last)...))))
		if err == nil || !strings.Contains(err.Error(), "fifty.json") {
			t.Errorf("%s: got %v, want a refusal that names the file", name, err)
		}
		if got := counted(t, at.North); got != before {
			t.Errorf("%s: the store holds %+v, before %+v", name, got, before)
		}
	}
	broken := io.MultiReader(strings.NewReader(`{"type":"bundle","id":"bundle--2f1cf3a2-6dd7-4c0a-9a0e-0d4b6f1f5b10","objects":[`+strings.Join(objects, ",")),
		iotest.ErrReader(errors.New("the stick was pulled out")))
	if _, err := at.North.ImportBundle(t.Context(), "fifty.json", broken); err == nil || counted(t, at.North) != before {
		t.Errorf("a file that cannot be read to its end: %v", err)
	}
	if entries(t, at.North) != head {
		t.Error("an import that failed is in the ledger")
	}
	if sum := imported(t, at.North, "fifty.json", objects...); sum.Objects != 49 || sum.Selectors != 49 || sum.Known != 0 {
		t.Errorf("without the fault: %+v", sum)
	}
}

func TestTheSameBundleTwice(t *testing.T) {
	at := meet(t)
	objects := []string{reportObject(1, "a lamp was seen"), noteObject(1, "+1 202-555-0147")}
	imported(t, at.North, "first.json", objects...)
	before := counted(t, at.North)
	sum := imported(t, at.North, "second.json", objects...)
	if sum.Objects != 0 || sum.Known != 2 || sum.Selectors != 0 {
		t.Errorf("the second time: %+v", sum)
	}
	if got := counted(t, at.North); got.Objects != before.Objects || got.Selectors != before.Selectors {
		t.Errorf("the store holds %+v, before %+v", got, before)
	}
	found, err := at.North.Findings(t.Context(), phone(147))
	must(t, err)
	if len(found) != 1 {
		t.Errorf("%d findings of one number in one place", len(found))
	}
}

func TestAVersionWithOtherContentIsRefused(t *testing.T) {
	at := meet(t)
	imported(t, at.North, "first.json", reportObject(1, "a lamp was seen"))
	_, err := at.North.ImportBundle(t.Context(), "second.json", strings.NewReader(string(bundle(reportObject(2, "fine"), reportObject(1, "a bomb was seen")))))
	wants(t, "other content", err, store.ErrVersion)
	if !strings.Contains(err.Error(), string(numbered("report", 1))) {
		t.Errorf("%v does not name the object", err)
	}
	if got := counted(t, at.North); got.Objects != 1 {
		t.Errorf("%d objects, want the first alone", got.Objects)
	}
	newer := strings.Replace(reportObject(1, "a bomb was seen"), `"modified":"2026-09-01`, `"modified":"2026-09-02`, 1)
	if sum := imported(t, at.North, "third.json", newer); sum.Objects != 1 {
		t.Errorf("a newer version: %+v", sum)
	}
}

// TestWhereSelectorsAreFoundInObjects: in every text, with the property's
// path; in no id, type or time.
func TestWhereSelectorsAreFoundInObjects(t *testing.T) {
	at := meet(t)
	hash := strings.Repeat("ab", 32)
	imported(t, at.North, "all.json",
		`{"type":"user-account","spec_version":"2.1","id":"user-account--7b0e4d5c-52f1-4c1e-8f0a-000000000001","account_type":"Telegram","account_login":"Lamplight_Demo_17"}`,
		`{"type":"user-account","spec_version":"2.1","id":"user-account--7b0e4d5c-52f1-4c1e-8f0a-000000000002","account_type":"unix","account_login":"lantern_demo_44"}`,
		`{"type":"email-addr","spec_version":"2.1","id":"email-addr--7b0e4d5c-52f1-4c1e-8f0a-000000000003","value":"Samir.H@Post.example"}`,
		`{"type":"file","spec_version":"2.1","id":"file--7b0e4d5c-52f1-4c1e-8f0a-000000000004","name":"a.bin","hashes":{"SHA-256":"`+hash+`"}}`,
		`{"type":"note","spec_version":"2.1","id":"note--7b0e4d5c-52f1-4c1e-8f0a-000000000005","created":"2026-09-01T10:00:00.000Z","modified":"2026-09-01T10:00:00.000Z",`+
			`"content":"call +1 202-555-0147, then +1 202-555-0148; again: +1 202-555-0147","object_refs":["file--7b0e4d5c-52f1-4c1e-8f0a-000000000004"],`+
			`"external_references":[{"source_name":"board","url":"https://board2.forum.test/thread/107"}]}`,
	)
	for _, c := range []struct {
		sel  selector.Selector
		path string
	}{
		{selector.Selector{Kind: selector.Telegram, Value: "lamplight_demo_17"}, "account_login"},
		{selector.Selector{Kind: selector.Email, Value: "samir.h@post.example"}, "value"},
		{phone(147), "content"},
		{phone(148), "content"},
		{selector.Selector{Kind: selector.URL, Value: "https://board2.forum.test/thread/107"}, "external_references[0].url"},
	} {
		found, err := at.North.Findings(t.Context(), c.sel)
		must(t, err)
		if len(found) != 1 {
			t.Errorf("%s: %d findings, want one", c.sel, len(found))
			continue
		}
		if f := found[0]; !strings.HasSuffix(f.Place, " "+c.path) || !strings.HasPrefix(f.List, "all.json (") || f.Object == 0 || !strings.Contains(f.Context, f.Raw) {
			t.Errorf("%s: %+v, want the path %s", c.sel, f, c.path)
		}
		if _, _, err := at.North.ShowFinding(t.Context(), found[0].ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s stands in no evidence and was shown there: %v", c.sel, err)
		}
	}
	all, err := at.North.Selectors(t.Context(), store.Scope{})
	must(t, err)
	for _, s := range all {
		if strings.Contains(s.Selector.Value, "7b0e4d5c") || strings.Contains(s.Selector.Value, "2026") || s.Selector.Value == "lantern_demo_44" {
			t.Errorf("%s was taken for a selector", s.Selector)
		}
	}
}

// TestSelectorsInPatterns: as the pattern means them, and in its comments as they stand.
func TestSelectorsInPatterns(t *testing.T) {
	at := meet(t)
	indicator := func(n int, language, pattern string) string {
		quoted, err := json.Marshal(pattern)
		must(t, err)
		return fmt.Sprintf(`{"type":"indicator","spec_version":"2.1","id":"indicator--7b0e4d5c-52f1-4c1e-8f0a-%012d","created":"2026-09-01T10:00:00.000Z",`+
			`"modified":"2026-09-01T10:00:00.000Z","valid_from":"2026-09-01T10:00:00Z","pattern_type":%q,"pattern":%s}`, n, language, quoted)
	}
	imported(t, at.North, "patterns.json",
		indicator(1, "stix", `[email-addr:value = 'o\'hara@post.example' OR phone-number:value IN ('+12025550147', '+12025550148')]`),
		indicator(2, "stix", `[user-account:account_type = 'telegram' AND user-account:account_login = 'Lamplight_Demo_17']`),
		indicator(3, "stix", `[user-account:account_type = 'unix' AND user-account:account_login = 'lantern_demo_44']`),
		indicator(4, "stix", `[phone-number:value = '+12025550149'] // also +1 202-555-0150`),
		indicator(5, "stix", `phone-number +12025550151`),
		indicator(6, "sigma", `title: call +12025550152`),
	)
	email := func(value string) selector.Selector { return selector.Selector{Kind: selector.Email, Value: value} }
	telegram := func(value string) selector.Selector { return selector.Selector{Kind: selector.Telegram, Value: value} }
	for sel, want := range map[selector.Selector]string{
		email("o'hara@post.example"):  "email-addr:value = o'hara@post.example",
		email("hara@post.example"):    "",
		phone(147):                    "phone-number:value IN +12025550147",
		phone(148):                    "phone-number:value IN +12025550148",
		telegram("lamplight_demo_17"): "Lamplight_Demo_17",
		telegram("lantern_demo_44"):   "",
		phone(149):                    "phone-number:value = +12025550149",
		phone(150):                    "[phone-number:value = '+12025550149'] // also +1 202-555-0150",
		phone(151):                    "phone-number +12025550151",
		phone(152):                    "title: call +12025550152",
	} {
		found, err := at.North.Findings(t.Context(), sel)
		must(t, err)
		got := ""
		for _, f := range found {
			got = f.Context
		}
		if got != want || len(found) > 1 {
			t.Errorf("%s: found %d times, in %q, not in %q", sel, len(found), got, want)
		}
	}
}

func TestAFileIsWhatItIs(t *testing.T) {
	at := meet(t)
	folder := t.TempDir()
	must(t, os.WriteFile(filepath.Join(folder, "note.md"), []byte("call +1 202-555-0147"), 0o600))
	for _, c := range []struct {
		path, kind string
	}{
		{file(t, "report.json", bundle(reportObject(1, "a lamp was seen"))), "bundle"},
		{file(t, "REPORT.JSON", bundle(reportObject(2, "a lamp was seen"))), "bundle"},
		{file(t, "result.json", []byte(`{"chats":{"list":[]}}`)), "evidence"},
		{file(t, "empty.json", nil), "evidence"},
		{file(t, "list.csv", []byte("+1 202-555-0147\n")), "list"},
		{file(t, "list.txt", []byte("+1 202-555-0147\n")), "list"},
		{file(t, "phone.bin", []byte("x")), "evidence"},
		{folder, "evidence"},
		{file(t, "backup.gz", []byte("\x1f\x8b\x08\x00\x00")), "evidence"},
	} {
		sum, err := at.North.Import(t.Context(), c.path, "")
		if err != nil || sum.Kind != c.kind {
			t.Errorf("%s: %s, %v; want %s", filepath.Base(c.path), sum.Kind, err, c.kind)
		}
	}
	if _, err := at.North.Import(t.Context(), filepath.Join(folder, "absent"), ""); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	// A bundle with a fault is refused as a bundle; it does not become evidence.
	if _, err := at.North.Import(t.Context(), file(t, "torn.json", bundle(reportObject(3, "x"))[:300]), ""); err == nil {
		t.Error("half a bundle was taken")
	}
}

// TestImportSaysWhatItRaised: a report that names a watched selector is no
// quieter than evidence that does.
func TestImportSaysWhatItRaised(t *testing.T) {
	at := meet(t)
	_, err := at.North.Watch(t.Context(), store.Watch{Selector: phone(147), Recipient: "the hall", Imminent: true})
	must(t, err)
	if sum := imported(t, at.North, "report.json", noteObject(1, "+1 202-555-0147")); sum.Raised != 1 {
		t.Errorf("%+v, want one warning", sum)
	}
	if got := ledger(t, at.North, 1); !slices.Contains(got, "warning.raise") {
		t.Errorf("the ledger says %v", got)
	}
	if sum, err := at.North.Import(t.Context(), file(t, "list.csv", []byte("+1 202-555-0147\n")), ""); err != nil || sum.Raised != 0 {
		t.Errorf("our own list raised %d warnings, %v", sum.Raised, err)
	}
}

// TestNothingIsKeptWhenTheContextEnds: the transaction is one.
func TestNothingIsKeptWhenTheContextEnds(t *testing.T) {
	at := meet(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := at.North.ImportBundle(ctx, "x.json", strings.NewReader(string(bundle(reportObject(1, "x"))))); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was stopped", err)
	}
	if got := counted(t, at.North); got.Objects != 0 {
		t.Errorf("%d objects were kept", got.Objects)
	}
}

// TestAHitInALongImportDoesNotWait for its end; where the import is short, one
// warning names all hits of a recipient.
func TestAHitInALongImportDoesNotWait(t *testing.T) {
	var objects []string
	for i := range 300 {
		objects = append(objects, noteObject(i, fmt.Sprintf("+1 202-555-%04d %01000d", i, i)))
	}
	for _, c := range []struct {
		takes    time.Duration // from one reading of the file to the next
		warnings int
	}{{0, 1}, {hitWait, 2}} {
		at := meet(t)
		watched(t, at.North, "the hall", true, 10, 290)
		opt := ImportOptions{batch: 20, Progress: func(p ImportProgress) {
			if p.Phase == "keeping" {
				at.clock.move(c.takes)
			}
		}}
		err := at.North.BringIn(t.Context(), file(t, "a.json", bundle(objects...)), opt, func(sum Imported) error {
			if sum.Raised != c.warnings || sum.Objects != 300 {
				t.Errorf("%+v, want %d warnings", sum, c.warnings)
			}
			return nil
		})
		must(t, err)
		if all := slices.Concat(alerts(t, at.North)...); len(all) != 2 {
			t.Errorf("the warnings name %v", all)
		}
	}
}

// TestTwoFilesOfOneName are two sources: what the second says is news.
func TestTwoFilesOfOneName(t *testing.T) {
	n := meet(t).North
	watched(t, n, "the hall", true, 147)
	for i := range 2 {
		if sum := imported(t, n, "report.json", noteObject(i, "+1 202-555-0147")); sum.Raised != 1 {
			t.Errorf("number %d: %+v", i, sum)
		}
	}
}

// TestALargeObjectIsKept, with the largest body there may be.
func TestALargeObjectIsKept(t *testing.T) {
	n := meet(t).North
	o := noteObject(1, strings.Repeat("lamp ", 3_300_000))
	if sum := imported(t, n, "large.json", o); sum.Objects != 1 {
		t.Errorf("%+v", sum)
	}
	if sum := imported(t, n, "large.json", o); sum.Known != 1 {
		t.Errorf("again: %+v", sum)
	}
}

// TestWhatIsNoSourceOfAnything: the wrong word for what it is, and what is neither
// here nor there.
func TestWhatIsNoSourceOfAnything(t *testing.T) {
	n := meet(t).North
	head := entries(t, n)
	none := func(Imported) error { t.Error("something was brought in"); return nil }
	for name, c := range map[string]struct {
		from, says string
		opt        ImportOptions
	}{
		"another word":                 {file(t, "a.json", bundle()), "there are stix, misp, list and evidence", ImportOptions{As: "report"}},
		"prose as STIX":                {file(t, "a.txt", []byte("Dear all")), "is not I-JSON", ImportOptions{As: AsSTIX}},
		"a MISP event without an id":   {file(t, "a.json", []byte(`{"Event":{"info":"x"}}`)), "Event: has no uuid", ImportOptions{}},
		"other JSON as STIX":           {file(t, "a.json", []byte(`{"error":"rate limited"}`)), "there are no STIX objects in it", ImportOptions{As: AsSTIX}},
		"prose as MISP":                {file(t, "a.txt", []byte("Dear all")), "import MISP events a.txt", ImportOptions{As: AsMISP}},
		"prose from standard input":    {"-", "save it to a file that stays", ImportOptions{Stdin: strings.NewReader("Dear all")}},
		"evidence from standard input": {"-", "save it to a file that stays", ImportOptions{As: AsEvidence, Stdin: strings.NewReader("Dear all")}},
		"a broken pack as STIX":        {file(t, "a.json.gz", []byte("\x1f\x8b\x08\x00\x00")), "unexpected EOF", ImportOptions{As: AsSTIX}},
	} {
		err := n.BringIn(t.Context(), c.from, c.opt, none)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	if entries(t, n) != head {
		t.Error("what was refused is in the ledger")
	}
}
