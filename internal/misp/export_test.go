package misp

// For tests that ask MISP's own tools and templates whether it is right.
var UsualCategory = usualCategory

// RelationTypes gives the attribute type of every relation of every template that objects from elsewhere
// are taken for, and the UUID of the template.
func RelationTypes() (types map[string]map[string]string, uuids map[string]string) {
	types, uuids = map[string]map[string]string{}, map[string]string{}
	for _, u := range usualTemplates {
		of := map[string]string{}
		for _, s := range templates[u.name].slots {
			of[s.relation] = relationType(u.name, s.relation)
		}
		for relation := range templates[u.name].links {
			of[relation] = relationType(u.name, relation)
		}
		types[u.name], uuids[u.name] = of, u.uuid
	}
	return types, uuids
}
