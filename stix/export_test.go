package stix

// Property is a row of a type's property table, for tests.
type Property struct {
	Name     string
	Required bool
}

// Tables gives the property tables of all types, for tests.
func Tables() map[string][]Property {
	all := map[string][]Property{}
	for typ, s := range types {
		for _, p := range s.properties {
			all[typ] = append(all[typ], Property{p.name, p.required})
		}
	}
	return all
}

// ContributingTypes gives the types that the table of ids knows, for tests.
func ContributingTypes() map[string][]string { return contributing }
