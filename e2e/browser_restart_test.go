package e2e

import (
	"strings"
	"syscall"
)

// twoHands acts on one thing in two tabs of one person, and then by two people:
// the second is told each time, and nothing that was typed is lost.
func (j *browserJob) twoHands() {
	j.chen.open("/releases/R1")
	beside := &person{j.chen.Beside(), j.chen.at, "chen"}
	beside.open("/releases/R1")
	j.chen.act("/releases/R1/check", "/releases/R1")
	beside.act("/releases/R1/check", "/releases/R1/check")
	beside.says("Somebody changed it while you had it open, so nothing was done.")
	beside.act("/releases/R1/check", "/releases/R1")
	beside.says("Checked: the leak check stops it.", "stopped by the leak check")

	j.bilal.open(j.letter)
	j.amira.open(j.letter)
	j.amira.Type("#note", "I ask them who said so.")
	j.amira.Go(`button[name=verdict][value=taken]`, j.letter)
	j.bilal.Type("#note", "They took it back: of no use.")
	j.bilal.Go(`button[name=verdict][value="set aside"]`, j.letter+"/mark")
	j.bilal.says("Somebody changed it while you had it open, so nothing was done.", "I ask them who said so.")
	j.bilal.holds("#note", "They took it back: of no use.")
	j.bilal.Complaints() // the browser notes the refusals
	beside.Complaints()
}

// restart kills North while somebody writes and while it works. The pages say so
// and go on; what was typed is done once its writer says so.
func (j *browserJob) restart() {
	north := j.w.north
	j.bilal.Type("#note", "It was withdrawn.")
	_ = north.end(syscall.SIGKILL) // killed is how it ends
	j.bilal.Click(`button[name=verdict][value="set aside"]`)
	j.bilal.reads("The node does not answer, so nothing was sent. What you typed is still here.")
	j.startAgain(north)
	j.bilal.reads("The node is back.")
	j.bilal.holds("#note", "It was withdrawn.")
	j.bilal.Go(`button[name=verdict][value="set aside"]`, j.letter+"/mark")
	j.bilal.says("You are signed out, so nothing was done. What you typed is kept: sign in to send it.")
	j.bilal.signIn("/sign-in")
	j.bilal.says("Not done yet", "What you typed is kept.")
	j.bilal.Go("main form button", j.letter)
	j.bilal.says("set aside: bilal", "It was withdrawn.")

	j.amira.open("/evidence/new")
	j.amira.signIn("/evidence/new")
	j.amira.Choose("#file", j.w.file("letter.eml", strings.Repeat("Dear desk@hall.example,\n", 100_000)))
	j.amira.Click("[name=triage]")
	j.amira.act("/evidence/new/bring", "/evidence/E2")
	j.amira.act("/evidence/E2/triage", "/evidence/E2")
	j.amira.says("Triage has begun.", "Triage goes on:")
	_ = north.end(syscall.SIGKILL)
	j.amira.reads("The node does not answer. This page goes on when it is back.")
	j.startAgain(north)
	j.amira.reads("Sign in") // by itself
	j.amira.signIn("/evidence/E2")
	j.amira.says("Not triaged yet.")
	j.amira.act("/evidence/E2/triage", "/evidence/E2")
	j.amira.reads("Triage it again") // by itself
	j.amira.says("email	1")
	for _, who := range []*person{j.amira, j.bilal} {
		who.Complaints() // of a node that did not answer
	}
}

func (j *browserJob) startAgain(p *party) {
	j.w.t.Helper()
	if err := p.start(); err != nil {
		j.w.t.Fatal(err)
	}
}

// holds sees what stands in a field.
func (who *person) holds(field, want string) {
	who.Helper()
	if got := who.Eval(`document.querySelector("` + field + `").value`); got != want {
		who.Errorf("%s's %s says %q, want %q", who.name, field, got, want)
	}
}
