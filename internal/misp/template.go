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
}

// slot is where the first attribute of a relation goes. Of several slots with one path the first that
// is filled wins.
type slot struct {
	relation, path string
	read           func(string) (any, error)
}

// linking is a property that refers to other observables: to one, or to a list of them.
type linking struct {
	property string
	list     bool
}

var templates = map[string]template{
	"file": {
		typ: "file", slots: append(fileHashes(),
			slot{"filename", "name", asText},
			slot{"size-in-bytes", "size", asCount},
			slot{"mimetype", "mime_type", asText},
			slot{"creation-time", "ctime", asTime},
			slot{"modification-time", "mtime", asTime},
			slot{"access-time", "atime", asTime}),
	},
	"person": {
		typ: "identity", fixed: []property{{"identity_class", "individual"}},
		slots: []slot{{"full-name", "name", asText}, {"alias", "name", asText}, {"handle", "name", asText}},
		names: []string{"first-name", "middle-name", "last-name"},
	},
	"organization": organization("name", "description"),
	"news-agency":  organization("name", ""),
	"news-media":   organization("source", ""),
	"android-app":  {typ: "software", slots: []slot{{"name", "name", asText}}},
	"phone":        {typ: "phone-number", slots: []slot{{"msisdn", "value", asText}}},
	"url":          {typ: "url", slots: []slot{{"url", "value", asText}}},
	"domain-ip": {
		typ: "domain-name", slots: []slot{{"domain", "value", asText}, {"hostname", "value", asText}},
		links: map[string]linking{"ip": {"resolves_to_refs", true}},
	},
	"email": {
		typ: "email-message", fixed: []property{{"is_multipart", false}},
		slots: []slot{
			{"subject", "subject", asText},
			{"message-id", "message_id", asText},
			{"send-date", "date", asTime},
			{"email-body", "body", asText},
		},
		links: map[string]linking{
			"from": {"from_ref", false}, "to": {"to_refs", true}, "cc": {"cc_refs", true}, "bcc": {"bcc_refs", true},
		},
	},
	"geolocation": {
		typ: "location", slots: []slot{
			{"latitude", "latitude", asNumber},
			{"longitude", "longitude", asNumber},
			{"accuracy-radius", "precision", asNumber},
			{"countrycode", "country", asText},
			{"country", "country", asText},
			{"region", "administrative_area", asText},
			{"city", "city", asText},
			{"address", "street_address", asText},
			{"zipcode", "postal_code", asText},
		},
	},
	"telegram-account": {
		typ: "user-account", fixed: []property{{"account_type", "telegram"}},
		slots: []slot{{"username", "account_login", asText}, {"id", "user_id", asText}},
		as:    map[string]string{"phone": "phone-number"},
	},
}

func organization(name, description string) template {
	t := template{
		typ: "identity", fixed: []property{{"identity_class", "organization"}},
		slots: []slot{{name, "name", asText}, {"alias", "name", asText}},
	}
	if description != "" {
		t.slots = append(t.slots, slot{description, "description", asText})
	}
	return t
}

func fileHashes() (slots []slot) {
	for _, a := range algorithms {
		slots = append(slots, slot{a.misp, "hashes." + a.stix, asText})
	}
	return slots
}

// freeText are the relations of objects whose words become a note; other text that has no slot means
// something only under the name of its relation.
var freeText = []string{"text", "comment", "description", "content", "note", "transcription"}

// formOf finds the form of an attribute, in an object or (with no name) alone.
func formOf(object, relation, typ string) (form, bool) {
	if as, ok := templates[object].as[relation]; ok {
		typ = as
	}
	f, ok := forms[typ]
	if ok && object != "" && (typ == "text" || typ == "other") && !slices.Contains(freeText, relation) {
		return form{}, false
	}
	return f, ok
}

// slotOf finds the slot of a relation.
func (t template) slotOf(relation string) (slot, bool) {
	i := slices.IndexFunc(t.slots, func(s slot) bool { return s.relation == relation })
	if i < 0 {
		return slot{}, false
	}
	return t.slots[i], true
}

func asText(s string) (any, error) { return s, nil }

func asCount(s string) (any, error) {
	n, err := strconv.ParseUint(s, 10, 53)
	if err != nil {
		return nil, fmt.Errorf("%s is not a number of bytes", shown(s))
	}
	return n, nil
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
