package misp

// networks are addresses, connections and messages.
var networks = map[string]template{
	"url": {typ: "url", slots: []slot{{"url", "value", asText}}},
	"domain-ip": {
		typ: "domain-name", slots: []slot{{"domain", "value", asHost}, {"hostname", "value", asHost}},
		links: map[string]linking{"ip": {"resolves_to_refs", true}},
	},
	"asn": {typ: "autonomous-system", slots: []slot{
		{"asn", "number", asSystem},
		{"name", "name", asText},
		{"description", "name", asText},
	}, needs: []string{"number"}},
	"ip-port": connection(map[string]linking{
		"ip-dst": {"dst_ref", false}, "ip": {"dst_ref", false}, "ip-src": {"src_ref", false},
	}),
	"network-connection": connection(map[string]linking{
		"ip-dst": {"dst_ref", false}, "hostname-dst": {"dst_ref", false}, "ip-src": {"src_ref", false}, "hostname-src": {"src_ref", false},
	}),
	"network-socket": connection(map[string]linking{
		"ip-dst": {"dst_ref", false}, "hostname-dst": {"dst_ref", false}, "ip-src": {"src_ref", false}, "hostname-src": {"src_ref", false},
	}),
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
}

// connection goes from somewhere to somewhere. MISP does not always say which protocol was used above
// IP, and none is made up.
func connection(links map[string]linking) template {
	return template{
		typ: "network-traffic", fixed: []property{{"protocols", []string{"ip"}}},
		slots: []slot{
			{"dst-port", "dst_port", asPort},
			{"src-port", "src_port", asPort},
			{"first-packet-seen", "start", asTime},
			{"last-packet-seen", "end", asTime},
			{"src-bytes-count", "src_byte_count", asCount},
			{"dst-bytes-count", "dst_byte_count", asCount},
			{"src-packets-count", "src_packets", asCount},
			{"dst-packets-count", "dst_packets", asCount},
		},
		links: links,
	}
}

// knowledge is what analysts hold of the enemy: rules, weak points, techniques.
var knowledge = map[string]template{
	"yara":          rule("yara", "yara-rule-name"),
	"sigma":         rule("sigma", "sigma-rule-name"),
	"suricata":      rule("suricata", ""),
	"stix2-pattern": rule("stix2-pattern", ""),
	"vulnerability": {typ: "vulnerability", slots: []slot{
		{"id", "name", asText},
		{"description", "description", asText},
		{"summary", "description", asText},
	}, needs: []string{"name"}},
	"attack-pattern": {typ: "attack-pattern", slots: []slot{{"name", "name", asText}, {"summary", "description", asText}}, needs: []string{"name"}},
	"course-of-action": {typ: "course-of-action", slots: []slot{
		{"name", "name", asText},
		{"description", "description", asText},
	}, needs: []string{"name"}},
	"intrusion-set": {typ: "intrusion-set", slots: []slot{
		{"name", "name", asText},
		{"description", "description", asText},
		{"aliases", "aliases[*]", asText},
		{"goals", "goals[*]", asText},
		{"first_seen", "first_seen", asTime},
		{"last_seen", "last_seen", asTime},
	}, needs: []string{"name"}},
	"malware": {
		typ: "malware",
		slots: []slot{
			{"name", "name", asText},
			{"description", "description", asText},
			{"is_family", "is_family", asFlag},
			{"alias", "aliases[*]", asText},
			{"first_seen", "first_seen", asTime},
			{"last_seen", "last_seen", asTime},
		},
		needs: []string{"name", "is_family"},
	},
	"annotation": {typ: "note", slots: []slot{{"text", "content", asText}}},
	"report":     {typ: "note", slots: []slot{{"summary", "content", asText}, {"title", "abstract", asText}}, needs: []string{"content"}},
}

// rule is what a detector looks for. The relation of the rule itself is named as its type is.
func rule(typ, name string) template {
	t := template{
		typ: "indicator", fixed: []property{{"pattern_type", rules[typ]}},
		slots: []slot{{typ, "pattern", asText}}, needs: []string{"pattern"},
	}
	if name != "" {
		t.slots = append(t.slots, slot{name, "name", asText})
	}
	return t
}
