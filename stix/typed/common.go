package typed

import (
	"encoding/json"

	"parley/stix"
)

// Versioned are the common properties of domain objects and relationships (section 3.2). By itself it
// reads any object, of a type in the standard or not.
type Versioned struct {
	Part
	Type               string              `json:"type"`         // filled in by Write where it is ""
	SpecVersion        string              `json:"spec_version"` // likewise
	ID                 stix.ID             `json:"id"`
	CreatedByRef       stix.ID             `json:"created_by_ref,omitzero"`
	Created            stix.Timestamp      `json:"created"`
	Modified           stix.Timestamp      `json:"modified"` // Write takes Created for a new object's
	Revoked            *bool               `json:"revoked,omitzero"`
	Labels             []string            `json:"labels,omitzero"`
	Confidence         *int                `json:"confidence,omitzero"` // 0 to 100
	Lang               *string             `json:"lang,omitzero"`       // RFC 5646
	ExternalReferences []ExternalReference `json:"external_references,omitzero"`
	ObjectMarkingRefs  []stix.ID           `json:"object_marking_refs,omitzero"`
	GranularMarkings   []GranularMarking   `json:"granular_markings,omitzero"`
	Extensions         Extensions          `json:"extensions,omitzero"`
}

// Observable are the common properties of cyber-observable objects (section 3.2). A new one that is
// given no ID gets its deterministic one, see [stix.SCOID].
type Observable struct {
	Part
	Type              string            `json:"type"`
	SpecVersion       *string           `json:"spec_version,omitzero"`
	ID                stix.ID           `json:"id"`
	ObjectMarkingRefs []stix.ID         `json:"object_marking_refs,omitzero"`
	GranularMarkings  []GranularMarking `json:"granular_markings,omitzero"`
	Defanged          *bool             `json:"defanged,omitzero"`
	Extensions        Extensions        `json:"extensions,omitzero"`
}

// ExternalReference points to something that is not STIX (section 2.5).
type ExternalReference struct {
	Part
	SourceName  string  `json:"source_name"`
	Description *string `json:"description,omitzero"`
	URL         *string `json:"url,omitzero"`
	Hashes      Hashes  `json:"hashes,omitzero"`
	ExternalID  *string `json:"external_id,omitzero"`
}

// KillChainPhase is a phase of a kill chain (section 2.11).
type KillChainPhase struct {
	Part
	KillChainName string `json:"kill_chain_name"`
	PhaseName     string `json:"phase_name"`
}

// GranularMarking marks parts of an object, or says what language they are in (section 7.2.3).
// [stix.Object.MarkingsAt] says what it comes to.
type GranularMarking struct {
	Part
	Lang       *string  `json:"lang,omitzero"`
	MarkingRef stix.ID  `json:"marking_ref,omitzero"`
	Selectors  []string `json:"selectors"`
}

// Hashes are digests by the name of their algorithm: MD5, SHA-1, SHA-256 … (section 2.7).
type Hashes map[string]string

// Dictionary is a JSON object whose keys and values the standard leaves open (section 2.3).
type Dictionary map[string]json.RawMessage

// HeaderFields are header fields of mail or HTTP. They are lists of text, since a field may stand in
// a header more than once; a text alone, as tools wrote before Errata 01 and some still do, is read as
// a list of one.
type HeaderFields map[string]Texts

// Texts is a list of text.
type Texts []string
