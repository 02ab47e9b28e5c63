package misp

// templates are the templates of MISP/misp-objects that have a STIX object of their own. Any other
// becomes a grouping, or a note.
var templates = joinedTables(things, people, accounts, money, networks, knowledge)

func joinedTables(tables ...map[string]template) map[string]template {
	all := map[string]template{}
	for _, table := range tables {
		for name, t := range table {
			all[name] = t
		}
	}
	return all
}

// things are files, programs and what machines hold.
var things = map[string]template{
	"file": {
		typ: "file", slots: append(fileHashes(),
			slot{"filename", "name", asText},
			slot{"size-in-bytes", "size", asCount},
			slot{"mimetype", "mime_type", asText},
			slot{"creation-time", "ctime", asTime},
			slot{"modification-time", "mtime", asTime},
			slot{"access-time", "atime", asTime}),
	},
	"image":           {typ: "file", slots: []slot{{"filename", "name", asText}}},
	"leaked-document": {typ: "file", slots: []slot{{"document-name", "name", asText}}},
	"forged-document": {typ: "file", slots: []slot{{"document-name", "name", asText}}},
	"script":          {typ: "file", slots: []slot{{"filename", "name", asText}}},
	"directory": {typ: "directory", slots: []slot{
		{"path", "path", asText},
		{"path-encoding", "path_enc", asText},
		{"creation-time", "ctime", asTime},
		{"modification-time", "mtime", asTime},
		{"access-time", "atime", asTime},
	}, needs: []string{"path"}},
	"android-app": {typ: "software", slots: []slot{{"name", "name", asText}}},
	"software": {typ: "software", slots: []slot{
		{"name", "name", asText},
		{"cpe", "cpe", asText},
		{"swid", "swid", asText},
		{"vendor", "vendor", asText},
		{"version", "version", asText},
	}, needs: []string{"name"}},
	"process": {typ: "process", slots: []slot{
		{"pid", "pid", asCount},
		{"command-line", "command_line", asText},
		{"current-directory", "cwd", asText},
		{"creation-time", "created_time", asTime},
		{"hidden", "is_hidden", asFlag},
	}},
	"mutex": {typ: "mutex", slots: []slot{{"name", "name", asText}}},
	"registry-key": {typ: "windows-registry-key", slots: []slot{
		{"key", "key", asKey},
		{"last-modified", "modified_time", asTime},
	}, needs: []string{"key"}},
	"x509": {typ: "x509-certificate", slots: []slot{
		{"x509-fingerprint-md5", "hashes.MD5", asText},
		{"x509-fingerprint-sha1", "hashes.SHA-1", asText},
		{"x509-fingerprint-sha256", "hashes.SHA-256", asText},
		{"self_signed", "is_self_signed", asFlag},
		{"is_self_signed", "is_self_signed", asFlag},
		{"version", "version", asText},
		{"serial-number", "serial_number", asText},
		{"signature_algorithm", "signature_algorithm", asText},
		{"issuer", "issuer", asText},
		{"validity-not-before", "validity_not_before", asTime},
		{"validity-not-after", "validity_not_after", asTime},
		{"subject", "subject", asText},
		{"pubkey-info-algorithm", "subject_public_key_algorithm", asText},
		{"pubkey-info-modulus", "subject_public_key_modulus", asText},
		{"pubkey-info-exponent", "subject_public_key_exponent", asCount},
	}},
}

func fileHashes() (slots []slot) {
	for _, a := range algorithms {
		slots = append(slots, slot{a.misp, "hashes." + a.stix, asHash})
	}
	return slots
}

// people are those of whom an identity is made, and where they are.
var people = map[string]template{
	"person": {
		typ: "identity", fixed: []property{{"identity_class", "individual"}},
		slots: []slot{
			{"full-name", "name", asText},
			{"alias", "name", asText},
			{"handle", "name", asText},
			{"role", "roles[*]", asText},
			{"text", "description", asText},
		},
		names: []string{"first-name", "middle-name", "last-name"},
		needs: []string{"name"},
	},
	"employee": {
		typ: "identity", fixed: []property{{"identity_class", "individual"}},
		slots: []slot{{"full-name", "name", asText}, {"employee-type", "roles[*]", asText}, {"text", "description", asText}},
		names: []string{"first-name", "last-name"},
		needs: []string{"name"},
	},
	"interpol-notice": {
		typ: "identity", fixed: []property{{"identity_class", "individual"}},
		names: []string{"forename", "present-family-name"}, needs: []string{"name"},
	},
	"organization": organization("name", "description"),
	"legal-entity": organization("name", "text"),
	"news-agency":  organization("name", ""),
	"news-media":   organization("source", ""),
	"victim":       victim(),
	"identity": {
		typ: "identity",
		slots: []slot{
			{"name", "name", asText},
			{"identity_class", "identity_class", asText},
			{"description", "description", asText},
			{"roles", "roles[*]", asText},
			{"sectors", "sectors[*]", asText},
			{"contact_information", "contact_information", asText},
		},
		needs: []string{"name"},
	},
	"geolocation": {
		typ: "location", slots: []slot{
			{"latitude", "latitude", asNumber},
			{"longitude", "longitude", asNumber},
			{"accuracy-radius", "precision", asNumber},
			{"countrycode", "country", asText},
			{"country", "country", asText},
			{"region", "administrative_area", asText},
			{"city", "city", asText},
			{"address", "street_address", asText},
			{"zipcode", "postal_code", asText},
			{"text", "description", asText},
		},
	},
	"postal-address": {
		typ: "location", slots: []slot{
			{"country", "country", asText},
			{"state", "administrative_area", asText},
			{"province", "administrative_area", asText},
			{"city", "city", asText},
			{"street", "street_address", asText},
			{"postal-code", "postal_code", asText},
			{"description", "description", asText},
		},
	},
}

func organization(name, description string) template {
	t := template{
		typ: "identity", fixed: []property{{"identity_class", "organization"}},
		slots: []slot{{name, "name", asText}, {"alias", "name", asText}, {"commercial-name", "name", asText}, {"role", "roles[*]", asText}, {"sector", "sectors[*]", asText}, {"contact_information", "contact_information", asText}},
		needs: []string{"name"},
	}
	if description != "" {
		t.slots = append(t.slots, slot{description, "description", asText})
	}
	return t
}

// victim is an organisation that was hit.
func victim() template {
	t := organization("name", "description")
	t.slots = append(t.slots, slot{"roles", "roles[*]", asText}, slot{"sectors", "sectors[*]", asText})
	return t
}
