package stix

// domainTypes are the STIX Domain Objects of section 4, without their common properties.
var domainTypes = []row{
	{"attack-pattern", table{
		must("name", text),
		may("description", text),
		may("aliases", list(text)),
		may("kill_chain_phases", list(embedded(killChainPhase))),
	}, nil},
	{"campaign", table{
		must("name", text),
		may("description", text),
		may("aliases", list(text)),
		may("first_seen", timestamp),
		may("last_seen", timestamp),
		may("objective", text),
	}, []rule{seenInOrder}},
	{"course-of-action", table{
		must("name", text),
		may("description", text),
	}, nil},
	{"grouping", table{
		may("name", text),
		may("description", text),
		must("context", open("grouping-context-ov")),
		must("object_refs", objectRefs),
	}, nil},
	{"identity", table{
		must("name", text),
		may("description", text),
		may("roles", list(text)),
		may("identity_class", open("identity-class-ov")),
		may("sectors", list(open("industry-sector-ov"))),
		may("contact_information", text),
	}, nil},
	{"incident", table{
		must("name", text),
		may("description", text),
	}, nil},
	{"indicator", table{
		may("name", text),
		may("description", text),
		may("indicator_types", list(open("indicator-type-ov"))),
		must("pattern", text),
		must("pattern_type", open("pattern-type-ov")),
		may("pattern_version", text),
		must("valid_from", timestamp),
		may("valid_until", timestamp),
		may("kill_chain_phases", list(embedded(killChainPhase))),
	}, []rule{after("valid_until", "valid_from"), wellFormedPattern}},
	{"infrastructure", table{
		must("name", text),
		may("description", text),
		may("infrastructure_types", list(open("infrastructure-type-ov"))),
		may("aliases", list(text)),
		may("kill_chain_phases", list(embedded(killChainPhase))),
		may("first_seen", timestamp),
		may("last_seen", timestamp),
	}, []rule{seenInOrder}},
	{"intrusion-set", table{
		must("name", text),
		may("description", text),
		may("aliases", list(text)),
		may("first_seen", timestamp),
		may("last_seen", timestamp),
		may("goals", list(text)),
		may("resource_level", open("attack-resource-level-ov")),
		may("primary_motivation", open("attack-motivation-ov")),
		may("secondary_motivations", list(open("attack-motivation-ov"))),
	}, []rule{seenInOrder}},
	{"location", table{
		may("name", text),
		may("description", text),
		may("latitude", float(-90, 90)),
		may("longitude", float(-180, 180)),
		may("precision", float(0, 1e9)),
		may("region", open("region-ov")),
		may("country", text),
		may("administrative_area", text),
		may("city", text),
		may("street_address", text),
		may("postal_code", text),
	}, []rule{
		needs("latitude", "longitude"),
		needs("longitude", "latitude"),
		needs("precision", "latitude", "longitude"),
		atLeastOne("region", "country", "latitude"),
	}},
	{"malware", table{
		may("name", text),
		may("description", text),
		may("malware_types", list(open("malware-type-ov"))),
		must("is_family", boolean),
		may("aliases", list(text)),
		may("kill_chain_phases", list(embedded(killChainPhase))),
		may("first_seen", timestamp),
		may("last_seen", timestamp),
		may("operating_system_refs", refsTo("software")),
		may("architecture_execution_envs", list(open("processor-architecture-ov"))),
		may("implementation_languages", list(open("implementation-language-ov"))),
		may("capabilities", list(open("malware-capabilities-ov"))),
		may("sample_refs", refsTo("artifact", "file")),
	}, []rule{seenInOrder, familyHasName}},
	{"malware-analysis", table{
		must("product", text),
		may("version", text),
		may("host_vm_ref", refTo("software")),
		may("operating_system_ref", refTo("software")),
		may("installed_software_refs", refsTo("software")),
		may("configuration_version", text),
		may("modules", list(text)),
		may("analysis_engine_version", text),
		may("analysis_definition_version", text),
		may("submitted", timestamp),
		may("analysis_started", timestamp),
		may("analysis_ended", timestamp),
		may("result_name", text),
		may("result", open("malware-result-ov")),
		may("analysis_sco_refs", set(refToFamily("that is a cyber-observable", Observable))),
		may("sample_ref", refToFamily("that is a cyber-observable", Observable)),
	}, []rule{atLeastOne("result", "analysis_sco_refs")}},
	{"note", table{
		may("abstract", text),
		must("content", text),
		may("authors", list(text)),
		must("object_refs", objectRefs),
	}, nil},
	{"observed-data", table{
		must("first_observed", timestamp),
		must("last_observed", timestamp),
		must("number_observed", integer(1, 999_999_999)),
		may("objects", container),
		may("object_refs", set(refToFamily("that is a cyber-observable or relationship", Observable, Relationship))),
	}, []rule{
		notBefore("last_observed", "first_observed"),
		atLeastOne("objects", "object_refs"),
		exclusive("objects", "object_refs"),
		should(deprecated("objects", "object_refs")),
	}},
	{"opinion", table{
		may("explanation", text),
		may("authors", list(text)),
		must("opinion", enum("strongly-disagree", "disagree", "neutral", "agree", "strongly-agree")),
		must("object_refs", objectRefs),
	}, nil},
	{"report", table{
		must("name", text),
		may("description", text),
		may("report_types", list(open("report-type-ov"))),
		must("published", timestamp),
		must("object_refs", objectRefs),
	}, nil},
	{"threat-actor", table{
		must("name", text),
		may("description", text),
		may("threat_actor_types", list(open("threat-actor-type-ov"))),
		may("aliases", list(text)),
		may("first_seen", timestamp),
		may("last_seen", timestamp),
		may("roles", list(open("threat-actor-role-ov"))),
		may("goals", list(text)),
		may("sophistication", open("threat-actor-sophistication-ov")),
		may("resource_level", open("attack-resource-level-ov")),
		may("primary_motivation", open("attack-motivation-ov")),
		may("secondary_motivations", list(open("attack-motivation-ov"))),
		may("personal_motivations", list(open("attack-motivation-ov"))),
	}, []rule{seenInOrder}},
	{"tool", table{
		must("name", text),
		may("description", text),
		may("tool_types", list(open("tool-type-ov"))),
		may("aliases", list(text)),
		may("kill_chain_phases", list(embedded(killChainPhase))),
		may("tool_version", text),
	}, nil},
	{"vulnerability", table{
		must("name", text),
		may("description", text),
	}, nil},
}

var (
	seenInOrder = notBefore("last_seen", "first_seen")
	objectRefs  = set(refNotTo("bundle"))
)

// familyHasName asks that a malware family is named (section 4.11.1).
func familyHasName(c *checker, f fields) {
	if string(f.get("is_family")) == "true" && !f.has("name") {
		c.faultAt("name", "is required for a malware family")
	}
}
