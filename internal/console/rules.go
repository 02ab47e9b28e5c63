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
	}
}

// shown says that an act does nothing but show its page with what was typed.
type shown struct{}

func (shown) Error() string { return "" }

// rulesBody is the file of rules that holds, and what a text that is tried would
// have let go.
type rulesBody struct {
	File     release.RulesFile
	Text     string // in the form
	Days     string
	Tried    bool
	Outcomes []rules.Outcome
	Rows     []node.Simulated
	All      int
	Goes     int
	Fault    string
}

func (c *console) rules(r *http.Request) (view, error) {
	v := view{Page: "rules", Title: "Rules"}
	f, err := c.node.Rules(r.Context())
	b := rulesBody{File: f, Text: f.Text, Days: "30"}
	if r.PostForm != nil && err == nil {
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
	if r.PostForm.Get("version") != rulesVersion(f) {
		return done{}, node.ErrOutdated
	}
	name := f.Name
	if f.SetBy == "" {
		name = "release.rules" // no longer those that the program brings
	}
	_, err = c.node.SetRules(r.Context(), name, []byte(lines(r.PostForm.Get("text"))))
	return done{"/rules", "These rules hold from now on."}, err
}

// rulesVersion tells one file of rules that held from another.
func rulesVersion(f release.RulesFile) string {
	return f.SetBy + " " + strconv.FormatInt(f.SetAt.UnixNano(), 36)
}

// Version is that of the file that holds.
func (b rulesBody) Version() string { return rulesVersion(b.File) }
