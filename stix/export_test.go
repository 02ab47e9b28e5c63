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

// Shape is the table of something that stands in an object, for tests.
type Shape struct{ s *shape }

// Shapes gives every table there is: of types, of predefined extensions and of objects inside others.
func Shapes() map[string]Shape {
	all := map[string]Shape{
		"external-reference": {externalReference}, "kill-chain-phase": {killChainPhase},
		"granular-marking": {granularMarking}, "mime-part": {mimePart}, "registry-value": {registryValue},
		"certificate-extensions": {certificateExtensions}, "alternate-data-stream": {alternateDataStream},
		"pe-section": {windowsPESection}, "pe-optional-header": {windowsPEOptionalHeader},
		"marking-content": {markingContent},
	}
	for typ, s := range types {
		all[typ] = Shape{s}
	}
	for _, extensions := range predefined {
		for key, s := range extensions {
			all[key] = Shape{s}
		}
	}
	return all
}

// Properties gives the rows of the table.
func (s Shape) Properties() (all []Property) {
	for _, p := range s.s.properties {
		all = append(all, Property{p.name, p.required})
	}
	return all
}

// Accepts tells whether lenient mode takes the value for the property.
func (s Shape) Accepts(property, value string) bool {
	c := &checker{mode: Lenient}
	s.s.properties[s.s.index[property]].kind(c, []byte(value))
	return len(c.faults) == 0
}

// WithDefaults fills in limits, for tests.
func WithDefaults(l Limits) Limits { return l.withDefaults() }

// IsCanonical says whether a text is seen to be canonical without writing it, for tests.
func IsCanonical(data []byte) bool { return isCanonical(data) }
