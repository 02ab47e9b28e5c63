package misp

import (
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"parley/stix"
)

// ExtensionID is the property-extension that holds what MISP says and STIX has no property for.
const ExtensionID stix.ID = "extension-definition--b9d472d3-8864-4ae8-b404-b4a5a263425c"

// author is the identity that publishes Parley's extensions.
const author stix.ID = "identity--5c498aa4-1b88-41ad-b6d0-590cdd11dbc8"

// said is the content of the extension. Values are not in it, but where MISP's spelling differs from
// STIX's normal form; which one counts is for [reverse] to judge.
type said struct {
	ExtensionType string          `json:"extension_type"`
	Event         *saidEvent      `json:"event,omitzero"`
	Object        *saidObject     `json:"object,omitzero"`
	Attributes    []saidAttribute `json:"attributes,omitempty"`
	Cluster       *saidCluster    `json:"cluster,omitzero"`
	Sighting      *saidSighting   `json:"sighting,omitzero"`
	Reference     *saidReference  `json:"reference,omitzero"`
	Report        *saidReport     `json:"report,omitzero"`
	Analyst       *saidAnalyst    `json:"analyst,omitzero"`
	Tags          []Tag           `json:"tags,omitempty"`
	Rest          []saidGalaxy    `json:"galaxies,omitempty"` // of the event, that STIX has no type for
	Grade         Grade           `json:"grade,omitzero"`     // of the tags, for readers
}

// isEmpty tells whether MISP says nothing that STIX has no property for.
func (s said) isEmpty() bool {
	return s.Event == nil && s.Object == nil && len(s.Attributes) == 0 && s.Cluster == nil && s.Sighting == nil &&
		s.Reference == nil && s.Report == nil && s.Analyst == nil && len(s.Tags) == 0 && len(s.Rest) == 0 && len(s.Grade.Reliability)+len(s.Grade.Credibility) == 0
}

type saidEvent struct {
	Date             string       `json:"date,omitempty"`
	Timestamp        int64        `json:"timestamp"`
	PublishTimestamp int64        `json:"publish_timestamp"`
	Published        bool         `json:"published,omitzero"`
	ThreatLevel      string       `json:"threat_level_id,omitempty"`
	Analysis         string       `json:"analysis,omitempty"`
	Distribution     Distribution `json:"distribution,omitempty"`
	ExtendsUUID      string       `json:"extends_uuid,omitempty"`
}

type saidObject struct {
	Name            string       `json:"name,omitempty"`
	MetaCategory    string       `json:"meta_category,omitempty"`
	Description     string       `json:"description,omitempty"`
	TemplateUUID    string       `json:"template_uuid,omitempty"`
	TemplateVersion string       `json:"template_version,omitempty"`
	Comment         string       `json:"comment,omitempty"`
	Timestamp       int64        `json:"timestamp"`
	FirstSeen       string       `json:"first_seen,omitempty"`
	LastSeen        string       `json:"last_seen,omitempty"`
	Distribution    Distribution `json:"distribution,omitempty"`
}

type saidAttribute struct {
	UUID          string       `json:"uuid"`
	Type          string       `json:"type"`
	Category      string       `json:"category,omitempty"`
	Value         string       `json:"value,omitempty"`    // where STIX spells it otherwise, or not at all
	OnlyHere      bool         `json:"only_here,omitzero"` // nothing in STIX is made of the value
	Object        string       `json:"object_uuid,omitempty"`
	ObjectName    string       `json:"object_name,omitempty"`
	Relation      string       `json:"object_relation,omitempty"`
	ToIDs         bool         `json:"to_ids,omitzero"` // only where no indicator can say it
	Comment       string       `json:"comment,omitempty"`
	Timestamp     int64        `json:"timestamp,omitzero"`
	FirstSeen     string       `json:"first_seen,omitempty"`
	LastSeen      string       `json:"last_seen,omitempty"`
	Distribution  Distribution `json:"distribution,omitempty"`
	Tags          []Tag        `json:"tags,omitempty"`
	NoCorrelation bool         `json:"disable_correlation,omitzero"`
	Galaxies      []stix.ID    `json:"cluster_refs,omitempty"`
	Rest          []saidGalaxy `json:"galaxies,omitempty"`  // clusters that STIX has no type for
	Sightings     []Sighting   `json:"sightings,omitempty"` // that are none in STIX
}

type saidCluster struct {
	GalaxyUUID string     `json:"galaxy_uuid,omitempty"`
	GalaxyName string     `json:"galaxy_name,omitempty"`
	GalaxyType string     `json:"galaxy_type,omitempty"`
	Type       string     `json:"type,omitempty"`
	TagName    string     `json:"tag_name,omitempty"`
	Source     string     `json:"source,omitempty"`
	Version    int64      `json:"version"`
	Meta       []saidMeta `json:"meta,omitempty"` // but synonyms and refs where STIX holds them
}

// saidMeta is one of a cluster's free-form properties. They stand in a list, since STIX does not take
// every name for that of a property.
type saidMeta struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

// saidGalaxy is a galaxy with its clusters, whole.
type saidGalaxy struct {
	UUID     string      `json:"uuid,omitempty"`
	Name     string      `json:"name,omitempty"`
	Type     string      `json:"type"`
	Clusters []saidWhole `json:"clusters,omitempty"`
}

type saidWhole struct {
	UUID        string     `json:"uuid,omitempty"`
	Type        string     `json:"type,omitempty"`
	Value       string     `json:"value"`
	TagName     string     `json:"tag_name,omitempty"`
	Description string     `json:"description,omitempty"`
	Source      string     `json:"source,omitempty"`
	Version     int64      `json:"version,omitzero"`
	Meta        []saidMeta `json:"meta,omitempty"`
}

type saidSighting struct {
	Attribute string `json:"attribute_uuid"`
	Type      string `json:"type,omitempty"`
	Date      int64  `json:"date,omitzero"`
	Source    string `json:"source,omitempty"`
}

type saidReference struct {
	Object     string `json:"object_uuid"`
	Referenced string `json:"referenced_uuid"`
	Type       string `json:"type,omitempty"` // only where STIX takes no such name
	Timestamp  int64  `json:"timestamp,omitzero"`
}

type saidReport struct {
	Timestamp    int64        `json:"timestamp"`
	Distribution Distribution `json:"distribution,omitempty"`
}

// saidBy reads the extension of an object. One that cannot be read counts as none.
func saidBy(o stix.Object) (s said, ok bool) {
	raw, ok := o.Raw("extensions." + string(ExtensionID))
	if !ok {
		return said{}, false
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return said{}, false
	}
	s.clean()
	return s, true
}

// clean takes out of a stranger's extension what MISP could not read.
func (s *said) clean() {
	if e := s.Event; e != nil {
		e.Timestamp, e.PublishTimestamp, e.ExtendsUUID = second(e.Timestamp), second(e.PublishTimestamp), uuidOr(e.ExtendsUUID)
	}
	if o := s.Object; o != nil {
		o.Timestamp = second(o.Timestamp)
	}
	for i := range s.Attributes {
		a := &s.Attributes[i]
		a.UUID, a.Timestamp = uuidOr(a.UUID), second(a.Timestamp)
		for j := range a.Sightings {
			g := &a.Sightings[j]
			g.UUID, g.Date = uuidOr(g.UUID), second(g.Date)
			if g.By != nil {
				g.By.UUID = uuidOr(g.By.UUID)
			}
		}
	}
	if c := s.Cluster; c != nil {
		c.GalaxyUUID, c.Version = uuidOr(c.GalaxyUUID), second(c.Version)
	}
	if g := s.Sighting; g != nil {
		g.Date = second(g.Date)
	}
	if r := s.Reference; r != nil {
		r.Timestamp = second(r.Timestamp)
	}
	if a := s.Analyst; a != nil && (a.Opinion < 0 || a.Opinion > 100) {
		a.Opinion = -1
	}
	if r := s.Report; r != nil {
		r.Timestamp = second(r.Timestamp)
	}
}

// second gives a number of seconds that a timestamp can be written of, or 0.
func second(n int64) int64 {
	if n < 0 || n > lastSecond {
		return 0
	}
	return n
}

// uuidOr gives a UUID in small letters, or "".
func uuidOr(s string) string {
	id, err := uuid.Parse(s)
	if err != nil || len(s) != 36 {
		return ""
	}
	return id.String()
}

// DistributionOf gives how far MISP let an object go that came from there: the narrowest of what its
// extension says of the event, the object and the attributes in it, or [NoDistribution]. An observable
// whose event is for fewer than all says [InheritEvent] or nothing; its report says the rest. Whoever
// clears what leaves should ask for both.
func DistributionOf(o stix.Object) Distribution {
	s, _ := saidBy(o)
	var all []Distribution
	if s.Event != nil {
		all = append(all, s.Event.Distribution)
	}
	if s.Object != nil {
		all = append(all, s.Object.Distribution)
	}
	if s.Analyst != nil {
		all = append(all, s.Analyst.Distribution)
	}
	if s.Report != nil {
		all = append(all, s.Report.Distribution)
	}
	for _, a := range s.Attributes {
		all = append(all, a.Distribution)
	}
	for _, d := range []Distribution{OwnOrganisation, SharingGroup, ThisCommunity, ConnectedCommunities, AllCommunities, InheritEvent} {
		if slices.Contains(all, d) {
			return d
		}
	}
	return NoDistribution
}

// Extension gives the definition of [ExtensionID] and the identity of its author, for bundles that
// leave for others.
func Extension() ([]stix.Object, error) {
	by, err := stix.New("identity").ID(author).Created(published).Set("modified", published).
		Set("name", "Parley").Set("identity_class", "organization").Build()
	if err != nil {
		return nil, fmt.Errorf("build the author of the MISP extension: %w", err)
	}
	definition, err := stix.New("extension-definition").ID(ExtensionID).Created(published).Set("modified", published).
		Set("created_by_ref", author).Set("name", "Parley MISP").
		Set("description", "What a MISP event says of an object and STIX has no property for.").
		Set("schema", "docs/formats/misp.md").Set("version", "1.0.0").
		Set("extension_types", []string{"property-extension"}).Build()
	if err != nil {
		return nil, fmt.Errorf("build the MISP extension's definition: %w", err)
	}
	return []stix.Object{by, definition}, nil
}
