package node

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parley/internal/assess"
	"parley/internal/release"
	"parley/stix"
)

// TestAThirdPartysRetellingIsAnEcho: South's words go to North, with South's consent
// to Uvar, and from Uvar back to South.
func TestAThirdPartysRetellingIsAnEcho(t *testing.T) {
	at, _ := consented(t)
	must(t, introduced(t.Context(), at.Uvar, at.South, false))
	// Uvar's node would not let it out: its program is another one.
	told, err := release.Build(nil, release.Request{
		Counterpart: "South", Policy: release.DefaultPolicy(), TLP: release.TLPAmber, PermittedUse: release.Detection,
		Text: "A partner hears: somebody means to harm the audience on Friday. They use the numbers listed here. More follows.",
	}, release.Env{Rand: rand.NewChaCha8([32]byte{9}), Now: noon})
	must(t, err)
	at.hand(t, at.Uvar, at.South, release.KindBundle, told.Bundle)
	apply(t, at.South)

	all, err := at.South.Echoes(t.Context(), 0)
	must(t, err)
	if len(all) != 1 || all[0].From != "Uvar" || all[0].To != "North" || all[0].Release != 1 || all[0].Words < 12 || all[0].Claim == "" {
		t.Fatalf("South hears %+v", all)
	}
	e, err := at.South.Echo(t.Context(), all[0].Number)
	must(t, err)
	if !slices.Contains(e.Runs, "somebody means to harm the audience on Friday. They use the numbers listed here") {
		t.Errorf("the same words are %q", e.Runs)
	}
	claim := claimsOf(t, at.South, "Uvar")[0]
	if !claim.Echo || !claim.Repeat {
		t.Errorf("the claim counts as an origin: %+v", claim)
	}
	if a := assessmentOf(t, at.South, claim.ID); a.NMax != 0 || a.Repeats != 1 || !strings.Contains(strings.Join(a.Reasons, ";"), "echo") {
		t.Errorf("%s, %d repeats: %q", a.Origins(), a.Repeats, a.Reasons)
	}
	if got := ledger(t, at.South, 1); !slices.Contains(got, "echo.found") {
		t.Errorf("the ledger says %v", got)
	}

	// A person may say that it is none.
	var refused Invalid
	if err := at.South.DismissEcho(t.Context(), e.Number, " "); !errors.As(err, &refused) {
		t.Errorf("without a reason: %v", err)
	}
	must(t, at.South.DismissEcho(t.Context(), e.Number, "They heard it from the hall itself."))
	wants(t, "twice", at.South.DismissEcho(t.Context(), e.Number, "again"), release.ErrStep)
	if a := assessmentOf(t, at.South, claim.ID); a.NMax != 1 {
		t.Errorf("after a person's word it is %s", a.Origins())
	}
}

func assessmentOf(t *testing.T, n *Node, claim stix.ID) assess.Assessment {
	t.Helper()
	w, err := n.Weigh(t.Context())
	must(t, err)
	for _, a := range w.Assessments {
		if slices.ContainsFunc(a.Claims, func(c assess.ClaimView) bool { return c.ID == claim }) {
			return a
		}
	}
	t.Fatalf("no assessment has %s", claim)
	return assess.Assessment{}
}

// TestWhateverWayItComesBack: in an import of our own, and from a consumer's tools.
func TestWhateverWayItComesBack(t *testing.T) {
	at := meet(t)
	siem := consumes(t, at.South, "Siem", ConsumerOptions{MaySend: true})
	released(t, at.South, at.North, order(reported(t, at.South, 1, 147, 148, 149), 147, 148, 149))
	heard := func() int {
		all, err := at.South.Echoes(t.Context(), 0)
		must(t, err)
		return len(all)
	}
	imported(t, at.South, "paper.json", noteObject(1, "The paper writes: "+tearlineText))
	if heard() != 1 {
		t.Error("a newspaper that prints our words was not heard")
	}
	imported(t, at.South, "other.json", noteObject(2, "The paper writes that a concert was put off, and that the hall stays shut for the day."))
	siem.sends(noteObject(3, "SOMEBODY means—to harm the AUDIENCE on Friday; they use the numbers listed here"), noteObject(4, "Nothing of it."))
	takeAll(t, at.South)
	if heard() != 2 {
		t.Error("a consumer's tool that repeats our words was not heard")
	}
	siem.sends(noteObject(5, "Seen: "+phone(147).Value+" "+phone(148).Value+" "+phone(149).Value), noteObject(6, "Seen: "+phone(147).Value))
	takeAll(t, at.South)
	if heard() != 3 {
		t.Error("three numbers that we gave were not heard, or one was")
	}
}

// TestTheSameWordsGivenToManyAreStillOurs: of nine releases the first stands for all.
func TestTheSameWordsGivenToManyAreStillOurs(t *testing.T) {
	at := meet(t)
	report := reported(t, at.North, 1, 147)
	for range 9 {
		released(t, at.North, at.South, order(report))
	}
	imported(t, at.North, "paper.json", noteObject(1, "The paper writes: "+tearlineText))
	if all, err := at.North.Echoes(t.Context(), 0); err != nil || len(all) != 1 || all[0].Release != 1 {
		t.Errorf("%+v, %v", all, err)
	}
}

// TestWhatAMatchHadShownIsNoEcho: both held these numbers before anything was given.
func TestWhatAMatchHadShownIsNoEcho(t *testing.T) {
	at := meet(t)
	report := reported(t, at.South, 1, 147, 148, 149)
	reported(t, at.North, 2, 147, 148, 149)
	ours, _ := matched(t, at, at.South, at.North)
	o := order(report)
	o.Match = ours
	released(t, at.South, at.North, o)
	imported(t, at.South, "list.json", noteObject(1, "Seen: "+phone(147).Value+" "+phone(148).Value+" "+phone(149).Value))
	if all, err := at.South.Echoes(t.Context(), 0); err != nil || len(all) != 0 {
		t.Errorf("%d echoes, %v", len(all), err)
	}
}

var colours = strings.Fields("red blue green white black brown grey yellow orange purple golden silver")

// TestAnEchoFlood: a consumer sends the same words back a thousand times, in which
// those of many releases stand. Each object is noted a few times at most.
func TestAnEchoFlood(t *testing.T) {
	at := meet(t)
	siem := consumes(t, at.South, "Siem", ConsumerOptions{MaySend: true})
	var all strings.Builder
	r := rand.New(rand.NewPCG(4, 4))
	for i := range 12 {
		o := order(reported(t, at.South, i+1, 147), 147)
		var words []string
		for _, j := range r.Perm(len(colours)) {
			words = append(words, colours[j])
		}
		o.Text = fmt.Sprintf("They speak of lanterns: %s.", strings.Join(append(words, colours[i]), ", "))
		released(t, at.South, at.North, o)
		all.WriteString(o.Text + " ")
	}
	var notes []string
	for i := range 1000 {
		notes = append(notes, noteObject(i+1, all.String()))
	}
	siem.sends(notes...)
	takeAll(t, at.South)
	echoes, err := at.South.Echoes(t.Context(), 0)
	must(t, err)
	if len(echoes) != 1000*mostEchoes {
		t.Errorf("%d echoes of 1,000 objects, want %d for each", len(echoes), mostEchoes)
	}
}
