package misp

import (
	"fmt"
	"io"
	"slices"
)

// Write writes events as MISP takes them from a file or over its API: one as it is, several as the
// answer of a search. What does not say whom it is for, or is for a group that is not known here, is for
// its own organisation only, and a part for whom its event is: MISP would else give it to whom its
// settings say, which may be everybody.
func Write(w io.Writer, events ...Event) error {
	boxes := make([]map[string]Event, len(events))
	for i, e := range events {
		boxes[i] = map[string]Event{"Event": narrow(e)}
	}
	var all any = map[string]any{"response": boxes}
	if len(boxes) == 1 {
		all = boxes[0]
	}
	data, err := inLines(all)
	if err == nil {
		_, err = w.Write(data)
	}
	if err != nil {
		return fmt.Errorf("write MISP events: %w", err)
	}
	return nil
}

// narrow writes every distribution out.
func narrow(e Event) Event {
	e.Distribution = e.Distribution.or(OwnOrganisation)
	if e.Distribution == InheritEvent {
		e.Distribution = OwnOrganisation
	}
	e.Analysed = e.Analysed.narrow()
	e.Attributes = narrowAttributes(e.Attributes)
	e.Objects = slices.Clone(e.Objects)
	for i := range e.Objects {
		o := &e.Objects[i]
		o.Distribution, o.Attributes = o.Distribution.or(InheritEvent), narrowAttributes(o.Attributes)
		o.Analysed = o.Analysed.narrow()
	}
	e.Reports = slices.Clone(e.Reports)
	for i := range e.Reports {
		e.Reports[i].Distribution = e.Reports[i].Distribution.or(InheritEvent)
		e.Reports[i].Analysed = e.Reports[i].Analysed.narrow()
	}
	return e
}

func narrowAttributes(attributes []Attribute) []Attribute {
	attributes = slices.Clone(attributes)
	for i := range attributes {
		attributes[i].Distribution = attributes[i].Distribution.or(InheritEvent)
		attributes[i].Analysed = attributes[i].Analysed.narrow()
	}
	return attributes
}

func (a Analysed) narrow() Analysed {
	a.Notes, a.Opinions = slices.Clone(a.Notes), slices.Clone(a.Opinions)
	for i := range a.Notes {
		a.Notes[i].Distribution = a.Notes[i].Distribution.or(InheritEvent)
	}
	for i := range a.Opinions {
		a.Opinions[i].Distribution = a.Opinions[i].Distribution.or(InheritEvent)
	}
	return a
}

// or gives what a distribution that says nothing means. A sharing group, which is not read, becomes the
// narrowest there is.
func (d Distribution) or(unsaid Distribution) Distribution {
	switch d {
	case NoDistribution:
		return unsaid
	case SharingGroup:
		return OwnOrganisation
	}
	return d
}
