package pattern

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// Object is a decoded JSON object, as encoding/json gives it: maps, lists, strings, booleans, nil,
// and numbers as float64, json.Number or an integer type.
type Object = map[string]any

// Observation is what one observed-data object says was seen: its objects, Number times between First
// and Last. Matching reads the objects and does not change them.
type Observation struct {
	ID          string // of the observed-data object; for the reader
	First, Last time.Time
	Number      int

	objects map[string]Object   // by id, or by key in the deprecated form
	byType  map[string][]Object // those that a path may start from
}

// NewObservation makes an observation of objects by id, for data that came as something else than
// observed-data. References lead from one to another of these objects and nowhere else.
func NewObservation(first, last time.Time, number int, objects map[string]Object) (Observation, error) {
	o := Observation{First: first, Last: last, Number: number, objects: objects, byType: map[string][]Object{}}
	for _, id := range slices.Sorted(maps.Keys(objects)) {
		if typ, _ := objects[id]["type"].(string); isObservable(typ) {
			o.byType[typ] = append(o.byType[typ], objects[id])
		}
	}
	return o, o.valid()
}

func (o *Observation) valid() error {
	switch {
	case o.Number < 1:
		return fmt.Errorf("number_observed must be at least 1, not %d", o.Number)
	case o.Last.Before(o.First):
		return fmt.Errorf("last_observed must not be before first_observed")
	}
	return nil
}

// isObservable leaves out what the standard defines and is no cyber-observable: a pattern says
// nothing about such objects, even where one is listed in object_refs.
func isObservable(typ string) bool {
	switch typ {
	case "", "attack-pattern", "bundle", "campaign", "course-of-action", "extension-definition", "grouping",
		"identity", "incident", "indicator", "infrastructure", "intrusion-set", "language-content", "location",
		"malware", "malware-analysis", "marking-definition", "note", "observed-data", "opinion", "relationship",
		"report", "sighting", "threat-actor", "tool", "vulnerability":
		return false
	}
	return true
}

// Observe gives the observations that the observed-data objects among the given ones speak of, in
// their order. The objects that object_refs names are looked for among the given ones; one that is
// not there counts as not found (section 9.7.4). The deprecated form, which holds its objects in
// itself, is read too. Where an id is given twice, the last one given counts. Other objects are
// passed over. An observed-data object that is malformed is an error, and nothing is given.
func Observe(objects []Object) ([]Observation, error) {
	last := map[string]int{}
	for i, o := range objects {
		if id, _ := o["id"].(string); id != "" {
			last[id] = i
		}
	}
	find := func(id string) (Object, bool) {
		i, ok := last[id]
		if !ok {
			return nil, false
		}
		return objects[i], true
	}
	var all []Observation
	for i, o := range objects {
		id, _ := o["id"].(string)
		if o["type"] != "observed-data" || id != "" && last[id] != i {
			continue
		}
		observation, err := observe(o, find)
		if err != nil {
			return nil, fmt.Errorf("read observed-data %s: %w", id, err)
		}
		observation.ID = id
		all = append(all, observation)
	}
	return all, nil
}

// observe reads one observed-data object.
func observe(o Object, find func(id string) (Object, bool)) (Observation, error) {
	first, err := momentOf(o, "first_observed")
	if err != nil {
		return Observation{}, err
	}
	last, err := momentOf(o, "last_observed")
	if err != nil {
		return Observation{}, err
	}
	number, ok := numberOf(o["number_observed"])
	if !ok || !number.whole {
		return Observation{}, fmt.Errorf("number_observed must be a whole number")
	}
	objects, err := objectsOf(o, find)
	if err != nil {
		return Observation{}, err
	}
	return NewObservation(first, last, int(min(number.integer, math.MaxInt32)), objects)
}

func momentOf(o Object, name string) (time.Time, error) {
	text, _ := o[name].(string)
	at, ok := parseInstant(text)
	if !ok {
		return time.Time{}, fmt.Errorf("%s must be a timestamp such as 2026-03-01T09:30:00Z, not %s", name, shown(text))
	}
	return at.time(), nil
}

// objectsOf gathers what object_refs names and what the deprecated objects holds.
func objectsOf(o Object, find func(id string) (Object, bool)) (map[string]Object, error) {
	objects := map[string]Object{}
	held, ok := o["objects"].(Object)
	if !ok && o["objects"] != nil {
		return nil, fmt.Errorf("objects must be a JSON object")
	}
	for key, value := range held {
		object, ok := value.(Object)
		if !ok {
			return nil, fmt.Errorf("objects: %s must be a JSON object", shown(key))
		}
		objects[key] = object
	}
	refs, ok := o["object_refs"].([]any)
	if !ok && o["object_refs"] != nil {
		return nil, fmt.Errorf("object_refs must be a list")
	}
	for _, ref := range refs {
		id, ok := ref.(string)
		if !ok {
			return nil, fmt.Errorf("object_refs must be a list of ids")
		}
		if object, ok := find(id); ok {
			objects[id] = object
		}
	}
	return objects, nil
}
