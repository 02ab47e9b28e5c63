package misp

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"parley/stix"
)

// template says how an object of MISP stands in STIX: which object carries it, and where its
// attributes go. An attribute that has no slot is mapped by its own type and joined to the carrier.
type template struct {
	typ   string
	fixed []property
	slots []slot
	names []string           // relations that make up the name, where no slot gives one
	links map[string]linking // relations whose carriers the object refers to
	as    map[string]string  // relations whose attributes are text but really of another type
	needs []string           // properties without which the carrier says nothing
}

// slot is where the first attribute of a relation goes, or, where the path ends in [*], all of them. Of
// several slots with one path the first that is filled wins.
type slot struct {
	relation, path string
	read           func(string) (any, error)
}

// linking is a property that refers to other observables: to one, or to a list of them.
type linking struct {
	property string
	list     bool
}

// freeText are the relations of objects whose words become a note; other text that has no slot means
// something only under the name of its relation.
var freeText = []string{"text", "comment", "description", "content", "note", "transcription"}

// formOf finds the form of an attribute. One that stands alone has a form always: a note, where there
// is nothing better. One in an object may have none, as its object can hold it.
func formOf(object, relation, typ string) (form, bool) {
	if as, ok := templates[object].as[relation]; ok {
		typ = as
	}
	f, ok := forms[typ]
	switch {
	case object == "" && !ok:
		return noteOf(typ), true
	case object != "" && (typ == "text" || typ == "other") && !slices.Contains(freeText, relation):
		return form{}, false
	}
	return f, ok
}

// at gives the path of the n-th attribute that fills a slot.
func (s slot) at(n int) string { return strings.Replace(s.path, "[*]", "["+strconv.Itoa(n)+"]", 1) }

// isList tells whether a slot takes more than one attribute.
func (s slot) isList() bool { return strings.HasSuffix(s.path, "[*]") }

// slotOf finds the slot of a relation.
func (t template) slotOf(relation string) (slot, bool) {
	i := slices.IndexFunc(t.slots, func(s slot) bool { return s.relation == relation })
	if i < 0 {
		return slot{}, false
	}
	return t.slots[i], true
}

func asText(s string) (any, error) { return s, nil }

// asHash refuses what no hash is, of whichever algorithm.
func asHash(s string) (any, error) {
	if strings.ContainsAny(s, " \t\r\n") {
		return nil, fmt.Errorf("%s is not a hash", shown(s))
	}
	return s, nil
}

// asHost refuses what cannot be the name of a host.
func asHost(s string) (any, error) { return hostName(s, Options{}) }

// asKey writes a registry key as STIX wants it.
func asKey(s string) (any, error) { return inFull(s), nil }

func asCount(s string) (any, error) {
	n, err := strconv.ParseUint(s, 10, 53)
	if err != nil {
		return nil, fmt.Errorf("%s is not a number of bytes", shown(s))
	}
	return n, nil
}

// asSystem reads the number of an autonomous system.
func asSystem(s string) (any, error) { return systemNumber(s, Options{}) }

// asPort reads a port's number.
func asPort(s string) (any, error) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("%s is not the number of a port", shown(s))
	}
	return n, nil
}

// asFlag reads a truth value as MISP writes it.
func asFlag(s string) (any, error) {
	switch strings.ToLower(s) {
	case "1", "true":
		return true, nil
	case "0", "false":
		return false, nil
	}
	return nil, fmt.Errorf("%s is neither true nor false", shown(s))
}

func asNumber(s string) (any, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != f || f > 1e9 || f < -1e9 {
		return nil, fmt.Errorf("%s is not a number that fits", shown(s))
	}
	return f, nil
}

// asTime reads ISO 8601 with a zone, and the form without one that older events have, as UTC.
func asTime(s string) (any, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999-0700", "2006-01-02 15:04:05", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			if ts := moment(t); !ts.IsZero() {
				return ts, nil
			}
		}
	}
	return nil, fmt.Errorf("%s is not a moment such as 2026-03-01T09:30:00+00:00", shown(s))
}

// moment writes a time with microseconds where it has any, as MISP keeps no more.
func moment(t time.Time) stix.Timestamp {
	if t.Nanosecond()%int(time.Millisecond) == 0 {
		return stix.NewTimestamp(t, 3)
	}
	return stix.NewTimestamp(t, 6)
}

// spelt gives the text of a slot's value as it stands in STIX, without quotes.
func spelt(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case stix.Timestamp:
		return v.String()
	}
	data, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(data)
}
