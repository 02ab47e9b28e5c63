package console

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/rules"
)

// rulesActs try rules and set them.
func rulesActs() []act {
	return []act{
		{"/rules/try", (*console).rules, false, func(*console, *http.Request) (done, error) { return done{}, shown{} }},
		{"/rules/set", (*console).rules, false, (*console).setRules},
		{"/rules/propose", (*console).rules, false, (*console).proposeRules},
		{"/rules/confirm", (*console).rules, false, (*console).confirmRules},
	}
}

// shown says that an act does nothing but show its page with what was typed.
type shown struct{}

func (shown) Error() string { return "" }

// rulesBody is the file of rules that holds, and what a text that is tried would
// have let go.
type rulesBody struct {
	File     release.RulesFile
	Version  string // of the file, for the form
	Text     string // in the form
	Days     string
	Tried    bool
	Outcomes []rules.Outcome
	Rows     []node.Simulated
	All      int
	Goes     int
	Fault    string
	Waits    *rulesProposal
}

func (c *console) rules(r *http.Request) (view, error) {
	v := view{Page: "rules", Title: "Rules"}
	version, err := c.node.Version(r.Context(), node.TheRules) // before the file: rather too old than too new
	if err != nil {
		return v, err
	}
	f, err := c.node.Rules(r.Context())
	b := rulesBody{File: f, Version: version, Text: f.Text, Days: "30"}
	if err == nil {
		b.Waits, err = c.proposal(r)
	}
	if r.PostForm.Has("text") && err == nil {
		b.Text, b.Days, b.Tried = lines(r.PostForm.Get("text")), cmp.Or(r.PostForm.Get("days"), "30"), true
		err = c.simulate(r, &b)
	}
	v.Body = b
	return v, err
}

// simulate asks the text that was typed what it would have let go.
func (c *console) simulate(r *http.Request, b *rulesBody) error {
	days, err := strconv.Atoi(b.Days)
	if err != nil || days < 1 || days > 3650 {
		b.Fault = "Say how many days back: 1 to 3650."
		return nil
	}
	set, err := rules.Parse(b.File.Name, []byte(b.Text))
	if err != nil {
		b.Fault = err.Error()
		return nil
	}
	b.Outcomes = set.Test(set.Cases)
	all, err := c.node.Simulate(r.Context(), set, c.opt.Now().Add(-time.Duration(days)*24*time.Hour))
	b.All = len(all)
	for _, s := range all {
		if s.Allowed {
			b.Goes++
		}
	}
	b.Rows = all[:min(len(all), pageRows)]
	return err
}

func (c *console) setRules(r *http.Request) (done, error) {
	f, err := c.node.Rules(r.Context())
	if err != nil {
		return done{}, err
	}
	name := f.Name
	if f.SetBy == "" {
		name = "release.rules" // no longer those that the program brings
	}
	name = cmp.Or(r.PostForm.Get("name"), name)
	_, err = c.node.SetRules(seen(r, node.TheRules), name, []byte(lines(r.PostForm.Get("text"))))
	return done{"/rules", "These rules hold from now on."}, err
}
