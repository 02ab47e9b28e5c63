package typed

import "parley/stix"

// AttackPattern is a way of attacking (section 4.1).
type AttackPattern struct {
	Versioned       `stix:"attack-pattern"`
	Name            string           `json:"name"`
	Description     *string          `json:"description,omitzero"`
	Aliases         []string         `json:"aliases,omitzero"`
	KillChainPhases []KillChainPhase `json:"kill_chain_phases,omitzero"`
}

// Campaign is a group of attacks over a time against a set of targets (section 4.2).
type Campaign struct {
	Versioned   `stix:"campaign"`
	Name        string         `json:"name"`
	Description *string        `json:"description,omitzero"`
	Aliases     []string       `json:"aliases,omitzero"`
	FirstSeen   stix.Timestamp `json:"first_seen,omitzero"`
	LastSeen    stix.Timestamp `json:"last_seen,omitzero"`
	Objective   *string        `json:"objective,omitzero"`
}

// CourseOfAction is what to do against an attack (section 4.3).
type CourseOfAction struct {
	Versioned   `stix:"course-of-action"`
	Name        string  `json:"name"`
	Description *string `json:"description,omitzero"`
}

// Grouping says that objects share a context (section 4.4).
type Grouping struct {
	Versioned   `stix:"grouping"`
	Name        *string   `json:"name,omitzero"`
	Description *string   `json:"description,omitzero"`
	Context     string    `json:"context"` // grouping-context-ov
	ObjectRefs  []stix.ID `json:"object_refs"`
}

// Identity is a person, an organisation or a group of them (section 4.5).
type Identity struct {
	Versioned          `stix:"identity"`
	Name               string   `json:"name"`
	Description        *string  `json:"description,omitzero"`
	Roles              []string `json:"roles,omitzero"`
	IdentityClass      *string  `json:"identity_class,omitzero"` // identity-class-ov
	Sectors            []string `json:"sectors,omitzero"`        // industry-sector-ov
	ContactInformation *string  `json:"contact_information,omitzero"`
}

// Incident is a stub in STIX 2.1, which extensions fill (section 4.6).
type Incident struct {
	Versioned   `stix:"incident"`
	Name        string  `json:"name"`
	Description *string `json:"description,omitzero"`
}

// Indicator is a pattern that shows suspicious activity (section 4.7).
type Indicator struct {
	Versioned       `stix:"indicator"`
	Name            *string          `json:"name,omitzero"`
	Description     *string          `json:"description,omitzero"`
	IndicatorTypes  []string         `json:"indicator_types,omitzero"` // indicator-type-ov
	Pattern         string           `json:"pattern"`
	PatternType     string           `json:"pattern_type"` // pattern-type-ov
	PatternVersion  *string          `json:"pattern_version,omitzero"`
	ValidFrom       stix.Timestamp   `json:"valid_from"`
	ValidUntil      stix.Timestamp   `json:"valid_until,omitzero"`
	KillChainPhases []KillChainPhase `json:"kill_chain_phases,omitzero"`
}

// Infrastructure is systems and services that serve a purpose (section 4.8).
type Infrastructure struct {
	Versioned           `stix:"infrastructure"`
	Name                string           `json:"name"`
	Description         *string          `json:"description,omitzero"`
	InfrastructureTypes []string         `json:"infrastructure_types,omitzero"` // infrastructure-type-ov
	Aliases             []string         `json:"aliases,omitzero"`
	KillChainPhases     []KillChainPhase `json:"kill_chain_phases,omitzero"`
	FirstSeen           stix.Timestamp   `json:"first_seen,omitzero"`
	LastSeen            stix.Timestamp   `json:"last_seen,omitzero"`
}

// IntrusionSet is what one attacker is believed to have done (section 4.9).
type IntrusionSet struct {
	Versioned            `stix:"intrusion-set"`
	Name                 string         `json:"name"`
	Description          *string        `json:"description,omitzero"`
	Aliases              []string       `json:"aliases,omitzero"`
	FirstSeen            stix.Timestamp `json:"first_seen,omitzero"`
	LastSeen             stix.Timestamp `json:"last_seen,omitzero"`
	Goals                []string       `json:"goals,omitzero"`
	ResourceLevel        *string        `json:"resource_level,omitzero"`        // attack-resource-level-ov
	PrimaryMotivation    *string        `json:"primary_motivation,omitzero"`    // attack-motivation-ov
	SecondaryMotivations []string       `json:"secondary_motivations,omitzero"` // attack-motivation-ov
}

// Location is a place (section 4.10).
type Location struct {
	Versioned          `stix:"location"`
	Name               *string  `json:"name,omitzero"`
	Description        *string  `json:"description,omitzero"`
	Latitude           *float64 `json:"latitude,omitzero"`  // degrees north
	Longitude          *float64 `json:"longitude,omitzero"` // degrees east
	Precision          *float64 `json:"precision,omitzero"` // metres
	Region             *string  `json:"region,omitzero"`    // region-ov
	Country            *string  `json:"country,omitzero"`   // ISO 3166-1 alpha-2
	AdministrativeArea *string  `json:"administrative_area,omitzero"`
	City               *string  `json:"city,omitzero"`
	StreetAddress      *string  `json:"street_address,omitzero"`
	PostalCode         *string  `json:"postal_code,omitzero"`
}

// Malware is a malicious program or a family of them (section 4.11).
type Malware struct {
	Versioned                 `stix:"malware"`
	Name                      *string          `json:"name,omitzero"`
	Description               *string          `json:"description,omitzero"`
	MalwareTypes              []string         `json:"malware_types,omitzero"` // malware-type-ov
	IsFamily                  bool             `json:"is_family"`
	Aliases                   []string         `json:"aliases,omitzero"`
	KillChainPhases           []KillChainPhase `json:"kill_chain_phases,omitzero"`
	FirstSeen                 stix.Timestamp   `json:"first_seen,omitzero"`
	LastSeen                  stix.Timestamp   `json:"last_seen,omitzero"`
	OperatingSystemRefs       []stix.ID        `json:"operating_system_refs,omitzero"`
	ArchitectureExecutionEnvs []string         `json:"architecture_execution_envs,omitzero"` // processor-architecture-ov
	ImplementationLanguages   []string         `json:"implementation_languages,omitzero"`    // implementation-language-ov
	Capabilities              []string         `json:"capabilities,omitzero"`                // malware-capabilities-ov
	SampleRefs                []stix.ID        `json:"sample_refs,omitzero"`
}

// MalwareAnalysis is what an analysis of a sample found (section 4.12).
type MalwareAnalysis struct {
	Versioned                 `stix:"malware-analysis"`
	Product                   string         `json:"product"`
	Version                   *string        `json:"version,omitzero"`
	HostVMRef                 stix.ID        `json:"host_vm_ref,omitzero"`
	OperatingSystemRef        stix.ID        `json:"operating_system_ref,omitzero"`
	InstalledSoftwareRefs     []stix.ID      `json:"installed_software_refs,omitzero"`
	ConfigurationVersion      *string        `json:"configuration_version,omitzero"`
	Modules                   []string       `json:"modules,omitzero"`
	AnalysisEngineVersion     *string        `json:"analysis_engine_version,omitzero"`
	AnalysisDefinitionVersion *string        `json:"analysis_definition_version,omitzero"`
	Submitted                 stix.Timestamp `json:"submitted,omitzero"`
	AnalysisStarted           stix.Timestamp `json:"analysis_started,omitzero"`
	AnalysisEnded             stix.Timestamp `json:"analysis_ended,omitzero"`
	ResultName                *string        `json:"result_name,omitzero"`
	Result                    *string        `json:"result,omitzero"` // malware-result-ov
	AnalysisSCORefs           []stix.ID      `json:"analysis_sco_refs,omitzero"`
	SampleRef                 stix.ID        `json:"sample_ref,omitzero"`
}

// Note is what somebody wrote about objects (section 4.13).
type Note struct {
	Versioned  `stix:"note"`
	Abstract   *string   `json:"abstract,omitzero"`
	Content    string    `json:"content"`
	Authors    []string  `json:"authors,omitzero"`
	ObjectRefs []stix.ID `json:"object_refs"`
}

// ObservedData is what was seen, how often and when (section 4.14).
type ObservedData struct {
	Versioned      `stix:"observed-data"`
	FirstObserved  stix.Timestamp `json:"first_observed"`
	LastObserved   stix.Timestamp `json:"last_observed"`
	NumberObserved int64          `json:"number_observed"`
	Objects        Dictionary     `json:"objects,omitzero"` // deprecated
	ObjectRefs     []stix.ID      `json:"object_refs,omitzero"`
}

// Opinion is what somebody thinks of what objects say (section 4.15).
type Opinion struct {
	Versioned   `stix:"opinion"`
	Explanation *string   `json:"explanation,omitzero"`
	Authors     []string  `json:"authors,omitzero"`
	Opinion     string    `json:"opinion"` // strongly-disagree, disagree, neutral, agree or strongly-agree
	ObjectRefs  []stix.ID `json:"object_refs"`
}

// Report is a collection of intelligence on one or more topics (section 4.16).
type Report struct {
	Versioned   `stix:"report"`
	Name        string         `json:"name"`
	Description *string        `json:"description,omitzero"`
	ReportTypes []string       `json:"report_types,omitzero"` // report-type-ov
	Published   stix.Timestamp `json:"published"`
	ObjectRefs  []stix.ID      `json:"object_refs"`
}

// ThreatActor is a person, group or organisation believed to act with malice (section 4.17).
type ThreatActor struct {
	Versioned            `stix:"threat-actor"`
	Name                 string         `json:"name"`
	Description          *string        `json:"description,omitzero"`
	ThreatActorTypes     []string       `json:"threat_actor_types,omitzero"` // threat-actor-type-ov
	Aliases              []string       `json:"aliases,omitzero"`
	FirstSeen            stix.Timestamp `json:"first_seen,omitzero"`
	LastSeen             stix.Timestamp `json:"last_seen,omitzero"`
	Roles                []string       `json:"roles,omitzero"` // threat-actor-role-ov
	Goals                []string       `json:"goals,omitzero"`
	Sophistication       *string        `json:"sophistication,omitzero"`        // threat-actor-sophistication-ov
	ResourceLevel        *string        `json:"resource_level,omitzero"`        // attack-resource-level-ov
	PrimaryMotivation    *string        `json:"primary_motivation,omitzero"`    // attack-motivation-ov
	SecondaryMotivations []string       `json:"secondary_motivations,omitzero"` // attack-motivation-ov
	PersonalMotivations  []string       `json:"personal_motivations,omitzero"`  // attack-motivation-ov
}

// Tool is legitimate software that can be used to attack (section 4.18).
type Tool struct {
	Versioned       `stix:"tool"`
	Name            string           `json:"name"`
	Description     *string          `json:"description,omitzero"`
	ToolTypes       []string         `json:"tool_types,omitzero"` // tool-type-ov
	Aliases         []string         `json:"aliases,omitzero"`
	KillChainPhases []KillChainPhase `json:"kill_chain_phases,omitzero"`
	ToolVersion     *string          `json:"tool_version,omitzero"`
}

// Vulnerability is a weakness that can be exploited (section 4.19).
type Vulnerability struct {
	Versioned   `stix:"vulnerability"`
	Name        string  `json:"name"`
	Description *string `json:"description,omitzero"`
}
