package stix

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"parley/stix/internal/scan"
)

// Namespace is the UUID namespace of deterministic ids (STIX 2.1 section 2.9). Only ids made by
// the rules of [SCOID] may use it.
var Namespace = uuid.MustParse("00abedb4-aa42-466c-9c01-fed23315a9b7")

// ErrRandomID is returned by [SCOID] for an object that has no deterministic id, because its type
// has no contributing properties or it holds none of them. Use [NewID] for it.
var ErrRandomID = errors.New("the object has none of the properties that make an id; give it a random one")

// contributing lists the ID Contributing Properties of each cyber-observable type (section 6).
var contributing = map[string][]string{
	"artifact":             {"hashes", "payload_bin"},
	"autonomous-system":    {"number"},
	"directory":            {"path"},
	"domain-name":          {"value"},
	"email-addr":           {"value"},
	"email-message":        {"from_ref", "subject", "body"},
	"file":                 {"hashes", "name", "extensions", "parent_directory_ref"},
	"ipv4-addr":            {"value"},
	"ipv6-addr":            {"value"},
	"mac-addr":             {"value"},
	"mutex":                {"name"},
	"network-traffic":      {"start", "end", "src_ref", "dst_ref", "src_port", "dst_port", "protocols", "extensions"},
	"process":              {},
	"software":             {"name", "cpe", "swid", "vendor", "version"},
	"url":                  {"value"},
	"user-account":         {"account_type", "user_id", "account_login"},
	"windows-registry-key": {"key", "values"},
	"x509-certificate":     {"hashes", "serial_number"},
}

// DeterministicID makes an id with a UUID of version 5 over the RFC 8785 form of the JSON object
// with the given properties. Values may be anything that writes as JSON.
func DeterministicID(typ string, contributing map[string]any) (ID, error) {
	if !isTypeName(typ) {
		return "", fmt.Errorf("deterministic id: %s is not a type name; use a–z, 0–9 and single hyphens", shown(typ))
	}
	if len(contributing) == 0 {
		return "", fmt.Errorf("deterministic id of %s: %w", typ, ErrRandomID)
	}
	data, err := json.Marshal(contributing)
	if err != nil {
		return "", fmt.Errorf("deterministic id of %s: %w", typ, err)
	}
	return hashedID(typ, data)
}

// SCOID makes the deterministic id that a cyber-observable of a standard type should have, from its
// contributing properties (sections 2.9 and 6). Of several hashes one is taken: the first there is
// of MD5, SHA-1, SHA-256 and SHA-512, else the first by name.
func SCOID(o Object) (ID, error) {
	names, known := contributing[o.Type()]
	if !known {
		return "", fmt.Errorf("deterministic id: %s is not a standard cyber-observable type; use DeterministicID", shown(o.Type()))
	}
	return idFromProperties(o.Type(), names, func(name string) []byte {
		value, _ := o.Raw(name)
		return value
	})
}

// idFromProperties hashes those of the named properties that get finds.
func idFromProperties(typ string, names []string, get func(string) []byte) (ID, error) {
	data := []byte{'{'}
	for _, name := range names {
		value := get(name)
		if value == nil {
			continue
		}
		if name == "hashes" {
			value = oneHash(value)
		}
		if len(data) > 1 {
			data = append(data, ',')
		}
		data = append(append(data, '"'), name...) // the names above need no escapes
		data = append(append(data, '"', ':'), value...)
	}
	if len(data) == 1 {
		return "", fmt.Errorf("deterministic id of %s: %w", typ, ErrRandomID)
	}
	return hashedID(typ, append(data, '}'))
}

func hashedID(typ string, object []byte) (ID, error) {
	canonical, err := Canonical(object)
	if err != nil {
		return "", fmt.Errorf("deterministic id of %s: %w", typ, err)
	}
	return idOf(typ, uuid.NewSHA1(Namespace, canonical)), nil
}

// oneHash reduces a hashes dictionary to the one that contributes to an id.
func oneHash(hashes []byte) []byte {
	chosen := ""
	for name := range scan.Members(hashes) {
		if chosen == "" || preferred(string(name), chosen) {
			chosen = string(name)
		}
	}
	if chosen == "" {
		return hashes
	}
	quoted, err := jsontext.AppendQuote([]byte{'{'}, chosen)
	if err != nil { // invalid UTF-8, which no accepted object contains
		return hashes
	}
	return append(append(append(quoted, ':'), child(hashes, step{name: chosen})...), '}')
}

// preferred tells whether hash a is taken before hash b.
func preferred(a, b string) bool {
	if rankOfHash(a) != rankOfHash(b) {
		return rankOfHash(a) < rankOfHash(b)
	}
	return a < b
}

func rankOfHash(name string) int {
	switch name {
	case "MD5":
		return 0
	case "SHA-1":
		return 1
	case "SHA-256":
		return 2
	case "SHA-512":
		return 3
	}
	return 4
}
