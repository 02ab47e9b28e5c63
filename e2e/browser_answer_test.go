package e2e

// answer asks about what both hold, answers terms with others and declines them,
// each of which the other side reads.
func (j *browserJob) answer() {
	b := j.amira
	b.open("/matches/M1")
	b.Click(".acts > details summary")
	b.Type("#question", "Who pays for the lamp?")
	b.act("/matches/M1/ask", "/matches/M1")
	b.says("Asked. The counterpart reads it.")
	j.chen.finds("/matches/M1", "Who pays for the lamp?")

	b.open("/matches/new")
	b.Type("#to", "South")
	b.Type("#purpose", "The same desks?")
	b.Click(`[name=kind][value="email"]`)
	b.act("/matches/new/propose", "/matches/M2")
	j.chen.finds("/matches/M2", "Their proposal waits for one of us.")
	j.chen.Click(`.acts > details:has([action="/matches/M2/counter"]) > summary`)
	j.chen.Type(`[action="/matches/M2/counter"] #mode`, "count")
	j.chen.act("/matches/M2/counter", "/matches/M2")
	j.chen.says("Answered with other terms", "only how many both hold")
	b.finds("/matches/M2", "Their proposal waits for one of us.")
	b.says("only how many both hold")
	b.Click(`.acts > details:has([action="/matches/M2/decline"]) > summary`)
	b.Type("#declined", "Ask again tomorrow.")
	b.act("/matches/M2/decline", "/matches/M2")
	j.chen.finds("/matches/M2", "Ask again tomorrow.")
}

// amend puts another release in the place of one that was sent; its reader finds
// what stands now.
func (j *browserJob) amend() {
	b := j.chen
	b.open("/releases/new?report=" + j.w.report())
	b.Type("#to", "North")
	b.Type("#title", "The hall")
	b.Type("#text", "Look after the hall on that evening.")
	b.Type("#use", "protect-life-only")
	b.Type("#tlp", "red")
	j.cleared("R3")
	j.amira.finds("/inbox", "The hall")

	b.open("/releases/R3")
	b.Go(`a[href="/releases/new?amends=R3"]`, "/releases/new?amends=R3")
	b.Type("#because", "It is the next evening.")
	b.Type("#text", "Look after the hall on the evening after.")
	j.cleared("R4")
	j.amira.finds("/inbox", "release.withdraw")
	b.open("/releases/R3")
	b.says("Replaced by R4 by chen", "It is the next evening.")
	b.open("/releases/compare?report=" + j.w.report())
	b.says("Versions of a report", "R2 North", "R4 North")
}

// cleared sends the draft's form, has a second person clear it, and sends it.
func (j *browserJob) cleared(release string) {
	page := "/releases/" + release
	j.chen.act("/releases/new/draft", page)
	j.chen.says("Drafted and checked.", "You drafted it: somebody else clears it.")
	j.dora.open(page)
	j.dora.act(page+"/clear", page)
	j.chen.open(page)
	j.chen.act(page+"/send", page)
	j.chen.says("Sent: it is in the outbox, and goes by itself.")
}
