package typed

import "parley/stix"

// Relationship joins two objects (section 5.1). [stix.RelationshipTypes] gives the types that the
// standard names.
type Relationship struct {
	Versioned        `stix:"relationship"`
	RelationshipType string         `json:"relationship_type"`
	Description      *string        `json:"description,omitzero"`
	SourceRef        stix.ID        `json:"source_ref"`
	TargetRef        stix.ID        `json:"target_ref"`
	StartTime        stix.Timestamp `json:"start_time,omitzero"`
	StopTime         stix.Timestamp `json:"stop_time,omitzero"`
}

// Sighting says that something was seen (section 5.2).
type Sighting struct {
	Versioned        `stix:"sighting"`
	Description      *string        `json:"description,omitzero"`
	FirstSeen        stix.Timestamp `json:"first_seen,omitzero"`
	LastSeen         stix.Timestamp `json:"last_seen,omitzero"`
	Count            *int64         `json:"count,omitzero"`
	SightingOfRef    stix.ID        `json:"sighting_of_ref"`
	ObservedDataRefs []stix.ID      `json:"observed_data_refs,omitzero"`
	WhereSightedRefs []stix.ID      `json:"where_sighted_refs,omitzero"`
	Summary          *bool          `json:"summary,omitzero"`
}
