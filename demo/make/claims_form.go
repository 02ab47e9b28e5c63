package main

import (
	"errors"
	"fmt"
	"time"

	"parley/internal/assess"
	"parley/stix"
)

// dossier gathers the objects of North's desk. The first error stays, so that
// the story can be told without a check after each sentence.
type dossier struct {
	desk    string
	now     time.Time // when the desk writes the chapter down
	objects []object
	err     error
}

// at gives the author for what the desk wrote down at a moment.
func (n *dossier) at(t time.Time) author { return author{ref: n.desk, at: t} }

func (n *dossier) add(o object) object {
	n.objects = append(n.objects, o)
	return o
}

// extension gives a property-extension, in the form that package assess reads.
func (n *dossier) extension(id stix.ID, values any) object {
	value, err := assess.PropertyExtension(values)
	n.err = errors.Join(n.err, err)
	return object{string(id): value}
}

// source adds an identity with what is known of it as a source.
func (n *dossier) source(name string, properties object, known assess.Source) {
	known.Head = assess.Head{ID: who(name)}
	n.err = errors.Join(n.err, known.Check())
	properties["name"] = name
	properties["extensions"] = n.extension(assess.ExtSource, known)
	n.add(n.at(n.now).domain("identity", name, properties))
}

// proposition adds a sentence that may be true, about something.
func (n *dossier) proposition(name, text, about string) stix.ID {
	return n.note(name, text, n.now, []string{about}, assess.Claim{Role: assess.Proposition})
}

// says adds somebody's stance on a proposition. The desk writes it down an
// hour after it was said, and is the grader.
func (n *dossier) says(name, text string, at time.Time, c assess.Claim) stix.ID {
	c.Role, c.SaidAt = assess.Claimed, stamp(at)
	if c.Grade != (assess.Grade{}) {
		c.Grade.Grader, c.Grade.When = who(north), stamp(at.Add(time.Hour))
	}
	return n.note(name, text, at.Add(time.Hour), []string{string(c.PropositionRef)}, c)
}

func (n *dossier) note(name, text string, at time.Time, about []string, c assess.Claim) stix.ID {
	o := n.at(at).domain("note", name, object{
		"content": text, "object_refs": about, "extensions": n.extension(assess.ExtClaim, c),
	})
	c.ID = stix.ID(o.id())
	if err := c.Check(); err != nil {
		n.err = errors.Join(n.err, fmt.Errorf("claim %q: %w", name, err))
	}
	n.add(o)
	return c.ID
}

// incident adds an event with what was determined of it (OASIS Incident Core)
// and the day, or the month, that it belongs to.
func (n *dossier) incident(name, text, determination, status string, when time.Time, fidelity string) string {
	return n.add(n.at(n.now).domain("incident", name, object{
		"name": name, "description": text,
		"extensions": object{incidentCore: object{
			"extension_type": "property-extension", "determination": determination, "investigation_status": "closed",
			"other_object_refs": []string{enemy()},
			"x_event":           object{"status": status, "start_time": stixTime(when), "start_time_fidelity": fidelity},
		}},
	})).id()
}

func (n *dossier) link(source, kind, target string) {
	n.add(n.at(n.now).relationship(source, kind, target))
}

// Small words for values.

func yes() *bool                       { v := true; return &v }
func no() *bool                        { v := false; return &v }
func number(f float64) *float64        { return &f }
func stamp(t time.Time) stix.Timestamp { return stix.NewTimestamp(t, 3) }

// rated is a letter that holds from a day before anything here was said.
func rated(letter assess.Letter, why string) []assess.Rating {
	return []assess.Rating{{Letter: letter, Since: stamp(moment(2015, time.January, 1, 0, 0)), Grader: who(north), Why: why}}
}

func grade(letter assess.Letter, figure int, why string) assess.Grade {
	return assess.Grade{Reliability: letter, Credibility: figure, Why: why}
}

func moment(y int, m time.Month, d, h, min int) time.Time {
	return time.Date(y, m, d, h, min, 0, 0, time.UTC)
}
