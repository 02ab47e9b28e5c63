package main

import (
	"fmt"
	"slices"
	"time"
)

// heard is when South's receiver took the conversation: to the minute, which
// is exactly what must not leave.
func heard() time.Time { return time.Date(2026, time.September, 10, 3, 12, 0, 0, time.UTC) }

// interceptText is what the receiver wrote down. It names nothing that could
// be done; it is here to be kept back.
const interceptText = `At 03:12 the man with the first handset told the second that the blue bag was ready and that ` +
	`it should be brought to the side door where the bicycle had been mended in the spring. The second asked whether the ` +
	`doors of the Lindenhalle would open before the music began, and was told that a friend inside had seen the list of ` +
	`the evening watch. At 03:19 both agreed to write only on the lamp channel from Friday and to leave their telephones ` +
	`at home. A third voice, older, said that the lamp must be lit first. The line was clear throughout, and the voices ` +
	`are those of the calls of 2 and 5 September.`

// report makes South's intercept report: what it knows and how it knows it in
// one bundle, as such reports are.
func report() ([]byte, error) {
	s := southStory{a: author{
		ref: stixID("identity", "South desk"), at: heard().Add(5*time.Hour + 48*time.Minute),
		markings: []string{tlpRed, originatorControl},
	}}
	selectors, err := s.selectors()
	if err != nil {
		return nil, err
	}
	objects := slices.Concat(s.markings(), s.sources(), s.plot(), selectors)
	objects = append(objects, s.collected(selectors)...)
	objects = append(objects, s.indicators(selectors)...)
	objects = append(objects, s.links(selectors)...)
	body := s.a.domain("report", "intercept report", object{
		"name":         "Intercepted talk of a plot against the " + hallName,
		"description":  "Two known handsets and an older voice spoke of a bag, a door and an evening at the " + hallName + ". Collected by " + collectionSystem + "; " + sourceCodename + " confirms the door.",
		"published":    stixTime(s.a.at.Add(20 * time.Minute)),
		"report_types": []string{"threat-report", "observed-data"},
		"confidence":   70,
		"lang":         "en",
		"object_refs":  ids(objects[2:]), // all but the two markings, which the report carries itself

		"x_collection_system": collectionSystem,
		"x_collection_order":  "CO-0417",
		"x_source_handling":   "burn after reading in the desk's own words: " + sourceCodename,
	})
	return bundle("south report", append(objects, body))
}

// southStory builds the parts of the report.
type southStory struct{ a author }

func (s southStory) incidentID() string { return stixID("incident", "plot against the concert hall") }

func (s southStory) markings() []object {
	return []object{
		{
			"type": "marking-definition", "spec_version": "2.1", "id": tlpRed, "created": "2022-10-01T00:00:00.000Z",
			"name": "TLP:RED", "extensions": object{tlp2: object{"extension_type": "property-extension", "tlp_2_0": "red"}},
		},
		{
			"type": "marking-definition", "spec_version": "2.1", "id": originatorControl,
			"created": stixTime(s.a.at), "created_by_ref": s.a.ref, "name": "ORCON", "definition_type": "statement",
			"definition": object{"statement": "Originator controlled: to nobody without the consent of South desk."},
		},
	}
}

// sources are the people and things that know: none of them may leave.
func (s southStory) sources() []object {
	return []object{
		s.a.domain("identity", "South desk", object{"name": "South desk", "identity_class": "organization", "sectors": []string{"government-national"}}),
		s.a.domain("identity", sourceCodename, object{
			"name": sourceCodename, "identity_class": "individual", "roles": []string{"human source"},
			"description": "Works at the side door on some evenings. Met twice a month.",
			"x_handler":   "desk officer 7", "x_met": "behind the linden trees",
		}),
		s.a.domain("identity", collectionSystem, object{
			"name": collectionSystem, "identity_class": "system", "roles": []string{"collection system"},
			"x_site": "northern hill", "x_reach_km": 40,
		}),
	}
}

// plot is what is feared, by whom, where, and for whom.
func (s southStory) plot() []object {
	hall := s.a.domain("identity", hallName, object{
		"name": hallName, "identity_class": "organization", "sectors": []string{"entertainment"},
		"contact_information": "security desk " + hallEmail,
	})
	place := s.a.domain("location", "side door", object{
		"name": "Side door of the " + hallName, "region": "western-europe", "country": "AT",
		"latitude": 48.21653, "longitude": 16.39841, "precision": 12.0,
		"description": "The hall is invented; the coordinates lie in a public park.",
	})
	group := s.a.domain("threat-actor", "Group C", object{
		"name": "Group C", "threat_actor_types": []string{"terrorist"}, "aliases": []string{"the lamp people"},
	})
	incident := s.a.domain("incident", "plot against the concert hall", object{
		"name":        "Plot against the concert hall",
		"description": "An attack on the audience of the evening of 18 September is feared.",
		"confidence":  70,
		"extensions": object{incidentCore: object{
			"extension_type": "property-extension", "determination": "suspected", "investigation_status": "open",
			"other_object_refs": []string{hall.id(), place.id(), group.id()},
		}},
	})
	return []object{hall, place, group, incident}
}

// selectors are the report's observables: the seven that North's telephone
// holds too, some that it does not, and the hall's own mail address.
func (s southStory) selectors() ([]object, error) {
	wanted := []selectorRow{
		{kindPhone, "+1 312-555-0121", ""},
		{kindEmail, "box03@relay.invalid", ""},
		{kindTelegram, "grey_heron_demo_02", ""},
		{kindURL, "https://board2.forum.test/thread/107", ""},
		{kindEmail, hallEmail, ""},
	}
	for _, o := range overlap() {
		if o.report != "" {
			wanted = append(wanted, selectorRow{o.kind, o.report, ""})
		}
	}
	var out []object
	for _, w := range wanted {
		o, err := s.a.observable(w.kind, w.value)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// collected is the raw take: the text, a translation of it, and the data it
// came with.
func (s southStory) collected(selectors []object) []object {
	data := s.a.domain("observed-data", "take", object{
		"first_observed": stixTime(heard()), "last_observed": stixTime(heard().Add(7 * time.Minute)), "number_observed": 2,
		"object_refs":         ids(selectors[5:]),
		"x_collection_system": collectionSystem, "x_bearing_degrees": 214,
	})
	note := s.a.domain("note", "raw intercept", object{
		"abstract": "Raw intercept, " + interceptTime + " on 10 September", "content": interceptText, "lang": "en",
		"authors": []string{"desk officer 7"}, "object_refs": []string{data.id(), s.incidentID()},
		"x_collection_system": collectionSystem,
		"granular_markings":   []object{{"marking_ref": tlpRed, "selectors": []string{"content", "abstract"}}},
	})
	french := s.a.domain("language-content", "raw intercept in French", object{
		"object_ref": note.id(), "object_modified": note["modified"],
		"contents": object{"fr": object{"abstract": "Interception brute, " + interceptTime + " le 10 septembre"}},
	})
	check := s.a.domain("note", "source check", object{
		"content":     sourceCodename + " was asked on the same day and says that the side door has had no guard since Monday.",
		"object_refs": []string{s.incidentID()},
	})
	return []object{data, note, french, check}
}

// indicators say what to look for.
func (s southStory) indicators(selectors []object) []object {
	var out []object
	for _, o := range selectors[5:] {
		var pattern string
		switch o["type"] {
		case "email-addr", "url", "phone-number":
			pattern = fmt.Sprintf("[%s:value = '%s']", o["type"], o["value"])
		case "user-account":
			pattern = fmt.Sprintf("[user-account:account_type = 'telegram' AND user-account:account_login = '%s']", o["account_login"])
		}
		out = append(out, s.a.domain("indicator", pattern, object{
			"name": "In the talk of 10 September", "indicator_types": []string{"attribution"},
			"pattern": pattern, "pattern_type": "stix",
			"valid_from": stixTime(heard()), "valid_until": stixTime(heard().AddDate(0, 1, 0)), "confidence": 70,
		}))
	}
	return out
}

func (s southStory) links(selectors []object) []object {
	id := func(typ, name string) string { return stixID(typ, name) }
	links := []object{
		s.a.relationship(s.incidentID(), "targets", id("identity", hallName)),
		s.a.relationship(s.incidentID(), "attributed-to", id("threat-actor", "Group C")),
		s.a.relationship(s.incidentID(), "located-at", id("location", "side door")),
		s.a.relationship(id("note", "raw intercept"), "derived-from", id("identity", collectionSystem)),
	}
	for _, o := range selectors[5:] {
		links = append(links, s.a.relationship(o.id(), "related-to", s.incidentID()))
	}
	return links
}
