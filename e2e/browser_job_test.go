package e2e

import (
	"strings"
	"testing"
)

// The whole main job, by two people on each of two nodes that are processes, in
// four browsers, with mouse and keys alone.
func TestTheJobInBrowsers(t *testing.T) {
	w := browserWorld(t)
	j := &browserJob{w: w, amira: w.north.person("amira"), bilal: w.north.person("bilal"), chen: w.south.person("chen"), dora: w.south.person("dora")}
	for _, s := range []struct {
		name string
		do   func()
	}{
		{"rules", j.setRules},
		{"triage", j.triage},
		{"match", j.match},
		{"release", j.release},
		{"answer", j.answer},
		{"warn", j.warn},
		{"amend", j.amend},
		{"recall", j.recall},
		{"two hands", j.twoHands},
		{"restart", j.restart},
	} {
		if s.do(); t.Failed() {
			t.Fatalf("at %q", s.name)
		}
	}
	quiet(j.amira, j.bilal, j.chen, j.dora)
	for _, p := range []*party{w.north, w.south} {
		p.whole()
	}
}

// browserJob is the job with the people who do it: amira and bilal at North,
// chen and dora at South.
type browserJob struct {
	w                        *world
	amira, bilal, chen, dora *person
	letter                   string // the page at North of what South sent
}

// setRules has South's rules hold: chen proposes them, dora confirms.
func (j *browserJob) setRules() {
	j.chen.open("/rules")
	j.chen.Type("#text", j.w.content("demo/south/release.rules"))
	j.chen.Go(`button[formaction="/rules/set"]`, "/rules/set")
	j.chen.says("may let more go than the rules that hold")
	j.chen.Complaints() // the browser notes the refusal
	j.chen.Go(`button[formaction="/rules/propose"]`, "/rules")
	j.chen.says("Proposed. They hold once a second person confirms them.", "You proposed it: somebody else confirms it.")
	j.dora.open("/rules")
	j.dora.says("Proposed by chen")
	j.dora.act("/rules/confirm", "/rules")
	j.dora.says("These rules hold from now on.", "Set by chen")
}

// triage brings evidence in, with something on the watch list; its hits are
// judged by keys alone.
func (j *browserJob) triage() {
	b := j.amira
	b.open("/watches")
	b.Click("main > details summary")
	b.Type("#selector", "email:security@lindenhalle.example")
	b.Type("#recipient", "Lindenhalle Arena, security desk")
	b.Click("[name=imminent]")
	b.act("/watches/add", "/watches")
	b.says("On the watch list. The node holds nothing of it yet.", "Lindenhalle Arena, security desk")

	b.bring("demo/north/phone.zip", "/evidence/E1", "It is evidence now, with its hash.")
	b.reads("Review what was found") // by itself: the page follows the triage
	b.Go(`a[href="/evidence/E1/review"]`, "/evidence/E1/review")
	b.says("67 of 67 selectors are to be judged.")
	for _, key := range []string{"y", "n"} {
		b.Follow("/evidence/E1/review", func() { b.Keys(key) })
	}
	b.Keys("j")
	b.Follow("/evidence/E1/review", func() { b.Keys("u") })
	b.says("64 of 67 selectors are to be judged.", "unsure")
	b.Follow("/evidence/E1/review", func() { b.Keys("z") })
	b.says("65 of 67 selectors are to be judged.", "taken back")

	j.chen.bring("demo/south/report.json", "/evidence/new", "Brought in:")
	j.chen.bring("demo/south/watch.csv", "/evidence/new", "selectors of a list")
}

// match proposes terms, consents, runs and sees the overlap on both sides.
func (j *browserJob) match() {
	b := j.amira
	b.open("/matches")
	b.Go(`main a[href="/matches/new"]`, "/matches/new")
	b.Type("#to", "South")
	b.Type("#purpose", "Threat to life")
	for _, kind := range []string{"phone", "email", "telegram", "url"} {
		b.Click(`[name=kind][value="` + kind + `"]`)
	}
	b.act("/matches/new/propose", "/matches/M1")
	b.says("Proposed. Nothing moves before they accept.")

	j.chen.finds("/", "offered: accept or decline")
	j.chen.Go(`a[href="/matches/M1"]`, "/matches/M1")
	j.chen.says("Their proposal waits for one of us.", "Threat to life")
	j.chen.act("/matches/M1/accept", "/matches/M1")
	j.chen.says("Accepted. The other side may start it.")

	b.finds("/matches/M1", "Both sides agreed. One of us starts it.")
	b.act("/matches/M1/run", "/matches/M1")
	for _, who := range []*person{b, j.chen} { // by itself: the page follows the run
		who.reads("State\ndone")
		who.says("9 selectors", "lamplight_demo_17")
	}
}

// release takes South's report to North: a draft that says too much, a mended
// one, a second person, the way, and what North reads.
func (j *browserJob) release() {
	b := j.chen
	b.open("/releases")
	b.Go(`main a[href="/releases/new"]`, "/releases/new")
	b.Go("tbody a", j.w.report())
	b.Type("#to", "North")
	b.Type("#match", "M1")
	b.Type("#title", "Threat to a concert")
	b.Type("#text", j.w.content("demo/south/leaky.txt"))
	b.Type("#use", "protect-life-only")
	b.Type("#tlp", "red")
	b.Type("#grade", "B2")
	b.act("/releases/new/draft", "/releases/R1")
	b.says("Drafted and checked.", "stopped by the leak check", "It names a source, a system, a person")

	b.Go(`a[href="/releases/new?from=R1"]`, "/releases/new?from=R1")
	b.Type("#text", j.w.content("demo/south/tearline.txt"))
	b.Type("#descriptor", "A service with a good record on this group.")
	b.Type("#others", "email:security@lindenhalle.example")
	b.Keys("\rphone:+16175550171")
	b.Type("#reason", "the target itself")
	b.act("/releases/new/draft", "/releases/R2")
	b.says("Drafted and checked.", "You drafted it: somebody else clears it.")

	j.dora.open("/releases/R2")
	j.dora.act("/releases/R2/clear", "/releases/R2")
	j.dora.says("Cleared. These bytes, and no others, may be sent.")
	b.open("/releases/R2")
	b.act("/releases/R2/send", "/releases/R2")
	b.says("Sent: it is in the outbox, and goes by itself.")

	j.amira.finds("/inbox", "Threat to a concert")
	j.letter = j.amira.row("Threat to a concert")
	j.amira.Go(`main a[href="`+j.letter+`"]`, j.letter)
	j.amira.says("protect-life-only", "lamplight_demo_17", "A service with a good record on this group.")
	if text := j.amira.Text(); strings.Contains(text, "KESTREL") {
		j.amira.Errorf("North reads how South knows:\n%s", text)
	}
	j.amira.Type("#note", "I tell the hall.")
	j.amira.Go(`button[name=verdict][value=taken]`, j.letter)
	j.amira.says("taken: amira", "I tell the hall.")
}

// warn sends the warning that the tearline raised, ahead of everything else.
func (j *browserJob) warn() {
	b := j.amira
	b.finds("/warnings", "W1")
	b.Go(`a[href="/warnings/W1"]`, "/warnings/W1")
	b.Type("#to", "South")
	b.Type("#text", j.w.content("demo/north/warning.txt"))
	b.Type("#why", "danger to life")
	b.act("/warnings/W1/tell", "/warnings/W1")
	b.reads("State\ndelivered") // by itself: the page follows the warning

	j.chen.finds("/warnings", "North warns")
	j.chen.Go(`a[href="/warnings/W1"]`, "/warnings/W1")
	j.chen.act("/warnings/W1/acknowledge", "/warnings/W1")
	b.reads("State\nacknowledged")

	j.bilal.open("/warnings/W1")
	j.bilal.Type("#note", "it had to go at once")
	j.bilal.act("/warnings/W1/review", "/warnings/W1")
	j.bilal.says("Your review is noted.")
}

// recall takes the release back: North reads so where it read the release, and
// South is told again, since it was warned on the strength of it.
func (j *browserJob) recall() {
	j.chen.open("/releases/R2")
	j.chen.Click(".acts details summary")
	j.chen.Type("#recall", "The number belongs to somebody else.")
	j.chen.act("/releases/R2/recall", "/releases/R2")
	j.chen.says("Taken back. The counterpart is told.")
	b := j.amira
	b.finds("/warnings/W1", "South was told and has not heard of that.")
	b.says("took back", "The number belongs to somebody else.")
	b.open("/")
	b.says("to be corrected")
	b.open("/warnings/W1")
	b.Type("#correct-text", "What our warning rested on was withdrawn.")
	b.Type("#correct-why", "they keep the door shut for it")
	b.act("/warnings/W1/correct", "/warnings/W1")
	b.says("The correction is on its way", "Corrected to South by amira")
}
