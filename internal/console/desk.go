package console

import (
	"fmt"
	"net/http"
	"slices"

	"parley/internal/release"
)

// deskActs are what people do at the release desk.
func deskActs() []act {
	release := (*console).release
	return []act{
		{drafting, (*console).newRelease, false, (*console).draftRelease},
		{"/releases/{number}/check", release, true, on("R", (*console).checkRelease)},
		{"/releases/{number}/clear", release, true, on("R", (*console).clearRelease)},
		{"/releases/{number}/ask", release, true, on("R", (*console).askConsent)},
		{"/releases/{number}/send", release, true, on("R", (*console).sendRelease)},
		{"/releases/{number}/recall", release, true, on("R", (*console).recallRelease)},
	}
}

// releasePage is where a release is shown.
func releasePage(id int64) string { return fmt.Sprintf("/releases/R%d", id) }

func (c *console) checkRelease(r *http.Request, id int64) (done, error) {
	_, found, err := c.node.CheckRelease(r.Context(), id)
	said := "Checked: nothing was found. A second person reads it now."
	switch {
	case release.Blocked(found):
		said = "Checked: the leak check stops it. Look at what it found, and mend the draft."
	case len(found) > 0:
		said = "Checked: nothing stops it. Look at what was found."
	}
	return done{releasePage(id), said}, err
}

// clearRelease is the second person's word. A rule that stopped the release is
// overruled where a reason was typed beside it.
func (c *console) clearRelease(r *http.Request, id int64) (done, error) {
	var over []release.Overruling
	for _, rule := range release.RuleNames() {
		if why := r.PostForm.Get("why." + rule); why != "" {
			over = append(over, release.Overruling{Rule: rule, Why: why})
		}
	}
	_, err := c.node.ClearRelease(r.Context(), id, over...)
	return done{releasePage(id), "Cleared. These bytes, and no others, may be sent."}, err
}

func (c *console) askConsent(r *http.Request, id int64) (done, error) {
	q := release.Question{Purpose: r.PostForm.Get("purpose"), Category: r.PostForm.Get("category"), Name: r.PostForm.Get("name") != ""}
	_, err := c.node.AskConsent(r.Context(), id, q)
	return done{releasePage(id), "Asked. It waits for the answer."}, err
}

func (c *console) sendRelease(r *http.Request, id int64) (done, error) {
	_, err := c.node.SendRelease(r.Context(), id)
	return done{releasePage(id), "Sent: it is in the outbox, and goes by itself."}, err
}

func (c *console) recallRelease(r *http.Request, id int64) (done, error) {
	_, err := c.node.RecallRelease(r.Context(), id, r.PostForm.Get("reason"))
	return done{releasePage(id), "Taken back. The counterpart is told."}, err
}

// stopping is a rule that stops a release, and whether a person may overrule it.
type stopping struct {
	Rule   string
	Places int
	May    bool
}

// stoppedBy gathers the rules that stop a release.
func stoppedBy(found []release.Finding) (all []stopping) {
	for _, f := range found {
		if !f.Stops() {
			continue
		}
		i := slices.IndexFunc(all, func(s stopping) bool { return s.Rule == f.Rule })
		if i < 0 {
			i, all = len(all), append(all, stopping{Rule: f.Rule, May: release.MayOverrule(f.Rule)})
		}
		all[i].Places++
	}
	return all
}

// mayOverrule tells whether all that stops a release may be overruled.
func mayOverrule(all []stopping) bool {
	return len(all) > 0 && !slices.ContainsFunc(all, func(s stopping) bool { return !s.May })
}
