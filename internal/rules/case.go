package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/permit"
	"parley/stix/marking"
)

// Case is a question with the answer that is expected.
type Case struct {
	Name        string
	Place       string // file and line
	Object      Object
	Counterpart Counterpart
	Purpose     Purpose
	At          time.Time
	Allowed     bool
	By          []string // rules by name, ByMarking or ByNothing; none when any will do
}

// Outcome is a case and what came of it.
type Outcome struct {
	Case     string   `json:"case"`
	Place    string   `json:"place"`
	Holds    bool     `json:"holds"`
	Expected string   `json:"expected"`
	Got      Decision `json:"got"`
}

// caseTime is the moment of a case that names none.
var caseTime = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// ParseCases reads a file that holds cases and nothing else.
func ParseCases(name string, text []byte) ([]Case, error) {
	all, err := blocks(name, text)
	if err != nil {
		return nil, err
	}
	if all, err = afterVersion(name, all); err != nil {
		return nil, err
	}
	var cases []Case
	for _, b := range all {
		if b.kind != "case" {
			return nil, b.fault("a file of cases holds cases, and no %.40q", b.kind)
		}
		c, err := readCase(b)
		if err != nil {
			return nil, err
		}
		cases = append(cases, c)
	}
	return cases, nil
}

// Test asks the rules about cases.
func (s *Set) Test(cases []Case) []Outcome {
	all := make([]Outcome, len(cases))
	for i, c := range cases {
		d := s.For(c.Counterpart, c.Purpose, c.At).Decide(c.Object)
		all[i] = Outcome{Case: c.Name, Place: c.Place, Holds: c.matches(d), Expected: c.expected(), Got: d}
	}
	return all
}

func (c Case) matches(d Decision) bool {
	if c.Allowed != d.Allowed {
		return false
	}
	if len(c.By) == 0 {
		return true
	}
	got, want := slices.Sorted(slices.Values(d.By)), slices.Sorted(slices.Values(c.By))
	return slices.Equal(got, want)
}

func (c Case) expected() string { return verdict(c.Allowed, c.By) }

// Verdict is a decision in a few words, as a case expects it.
func (d Decision) Verdict() string { return verdict(d.Allowed, d.By) }

func verdict(allowed bool, by []string) string {
	word := "refused"
	if allowed {
		word = "allowed"
	}
	if len(by) == 0 {
		return word
	}
	return word + " by " + strings.Join(by, ", ")
}

func readCase(b block) (Case, error) {
	c := Case{Name: b.name, Place: b.String(), At: caseTime}
	if b.name == "" {
		return c, b.fault("a case has a name, which may be a sentence")
	}
	c.Object.Ours = true
	seen := map[string]bool{}
	for _, e := range b.entries {
		v := e.value()
		if v == "" {
			return c, e.fault("nothing stands after %s", e.key)
		}
		if seen[e.key] && !slices.Contains(repeated, e.key) {
			return c, e.fault("%s stands here twice", e.key)
		}
		seen[e.key] = true
		if err := c.set(e.key, v); err != nil {
			return c, e.lines[0].fault("%v", err)
		}
	}
	for _, needed := range []string{"object.type", "purpose.use", "expect"} {
		if !seen[needed] {
			return c, b.fault("a case says its %s", needed)
		}
	}
	return c, nil
}

// repeated are the lines that a case may have several of.
var repeated = []string{"object.label", "object.marking", "object.consented", "counterpart.assured"}

// set takes a line of a case. The words are those of expressions.
func (c *Case) set(key, v string) (err error) {
	switch key {
	case "object.type":
		c.Object.Type = v
	case "object.report":
		c.Object.Report, err = yes(v)
	case "object.given_by":
		c.Object.GivenBy, c.Object.Ours = v, false
	case "object.label":
		c.Object.Labels = append(c.Object.Labels, v)
	case "object.marking":
		err = c.mark(v)
	case "object.use":
		c.Object.Use, err = permit.Parse(v)
	case "object.consented":
		var use permit.Use
		use, err = permit.Parse(v)
		c.Object.Consented = append(c.Object.Consented, use)
	case "counterpart.name":
		c.Counterpart.Name = v
	case "counterpart.verified":
		c.Counterpart.Verified, err = yes(v)
	case "counterpart.consumer":
		c.Counterpart.Consumer, err = yes(v)
	case "counterpart.assured":
		var a Assurance
		a, err = assurance(v)
		c.Counterpart.Assurances = append(c.Counterpart.Assurances, a)
	case "purpose.use":
		c.Purpose.Use, err = permit.Parse(v)
	case "purpose.tlp":
		var ok bool
		if c.Purpose.TLP, ok = marking.ParseTLP(v); !ok {
			err = fmt.Errorf("%.40q is no TLP label", v)
		}
	case "purpose.collection":
		c.Purpose.Collection = v
	case "purpose.match":
		c.Purpose.Match, err = yes(v)
	case "purpose.disclosed":
		c.Purpose.Disclosed, err = strconv.Atoi(v)
	case "purpose.emergency":
		c.Purpose.Emergency, err = yes(v)
	case "at":
		c.At, err = moment(v)
	case "expect":
		err = c.expect(v)
	default:
		err = fmt.Errorf("a case has no %.40q", key)
	}
	return err
}

// mark adds a marking to the case's object.
func (c *Case) mark(v string) error {
	m, err := marked(v)
	if err != nil {
		return err
	}
	var before []marking.Marking
	if c.Object.Marked != nil {
		before = c.Object.Marked.markings
	}
	c.Object.Marked = Mark(append(before, m)...)
	return nil
}

// expect reads "allowed", "refused", and by what.
func (c *Case) expect(v string) error {
	word, by, named := strings.Cut(v, " by ")
	switch word {
	case "allowed":
		c.Allowed = true
	case "refused":
	default:
		return fmt.Errorf("expect what? allowed or refused, and by which rule: expect refused by NAME")
	}
	if !named {
		return nil
	}
	for _, name := range strings.Split(by, ",") {
		c.By = append(c.By, strings.TrimSpace(name))
	}
	return nil
}

func yes(v string) (bool, error) {
	switch v {
	case "yes":
		return true, nil
	case "no":
		return false, nil
	}
	return false, fmt.Errorf("yes or no, not %.40q", v)
}

// moment reads a day or a time.
func moment(v string) (time.Time, error) {
	for _, form := range []string{"2006-01-02", time.RFC3339} {
		if t, err := time.Parse(form, v); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("a day such as 2026-03-12, or a time such as 2026-03-12T15:00:00Z, not %.40q", v)
}

// assurance reads "treatment" or "treatment until 2026-12-31".
func assurance(v string) (a Assurance, err error) {
	name, until, ends := strings.Cut(v, " until ")
	if a.Undertaking = name; !IsName(name) {
		return a, fmt.Errorf("%.40q is no undertaking: small letters, digits and dashes", name)
	}
	if ends {
		a.Until, err = moment(until)
	}
	return a, err
}
