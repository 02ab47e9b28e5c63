package release

// manner is how a property of the original becomes a property of the tearline. There is no manner
// that copies free text of the original; the nearest is asName, which no default policy uses.
type manner int

const (
	asWords      manner = iota // the analyst's words for this object, never the original's
	asName                     // the original's own name, for a policy that says so
	asVocabulary               // the value, when it is a word of the named STIX vocabulary
	asTime                     // a time, down to the grain
	asEnd                      // the end of an interval, up to the next step of the grain
	asCount                    // a whole number
	asPlace                    // a coordinate in whole degrees, where the grain shows degrees
	asReference                // the new id of an object that is in the tearline
	asReferences               // those of a list that are in the tearline
	asSelector                 // the value of a cleared selector, in normal form
	asPattern                  // an indicator pattern, written anew from cleared selectors
)

// property is what may become of one property.
type property struct {
	manner     manner
	vocabulary string // for asVocabulary: the name of its list
	list       bool   // for asVocabulary: a list of words
	required   bool   // without it the object is not written
	least      int64  // for asCount: the smallest that STIX allows
}

// form is everything that a tearline's object of one type may hold beside what every object holds.
type form struct {
	observable bool // a cyber-observable: no created, modified or created_by_ref
	properties map[string]property
	fixed      []string // properties that Build writes itself, with values it chose
}

// forms is the whole vocabulary of a tearline: no policy can reach outside it, [Check] finds and
// [Verify] refuses whatever is not in it. It is read and never written.
var forms = map[string]form{
	"report": {
		properties: map[string]property{
			"name": {manner: asWords}, "description": {manner: asWords},
			"report_types": {manner: asVocabulary, vocabulary: "report-type-ov", list: true},
		},
		fixed: []string{"name", "published", "object_refs", "labels", "confidence", "external_references"},
	},
	"indicator": {
		properties: map[string]property{
			"name": {manner: asWords}, "description": {manner: asWords},
			"indicator_types": {manner: asVocabulary, vocabulary: "indicator-type-ov", list: true},
			"pattern":         {manner: asPattern, required: true},
			"valid_from":      {manner: asTime, required: true},
			"valid_until":     {manner: asEnd},
		},
		fixed: []string{"pattern_type"},
	},
	"observed-data": {properties: map[string]property{
		"first_observed":  {manner: asTime, required: true},
		"last_observed":   {manner: asTime, required: true},
		"number_observed": {manner: asCount, required: true, least: 1},
		"object_refs":     {manner: asReferences, required: true},
	}},
	"sighting": {properties: map[string]property{
		"first_seen": {manner: asTime}, "last_seen": {manner: asTime}, "count": {manner: asCount},
		"description":        {manner: asWords},
		"sighting_of_ref":    {manner: asReference, required: true},
		"observed_data_refs": {manner: asReferences},
		"where_sighted_refs": {manner: asReferences},
	}},
	"relationship": {properties: map[string]property{
		"relationship_type": {manner: asVocabulary, vocabulary: "relationship-type", required: true},
		"description":       {manner: asWords},
		"source_ref":        {manner: asReference, required: true},
		"target_ref":        {manner: asReference, required: true},
		"start_time":        {manner: asTime}, "stop_time": {manner: asEnd},
	}},
	"identity": {
		properties: map[string]property{
			"name": {manner: asName}, "description": {manner: asWords},
			"identity_class": {manner: asVocabulary, vocabulary: "identity-class-ov"},
			"sectors":        {manner: asVocabulary, vocabulary: "industry-sector-ov", list: true},
		},
		fixed: []string{"name"},
	},
	"incident": {
		properties: map[string]property{"name": {manner: asWords}, "description": {manner: asWords}},
		fixed:      []string{"name"},
	},
	"campaign": {
		properties: map[string]property{
			"name": {manner: asWords}, "description": {manner: asWords},
			"first_seen": {manner: asTime}, "last_seen": {manner: asTime},
		},
		fixed: []string{"name"},
	},
	"attack-pattern": {
		properties: map[string]property{"name": {manner: asWords}, "description": {manner: asWords}},
		fixed:      []string{"name"},
	},
	"location": {
		properties: map[string]property{
			"region":   {manner: asVocabulary, vocabulary: "region-ov"},
			"country":  {manner: asVocabulary, vocabulary: "country"},
			"latitude": {manner: asPlace}, "longitude": {manner: asPlace},
		},
		fixed: []string{"precision"},
	},

	"phone-number": observable("value", "extensions"),
	"email-addr":   observable("value"),
	"url":          observable("value"),
	"domain-name":  observable("value"),
	"file":         observable("hashes"),
	"user-account": observable("account_login", "account_type"),
	"artifact":     {observable: true, fixed: []string{"mime_type", "payload_bin"}}, // a picture, drawn anew
}

// observable is the form of an observable that is one selector and nothing else.
func observable(value string, fixed ...string) form {
	return form{
		observable: true,
		properties: map[string]property{value: {manner: asSelector, required: true}},
		fixed:      fixed,
	}
}
