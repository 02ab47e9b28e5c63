package assess

import (
	"embed"
	"fmt"
	"time"

	"parley/stix"
)

// The ids of the five property-extensions. They are fixed for ever: a changed format needs a new
// version of the definition, and an incompatible one a new id.
const (
	ExtSource    stix.ID = "extension-definition--c16f390a-cd77-4685-a5fc-f9776e6504f1" // on identity
	ExtClaim     stix.ID = "extension-definition--cba7995a-745e-4dcc-9ccf-e59d0a1e2667" // on note
	ExtJudgement stix.ID = "extension-definition--fce8f857-0ac4-4b52-8900-e03a92e4b00a" // on note
	ExtACH       stix.ID = "extension-definition--75fbe46b-130a-47eb-bcfb-7340c6e7844f" // on grouping
	ExtWarning   stix.ID = "extension-definition--5677e1a1-5a92-4dcc-ae18-ebc63a7d2a1d" // on report

	// Author is the identity that the extension-definitions name as their creator.
	Author stix.ID = "identity--5c498aa4-1b88-41ad-b6d0-590cdd11dbc8"
)

//go:embed schema/*.json
var schemas embed.FS

// definition is one extension's name, its text and its schema's file.
type definition struct {
	id                      stix.ID
	name, schema, describes string
}

var definitions = []definition{
	{ExtSource, "Parley source", "source.json", "On identity: what somebody is worth as a source: class, access, interest, dated reliability."},
	{ExtClaim, "Parley claim", "claim.json", "On note: a proposition, somebody's stance on one with its chain, grade and quantity, or an assumption."},
	{ExtJudgement, "Parley judgement", "judgement.json", "On note: an analyst's likelihood of a proposition, with confidence apart."},
	{ExtACH, "Parley competing hypotheses", "ach.json", "On grouping: hypotheses, evidence, and every rater's cell of how the one bears on the other."},
	{ExtWarning, "Parley warning", "warning.json", "On report: a duty to tell somebody, with the log of its states."},
}

// Schema returns the JSON Schema of one of the five extensions.
func Schema(extension stix.ID) ([]byte, error) {
	for _, d := range definitions {
		if d.id == extension {
			return schemas.ReadFile("schema/" + d.schema)
		}
	}
	return nil, fmt.Errorf("read schema of %s: it is none of the five extensions of this package", extension)
}

// Extensions returns the identity of their author and the five extension-definitions, as the OASIS
// STIX Extension Definition Policy 1.0 asks of whoever publishes one. The schema stands in each.
func Extensions() ([]stix.Object, error) {
	published := stix.NewTimestamp(time.Date(2026, time.November, 23, 0, 0, 0, 0, time.UTC), 3)
	author, err := stix.New("identity").ID(Author).Created(published).Set("modified", published).
		Set("name", "Parley").Set("identity_class", "organization").Build()
	if err != nil {
		return nil, fmt.Errorf("build the author of the extensions: %w", err)
	}
	objects := []stix.Object{author}
	for _, d := range definitions {
		schema, err := Schema(d.id)
		if err != nil {
			return nil, err
		}
		o, err := stix.New("extension-definition").ID(d.id).Created(published).Set("modified", published).
			Set("created_by_ref", Author).Set("name", d.name).Set("description", d.describes).
			Set("schema", string(schema)).Set("version", "1.0.0").
			Set("extension_types", []string{"property-extension"}).Build()
		if err != nil {
			return nil, fmt.Errorf("build extension-definition %s: %w", d.name, err)
		}
		objects = append(objects, o)
	}
	return objects, nil
}
