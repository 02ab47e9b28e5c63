package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
)

// TestAConsumerReadsWhatWasReleasedToIt and nothing else: not what was released to another, nor what
// was only drafted, nor anything of ours.
func TestAConsumerReadsWhatWasReleasedToIt(t *testing.T) {
	at := meet(t)
	n := at.South
	rescue, siem := consumes(t, n, "Rescue", ConsumerOptions{}), consumes(t, n, "Siem", ConsumerOptions{})
	report := reported(t, n, 1, 147, 150)
	if got := rescue.reads("released"); len(got) > 0 {
		t.Errorf("before anything was released it reads %d objects", len(got))
	}
	r := releasedTo(t, n, "Rescue", order(report, 147))
	_, err := n.DraftRelease(t.Context(), "Siem", order(report, 150))
	must(t, err)
	got := rescue.reads("released")
	var want [][]byte
	_, err = stix.ReadBundle(bytes.NewReader(r.Bundle), stix.Limits{}, func(o stix.Object) error {
		want = append(want, o.Bytes())
		return nil
	})
	must(t, err)
	if !slices.EqualFunc(got, want, func(a stix.Object, b []byte) bool { return bytes.Equal(a.Bytes(), b) }) {
		t.Errorf("it reads %d objects, and the %d that were cleared are not they", len(got), len(want))
	}
	for _, o := range got {
		if text := string(o.Bytes()); strings.Contains(text, phone(150).Value) || strings.Contains(text, "receiver behind the hill") {
			t.Errorf("it reads %s", text)
		}
	}
	if got := siem.reads("released"); len(got) > 0 {
		t.Errorf("the other reads %d objects", len(got))
	}
}

// TestReleasesToOneConsumerStandSideBySide sends two, and the first again after a change.
func TestReleasesToOneConsumerStandSideBySide(t *testing.T) {
	at := meet(t)
	rescue := consumes(t, at.South, "Rescue", ConsumerOptions{})
	report := reported(t, at.South, 1, 147)
	releasedTo(t, at.South, "Rescue", order(report, 147))
	first := len(rescue.reads("released"))
	releasedTo(t, at.South, "Rescue", order(report, 147))
	reports := 0
	all := rescue.reads("released")
	for _, o := range all {
		if o.Type() == "report" {
			reports++
		}
	}
	// Who we are to it, and the label, are the same objects in both.
	if reports != 2 || len(all) >= 2*first {
		t.Errorf("%d reports in %d objects, %d after the first", reports, len(all), first)
	}
}

// TestNoIDGivesASelectorAway follows everything that a consumer can ask for, and what a counterpart
// gets over a channel: no id in it is made of a value, whoever holds the value.
func TestNoIDGivesASelectorAway(t *testing.T) {
	at := meet(t)
	n := at.South
	// The report names its observables by the ids that STIX derives from their values.
	var objects []string
	var refs []stix.ID
	for _, last := range []int{147, 150, 151} {
		o, err := stix.New("email-addr").Set("value", fmt.Sprintf("user%d@example.org", last)).Build()
		must(t, err)
		objects, refs = append(objects, string(o.Bytes())), append(refs, o.ID())
	}
	imported(t, n, "report.json", append(objects, reportObject(1, "The receiver behind the hill heard two men speak of a lamp and a door.", refs...))...)
	rescue := consumes(t, n, "Rescue", ConsumerOptions{MaySend: true})
	o := order(numbered("report", 1))
	sel, err := n.Selector("email:user147@example.org")
	must(t, err)
	o.Added = []release.Disclosed{{Selector: sel, Reason: "they must look for it"}}
	releasedTo(t, n, "Rescue", o)
	released(t, n, at.North, o)

	outside := map[string][]byte{"the parcel to North": at.outbox(t, n, at.North)[0].body}
	for _, collection := range []string{"released", "sent"} {
		below := "/api/collections/" + collection + "/"
		for _, path := range []string{"", "objects/", "manifest/", "objects/?match[version]=all", "manifest/?limit=2", "objects/" + string(refs[0]) + "/", "objects/" + string(refs[1]) + "/versions/"} {
			outside[below+path] = rescue.gets(below + path)
		}
	}
	for _, path := range []string{"/taxii2/", "/api/", "/api/collections/", "/nowhere/", "/api/status/" + uuid.NewString() + "/"} {
		outside[path] = rescue.gets(path)
	}
	ids, random := regexp.MustCompile(`[a-z][a-z0-9-]*--([0-9a-f-]{36})`), 0
	for where, text := range outside {
		for _, m := range ids.FindAllStringSubmatch(string(text), -1) {
			u, err := uuid.Parse(m[1])
			must(t, err)
			level, fixed := stix.TLPLevel(stix.ID(m[0]))
			switch {
			case fixed && level != "", m[0] == string(stix.TLP2Extension): // the same for everybody, and says nothing
			case u.Version() != 4:
				t.Errorf("%s: %s is not random", where, m[0])
			case slices.Contains(refs, stix.ID(m[0])):
				t.Errorf("%s: %s is an id of ours", where, m[0])
			default:
				random++
			}
		}
	}
	if random < 20 {
		t.Errorf("only %d ids were seen: the test looks in the wrong places", random)
	}
	// Two who compare what they got find no id in both but those that everybody has.
	for _, m := range ids.FindAllString(string(outside["the parcel to North"]), -1) {
		if _, fixed := stix.TLPLevel(stix.ID(m)); !fixed && m != string(stix.TLP2Extension) && bytes.Contains(outside["/api/collections/released/objects/"], []byte(m)) {
			t.Errorf("both were given %s", m)
		}
	}
}

// TestWhatAConsumerSendsIsTakenIn as its own: watched for, found, and nobody else's.
func TestWhatAConsumerSendsIsTakenIn(t *testing.T) {
	at := meet(t)
	n := at.South
	siem := consumes(t, n, "Siem", ConsumerOptions{MaySend: true})
	_, err := n.Watch(t.Context(), store.Watch{Selector: phone(199), Note: "the hall", Recipient: "the hall"})
	must(t, err)
	s := siem.sends(noteObject(1, phone(199).Value), noteObject(2, phone(198).Value), reportObject(1, "what they saw"))
	if s.SuccessCount != 3 {
		t.Fatalf("%+v", s)
	}
	if times := takeAll(t, n); times != 1 {
		t.Errorf("taken in in %d transactions", times)
	}
	if !knows(t, n, phone(198), false) || knows(t, n, phone(198), true) {
		t.Error("what it sent is not known as the consumer's")
	}
	raised, err := n.Warnings(t.Context())
	must(t, err)
	if len(raised) != 1 {
		t.Errorf("%d warnings were raised", len(raised))
	}
	want := []string{`Siem {"collection":"sent","objects":3,"selectors":2,"warnings":1}`}
	if got := ledgerOf(t, n, "collection.take"); !slices.Equal(got, want) {
		t.Errorf("the ledger says %q", got)
	}

	// The same again is nothing new; other content for a version is refused there.
	siem.sends(noteObject(1, phone(199).Value))
	if times := takeAll(t, n); times != 0 {
		t.Errorf("what was there was taken in %d times", times)
	}

	// What it gave goes to nobody else (the third-party rule).
	if _, err := n.DraftRelease(t.Context(), "North", order(numbered("report", 1))); !errors.Is(err, release.ErrThirdParty) {
		t.Errorf("passed on: %v", err)
	}
}

// TestTakingInIsStoppedAnywhere takes what a consumer sent into a node whose transactions fail now and
// then: in the end all of it is there, once, and each warning was raised once.
func TestTakingInIsStoppedAnywhere(t *testing.T) {
	at := meet(t)
	n := at.South
	siem := consumes(t, n, "Siem", ConsumerOptions{MaySend: true})
	_, err := n.Watch(t.Context(), store.Watch{Selector: phone(100), Note: "the hall", Recipient: "the hall"})
	must(t, err)
	const objects = takeBatch + 100
	for from := 0; from < objects; from += 100 {
		var texts []string
		for i := from; i < from+100; i++ {
			texts = append(texts, noteObject(i, phone(i).Value))
		}
		siem.sends(texts...)
	}
	stopped := 0
	for more := true; more; {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Duration(stopped*stopped)*time.Millisecond, cancel)
		more, err = n.takeNext(ctx)
		cancel()
		if err != nil {
			stopped, more = stopped+1, true
		}
	}
	found, raised := 0, 0
	must(t, n.store.View(t.Context(), func(tx *store.Tx) error {
		counts, err := tx.Counts(t.Context())
		found, raised = int(counts.Findings), int(counts.Warnings)
		return err
	}))
	if found != objects || raised != 1 || stopped == 0 {
		t.Errorf("%d findings, want %d; %d warnings; stopped %d times", found, objects, raised, stopped)
	}
}

func TestASuspendedConsumerGetsNothing(t *testing.T) {
	at := meet(t)
	n := at.South
	consumes(t, n, "Rescue", ConsumerOptions{})
	report := reported(t, n, 1, 147)
	r, err := n.DraftRelease(t.Context(), "Rescue", order(report, 147))
	must(t, err)
	must(t, n.SuspendConsumer(t.Context(), "Rescue", true))
	var early NotYet
	if _, err := n.DraftRelease(t.Context(), "Rescue", order(report, 147)); !errors.As(err, &early) {
		t.Errorf("drafted: %v", err)
	}
	_, _, err = n.CheckRelease(t.Context(), r.ID)
	must(t, err)
	_, err = second(n).ClearRelease(t.Context(), r.ID)
	must(t, err)
	if _, err := n.SendRelease(t.Context(), r.ID); !errors.Is(err, release.ErrStep) {
		t.Errorf("sent: %v", err)
	}
	must(t, n.SuspendConsumer(t.Context(), "Rescue", false))
	_, err = n.SendRelease(t.Context(), r.ID)
	must(t, err)
}
