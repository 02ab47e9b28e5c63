package main

import (
	"time"

	"parley/internal/assess"
	"parley/stix"
)

// exchange is the story that a magazine tells: that the two hostile parties
// met, and each gave the other something.
func (n *dossier) exchange() {
	n.now = moment(2025, time.March, 12, 9, 0)
	meeting := n.incident("Meeting of State A and Movement B",
		"Said to have taken place in a third country in January 2025; the day is not given.",
		"suspected", "suspected", moment(2025, time.January, 1, 0, 0), "month")
	n.link(meeting, "located-at", stixID("location", "third country"))
	intercepts := n.proposition("intercepts", "State A gave Movement B what it had intercepted of Group C.", meeting)
	devices := n.proposition("devices", "Movement B gave State A what it had found on telephones and laptops of Group C.", meeting)

	first := n.magazineSays(intercepts, source1, magazineText)
	second := n.magazineSays(intercepts, source2, "The second of the two people says the same.")
	n.magazineSays(devices, source1, "One of the two people says so.")
	n.magazineSays(devices, source2, "The second of the two people says the same.")
	n.rewrite(intercepts, first, second)
	for _, p := range []stix.ID{intercepts, devices} {
		n.denial(p)
		n.noComment(p)
		n.plausible(p)
	}
}

func magazinePrinted() time.Time { return moment(2025, time.March, 10, 6, 0) }

const magazineText = `Two people who were told of the talks say that officials of State A sat down with men of Movement B in a ` +
	`third country in January. State A, they say, handed over messages it had intercepted from Group C, and Movement B ` +
	`gave in return what it had found on telephones and laptops taken in raids. Neither side trusts the other, the two ` +
	`people say, and neither wants to be seen talking, but both fear Group C more. The exchange is said to have gone on ` +
	`for some weeks and to have been useful to both.`

const rewriteText = `Officials of State A sat down with men of Movement B in a third country in January, two people who were ` +
	`told of the talks have said. State A handed over messages it had intercepted from Group C, and Movement B gave in ` +
	`return what it had found on telephones and laptops taken in raids. Neither side trusts the other and neither wants ` +
	`to be seen talking, but both fear Group C more. The exchange is said to have gone on for some weeks and to have ` +
	`been useful to both, a magazine reports.`

// magazineSays is one of the Magazine's two sources for one half of the
// exchange: an official nobody names told the source, the source told the
// Magazine. Both halves rest on the same two people, who may have one origin.
func (n *dossier) magazineSays(proposition stix.ID, source, text string) stix.ID {
	at := magazinePrinted()
	return n.says(string(proposition)+source, text, at, assess.Claim{
		PropositionRef: proposition, Stance: assess.Asserts, Claimant: who(magazine),
		Chain: []assess.Hop{
			{How: "was present, by what is said"},
			{Who: who(source), How: "told"},
			{Who: who(magazine), How: "published", When: stamp(at)},
		},
		Grade: grade("F", 3, "The story hangs together; its sources cannot be judged."),
	})
}

// rewrite is the second outlet's story the day after: more paper, no more
// origins.
func (n *dossier) rewrite(proposition stix.ID, of ...stix.ID) {
	at := moment(2025, time.March, 11, 1, 30)
	id := n.says("rewrite", rewriteText, at, assess.Claim{
		PropositionRef: proposition, Stance: assess.Asserts, Claimant: who(secondPaper), DerivedFrom: of,
		Chain: []assess.Hop{
			{Who: who(magazine), How: "published", When: stamp(magazinePrinted())},
			{Who: who(secondPaper), How: "rewritten", When: stamp(at)},
		},
		Grade: grade("F", 3, "The Magazine's story in other words: no second origin."),
	})
	for _, story := range of {
		n.link(string(id), "derived-from", string(story))
	}
}

func (n *dossier) denial(proposition stix.ID) {
	n.says(string(proposition)+" denied", "State A denies that there was such an exchange.", moment(2025, time.March, 10, 15, 0), assess.Claim{
		PropositionRef: proposition, Stance: assess.Denies, Claimant: who(stateA),
		Chain: []assess.Hop{{Who: who(stateA), How: "said in public"}},
		Grade: grade("C", 6, "State A would say this whether it was so or not."),
	})
}

func (n *dossier) noComment(proposition stix.ID) {
	n.says(string(proposition)+" no comment", "Movement B did not wish to comment.", moment(2025, time.March, 11, 9, 0), assess.Claim{
		PropositionRef: proposition, Stance: assess.NoComment, Claimant: who(movementB),
		Chain: []assess.Hop{{Who: who(movementB), How: "answered when asked"}},
	})
}

// plausible is the analyst's word for both halves, verbatim, with the band
// that the analyst gives it.
func (n *dossier) plausible(proposition stix.ID) {
	at := moment(2025, time.March, 14, 16, 0)
	assumption := n.note(string(proposition)+" assumption", "The Magazine made sure that both of its sources had been told by people who were present.",
		at, []string{string(proposition)}, assess.Claim{Role: assess.Assumption, PropositionRef: proposition})
	j := assess.Judgement{
		PropositionRef: proposition, Low: 45, High: 80, Words: "plausible", Confidence: assess.Low,
		Alternatives: []string{"There was a lesser contact.", "The story was planted.", "It happened between other parties."},
		Assumptions:  []stix.ID{assumption},
		WouldChange:  "A third origin that shares nobody with the two, or a trace of what was handed over.",
	}
	o := n.at(at).domain("note", string(proposition)+" plausible", object{
		"content":     "Plausible: each had something that the other lacked, and both fear Group C more than each other.",
		"object_refs": []string{string(proposition)}, "extensions": n.extension(assess.ExtJudgement, j),
	})
	n.add(o)
}
