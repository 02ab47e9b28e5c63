package typed

import "parley/stix"

// LanguageContent is the text of an object in other languages (section 7.1). [stix.Translate] applies
// it.
type LanguageContent struct {
	Part               `stix:"language-content"`
	Type               string                `json:"type"`
	SpecVersion        string                `json:"spec_version"`
	ID                 stix.ID               `json:"id"`
	CreatedByRef       stix.ID               `json:"created_by_ref,omitzero"`
	Created            stix.Timestamp        `json:"created"`
	Modified           stix.Timestamp        `json:"modified"`
	ObjectRef          stix.ID               `json:"object_ref"`
	ObjectModified     stix.Timestamp        `json:"object_modified,omitzero"`
	Contents           map[string]Dictionary `json:"contents"` // by language (RFC 5646), then by property
	Revoked            *bool                 `json:"revoked,omitzero"`
	Labels             []string              `json:"labels,omitzero"`
	Confidence         *int                  `json:"confidence,omitzero"` // 0 to 100
	ExternalReferences []ExternalReference   `json:"external_references,omitzero"`
	ObjectMarkingRefs  []stix.ID             `json:"object_marking_refs,omitzero"`
	GranularMarkings   []GranularMarking     `json:"granular_markings,omitzero"`
	Extensions         Extensions            `json:"extensions,omitzero"`
}

// MarkingDefinition says how what it marks may be handled (section 7.2.1). It has no versions.
type MarkingDefinition struct {
	Part               `stix:"marking-definition"`
	Type               string              `json:"type"`
	SpecVersion        string              `json:"spec_version"`
	ID                 stix.ID             `json:"id"`
	CreatedByRef       stix.ID             `json:"created_by_ref,omitzero"`
	Created            stix.Timestamp      `json:"created"`
	Name               *string             `json:"name,omitzero"`
	DefinitionType     *string             `json:"definition_type,omitzero"` // deprecated
	Definition         *MarkingContent     `json:"definition,omitzero"`      // deprecated
	ExternalReferences []ExternalReference `json:"external_references,omitzero"`
	ObjectMarkingRefs  []stix.ID           `json:"object_marking_refs,omitzero"`
	GranularMarkings   []GranularMarking   `json:"granular_markings,omitzero"`
	Extensions         Extensions          `json:"extensions,omitzero"`
}

// MarkingContent is a TLP 1 level or a statement (sections 7.2.1.3 and 7.2.1.4).
type MarkingContent struct {
	Part
	TLP       *string `json:"tlp,omitzero"`
	Statement *string `json:"statement,omitzero"`
}

// ExtensionDefinition says what an extension is (section 7.3).
type ExtensionDefinition struct {
	Part                `stix:"extension-definition"`
	Type                string              `json:"type"`
	SpecVersion         string              `json:"spec_version"`
	ID                  stix.ID             `json:"id"`
	CreatedByRef        stix.ID             `json:"created_by_ref"`
	Created             stix.Timestamp      `json:"created"`
	Modified            stix.Timestamp      `json:"modified"`
	Name                string              `json:"name"`
	Description         *string             `json:"description,omitzero"`
	Schema              string              `json:"schema"`
	Version             string              `json:"version"`         // MAJOR.MINOR.PATCH
	ExtensionTypes      []string            `json:"extension_types"` // extension-type-enum
	ExtensionProperties []string            `json:"extension_properties,omitzero"`
	Revoked             *bool               `json:"revoked,omitzero"`
	Labels              []string            `json:"labels,omitzero"`
	ExternalReferences  []ExternalReference `json:"external_references,omitzero"`
	ObjectMarkingRefs   []stix.ID           `json:"object_marking_refs,omitzero"`
	GranularMarkings    []GranularMarking   `json:"granular_markings,omitzero"`
}
