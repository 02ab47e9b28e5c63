package stix

// relationshipTypes are the STIX Relationship Objects of section 5, without their common properties.
var relationshipTypes = []row{
	{"relationship", table{
		must("relationship_type", checked("of a–z, 0–9 and hyphens", isRelationshipType)),
		may("description", text),
		must("source_ref", relatable),
		must("target_ref", relatable),
		may("start_time", timestamp),
		may("stop_time", timestamp),
	}, []rule{after("stop_time", "start_time"), should(relationshipIsNamed)}},
	{"sighting", table{
		may("description", text),
		may("first_seen", timestamp),
		may("last_seen", timestamp),
		may("count", integer(0, 999_999_999)),
		must("sighting_of_ref", refToFamily("that is a domain object", Domain)),
		may("observed_data_refs", refsTo("observed-data")),
		may("where_sighted_refs", refsTo("identity", "location")),
		may("summary", boolean),
	}, []rule{seenInOrder}},
}

// relatable is what a relationship may join: anything but another relationship or a meta object that
// describes others.
var relatable = refNotTo("relationship", "sighting", "bundle", "language-content", "marking-definition")

func isRelationshipType(s string) bool {
	for i := range len(s) {
		if !isWord(s[i]) || s[i] == '_' || s[i] >= 'A' && s[i] <= 'Z' {
			return false
		}
	}
	return s != ""
}
