package misp

// Event is a MISP event: what one organisation says about one subject. Texts that are a number in
// MISP's JSON but only ever a choice (distribution, analysis) stay the text that MISP writes, and ""
// where nothing was said. The tags give MISP's names and forms: marshalling an Event writes it as
// MISP does.
type Event struct {
	UUID             string        `json:"uuid"`
	Info             string        `json:"info"`
	Date             string        `json:"date,omitempty"` // 2006-01-02, of what happened
	Timestamp        int64         `json:"timestamp,string"`
	PublishTimestamp int64         `json:"publish_timestamp,string"`
	Published        bool          `json:"published"`
	ThreatLevel      string        `json:"threat_level_id,omitempty"` // 1 high, 2 medium, 3 low, 4 undefined
	Analysis         string        `json:"analysis,omitempty"`        // 0 initial, 1 ongoing, 2 complete
	Distribution     Distribution  `json:"distribution,omitempty"`
	ExtendsUUID      string        `json:"extends_uuid"`
	Creator          *Organisation `json:"Orgc,omitempty"`
	Tags             []Tag         `json:"Tag,omitempty"`
	Attributes       []Attribute   `json:"Attribute,omitempty"`
	Objects          []Object      `json:"Object,omitempty"`
	Galaxies         []Galaxy      `json:"Galaxy,omitempty"`
	Reports          []Report      `json:"EventReport,omitempty"`

	Analysed

	// Unread lists what [Read] saw and has no field for; [ToSTIX] passes it on.
	Unread []Unmapped `json:"-"`
}

// Distribution is how far MISP may carry something.
type Distribution string

// The levels of distribution. NoDistribution is what a feed says: nothing.
const (
	NoDistribution       Distribution = ""
	OwnOrganisation      Distribution = "0"
	ThisCommunity        Distribution = "1"
	ConnectedCommunities Distribution = "2"
	AllCommunities       Distribution = "3"
	SharingGroup         Distribution = "4" // the group itself is not read
	InheritEvent         Distribution = "5"
)

// Organisation is who made an event or saw something.
type Organisation struct {
	UUID string `json:"uuid"`
	Name string `json:"name"`
}

// Tag is a label, often of a taxonomy: tlp:amber, admiralty-scale:source-reliability="b".
type Tag struct {
	Name   string `json:"name"`
	Colour string `json:"colour,omitempty"`
	Local  bool   `json:"local,omitzero"` // for its own instance alone, as one that is not exportable

	Relationship string `json:"relationship_type,omitempty"` // how it is meant: "targets"
}

// Attribute is one value. Relation is set for one inside an [Object].
type Attribute struct {
	UUID         string       `json:"uuid,omitempty"`
	Type         string       `json:"type"`
	Category     string       `json:"category,omitempty"`
	Value        string       `json:"value"`
	Relation     string       `json:"object_relation,omitempty"`
	ToIDs        bool         `json:"to_ids"` // may be used to detect
	Deleted      bool         `json:"deleted,omitzero"`
	Comment      string       `json:"comment"`
	Timestamp    int64        `json:"timestamp,string"`
	FirstSeen    string       `json:"first_seen,omitempty"` // ISO 8601 with a zone
	LastSeen     string       `json:"last_seen,omitempty"`
	Distribution Distribution `json:"distribution,omitempty"`
	Tags         []Tag        `json:"Tag,omitempty"`
	Galaxies     []Galaxy     `json:"Galaxy,omitempty"`
	Sightings    []Sighting   `json:"Sighting,omitempty"`

	NoCorrelation bool `json:"disable_correlation,omitzero"` // MISP is not to compare it with others
	Analysed
}

// Object is several attributes that describe one thing by a template (file, person, domain-ip).
type Object struct {
	UUID            string       `json:"uuid"`
	Name            string       `json:"name"`
	MetaCategory    string       `json:"meta-category"`
	Description     string       `json:"description"` // of the template
	TemplateUUID    string       `json:"template_uuid"`
	TemplateVersion string       `json:"template_version"`
	Deleted         bool         `json:"deleted,omitzero"`
	Comment         string       `json:"comment"`
	Timestamp       int64        `json:"timestamp,string"`
	FirstSeen       string       `json:"first_seen,omitempty"`
	LastSeen        string       `json:"last_seen,omitempty"`
	Distribution    Distribution `json:"distribution,omitempty"`
	Attributes      []Attribute  `json:"Attribute,omitempty"`
	References      []Reference  `json:"ObjectReference,omitempty"`
	Analysed
}

// Reference joins an object to another object or to an attribute.
type Reference struct {
	UUID       string `json:"uuid"`
	Object     string `json:"object_uuid"`
	Referenced string `json:"referenced_uuid"`
	Type       string `json:"relationship_type"`
	Comment    string `json:"comment"`
	Timestamp  int64  `json:"timestamp,string"`
	Deleted    bool   `json:"deleted,omitzero"`
}

// Sighting says that an attribute was seen.
type Sighting struct {
	UUID   string        `json:"uuid"`
	Type   string        `json:"type"` // 0 seen, 1 false positive, 2 expires, 3 true positive
	Date   int64         `json:"date_sighting,string"`
	Source string        `json:"source,omitempty"`
	By     *Organisation `json:"Organisation,omitempty"`
}

// Galaxy is a catalogue of clusters: threat actors, techniques.
type Galaxy struct {
	UUID     string    `json:"uuid"`
	Name     string    `json:"name"`
	Type     string    `json:"type"`
	Clusters []Cluster `json:"GalaxyCluster,omitempty"`
}

// Cluster is one entry of a catalogue.
type Cluster struct {
	UUID        string `json:"uuid"`
	Type        string `json:"type"`
	Value       string `json:"value"`
	TagName     string `json:"tag_name"`
	Description string `json:"description"`
	Source      string `json:"source"`
	Version     int64  `json:"version,string"`

	// Meta is whatever else the catalogue says: synonyms, refs, country, external_id …
	Meta map[string][]string `json:"meta,omitempty"`
}

// Report is a text in Markdown that belongs to an event.
type Report struct {
	UUID         string       `json:"uuid"`
	Name         string       `json:"name"`
	Content      string       `json:"content"`
	Timestamp    int64        `json:"timestamp,string"`
	Deleted      bool         `json:"deleted,omitzero"`
	Distribution Distribution `json:"distribution,omitempty"`
	Analysed
}

// Unmapped is something that one side holds and the other has no place for.
type Unmapped struct {
	Path string // where it stands: Object[2].Attribute[0] in an event, the id in STIX
	Type string // its type there
	Why  string // a clause
}
