package misp

import (
	"errors"
	"fmt"
	"strings"
)

// algorithms are MISP's names of hashes and STIX's. Those from sha224 on are in no vocabulary of STIX,
// which lets other names pass.
var algorithms = []algorithm{
	{"md5", "MD5"},
	{"sha1", "SHA-1"},
	{"sha256", "SHA-256"},
	{"sha512", "SHA-512"},
	{"sha3-256", "SHA3-256"},
	{"sha3-512", "SHA3-512"},
	{"ssdeep", "SSDEEP"},
	{"tlsh", "TLSH"},
	{"sha224", "SHA-224"},
	{"sha384", "SHA-384"},
	{"sha3-224", "SHA3-224"},
	{"sha3-384", "SHA3-384"},
	{"imphash", "IMPHASH"},
	{"authentihash", "AUTHENTIHASH"},
	{"sha512/224", "SHA-512-224"},
	{"sha512/256", "SHA-512-256"},
	{"vhash", "VHASH"},
	{"impfuzzy", "IMPFUZZY"},
	{"pehash", "PEHASH"},
	{"telfhash", "TELFHASH"},
	{"cdhash", "CDHASH"},
}

type algorithm struct{ misp, stix string }

// digests are hashes alone, with a file's name, and of certificates. A malware sample's value is the
// name and MD5 of a file; the sample itself is not taken.
func digests() (rows []entry) {
	for _, a := range algorithms {
		rows = append(rows, digest(a.misp, "file", a.stix)...)
		if a.misp != "telfhash" && a.misp != "cdhash" { // which stand with no name in MISP
			rows = append(rows, fileWith("filename|"+a.misp, a.stix)...)
		}
	}
	for _, a := range algorithms[:3] {
		rows = append(rows, digest("x509-fingerprint-"+a.misp, "x509-certificate", a.stix)...)
	}
	return append(rows, fileWith("malware-sample", "MD5")...)
}

func digest(typ, stixType, algorithm string) []entry {
	return named(typ, []string{"hashes." + algorithm}, func(v string, _ Options) ([]sketch, error) {
		if strings.ContainsAny(v, " \t\r\n") {
			return nil, fmt.Errorf("%s is not a hash", shown(v))
		}
		return []sketch{{stixType, []property{{"hashes", map[string]string{algorithm: v}}}}}, nil
	})
}

func fileWith(typ, algorithm string) []entry {
	return named(typ, []string{"name", "hashes." + algorithm}, func(v string, _ Options) ([]sketch, error) {
		bar := strings.LastIndexByte(v, '|')
		if bar < 0 {
			return nil, fmt.Errorf("%s is not a file's name and its hash with | between them", shown(v))
		}
		return []sketch{{"file", []property{
			{"hashes", map[string]string{algorithm: v[bar+1:]}}, {"name", v[:bar]},
		}}}, nil
	})
}

// statements are attributes that are words about something, and rules of detectors.
func statements() (rows []entry) {
	said := func(typ, stixType, name string, more ...property) {
		rows = append(rows, entry{typ, form{
			at: []string{name}, silent: true,
			sketch: func(v string, _ Options) ([]sketch, error) {
				if strings.TrimSpace(v) == "" {
					return nil, errors.New("is empty")
				}
				return []sketch{{stixType, append([]property{{name, v}}, more...)}}, nil
			},
		}})
	}
	said("comment", "note", "content")
	said("text", "note", "content")
	said("other", "note", "content")
	said("threat-actor", "threat-actor", "name")
	said("campaign-name", "campaign", "name")
	rows = append(rows, vulnerability)
	said("full-name", "identity", "name", property{"identity_class", "individual"})
	said("target-org", "identity", "name", property{"identity_class", "organization"})
	said("target-user", "identity", "name", property{"identity_class", "individual"})
	said("target-machine", "identity", "name", property{"identity_class", "system"})
	said("target-external", "identity", "name", property{"identity_class", "unknown"})
	said("whois-registrant-name", "identity", "name", property{"identity_class", "individual"})
	said("whois-registrant-org", "identity", "name", property{"identity_class", "organization"})
	said("whois-registrar", "identity", "name", property{"identity_class", "organization"})
	for typ, language := range rules {
		said(typ, "indicator", "pattern", property{"pattern_type", language})
	}
	return rows
}

// noteOf is the form of an attribute that has no object of its own in STIX, or whose value does not
// fit it: a note of the value, under the name of the type.
func noteOf(typ string) form {
	return form{
		at: []string{"content"}, silent: true,
		sketch: func(v string, _ Options) ([]sketch, error) {
			if strings.TrimSpace(v) == "" {
				return nil, errors.New("is empty")
			}
			return []sketch{{"note", []property{{"abstract", typ}, {"content", v}}}}, nil
		},
	}
}

// rules are attributes whose value is a pattern, and STIX's name of its language.
var rules = map[string]string{
	"yara": "yara", "sigma": "sigma", "snort": "snort", "suricata": "suricata", "stix2-pattern": "stix",
}

// vulnerability is named by its CVE number, which STIX asks for as a reference too.
var vulnerability = entry{"vulnerability", form{
	at: []string{"name"}, silent: true,
	sketch: func(v string, _ Options) ([]sketch, error) {
		set := []property{{"name", v}}
		if strings.HasPrefix(v, "CVE-") {
			set = append(set, property{"external_references", []map[string]string{{"source_name": "cve", "external_id": v}}})
		}
		return []sketch{{"vulnerability", set}}, nil
	},
}}
