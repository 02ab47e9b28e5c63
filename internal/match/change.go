package match

import (
	"fmt"
	"strings"
	"time"
)

// Change is one thing in which two rounds of terms differ.
type Change struct {
	What string `json:"what"`
	From string `json:"from"`
	To   string `json:"to"`
}

// String is the change for people: "runs: 1 in 30 days → 4 in 30 days".
func (c Change) String() string { return fmt.Sprintf("%s: %s → %s", c.What, c.From, c.To) }

// Changes lists what differs between terms and those that answer them, in the
// order in which terms are read. The round and its time always do, and are left out.
func Changes(before, after Terms) []Change {
	changes := []Change{}
	now := after.Clauses()
	for i, was := range before.Clauses() {
		if was.Text != now[i].Text {
			changes = append(changes, Change{was.What, was.Text, now[i].Text})
		}
	}
	return changes
}

// Clause is one line of terms for people.
type Clause struct {
	What string `json:"what"`
	Text string `json:"text"`
}

// Clauses writes terms for people, clause by clause.
func (t Terms) Clauses() []Clause {
	return []Clause{
		{"parties", t.From + " and " + t.To},
		{"kinds", join(t.Kinds)},
		{"normal forms", fmt.Sprint("version ", t.Forms)},
		{"purpose", t.Purpose},
		{"permitted uses", join(t.Uses)},
		{"mode", t.Mode},
		{"who learns", t.Learns},
		{"largest set of " + t.From, fmt.Sprint(t.Max.From)},
		{"largest set of " + t.To, fmt.Sprint(t.Max.To)},
		{"decoys of " + t.From, decoys(t.Pad.From)},
		{"decoys of " + t.To, decoys(t.Pad.To)},
		{"runs", fmt.Sprintf("%d in %d days", t.Runs, t.Days)},
		{"until", until(t.Until)},
	}
}

func join[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, w := range all {
		words[i] = string(w)
	}
	return strings.Join(words, ", ")
}

func decoys(to int) string {
	if to == 0 {
		return "none"
	}
	return fmt.Sprintf("filled up to %d", to)
}

func until(t time.Time) string {
	if t.IsZero() {
		return "no end"
	}
	return t.UTC().Format("2006-01-02 15:04")
}
