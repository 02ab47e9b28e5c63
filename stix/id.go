package stix

import (
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"
)

// ID is a STIX identifier, "indicator--e2e1a340-4415-4ba8-9671-f7343fbf0836" (section 2.9).
type ID string

const uuidLength = 36

// ParseID checks that s is a type name, two hyphens and a UUID of any version, since published data
// uses several. Capitals in the UUID are accepted too, and made small: RFC 4122 takes both for the
// same UUID, and an ID is compared byte by byte.
func ParseID(s string) (ID, error) {
	cut := len(s) - uuidLength - 2
	if cut < 1 || s[cut:cut+2] != "--" {
		return "", fmt.Errorf("stix id %s: must be a type, two hyphens and a UUID", shown(s))
	}
	if !isTypeName(s[:cut]) {
		return "", fmt.Errorf("stix id %s: the type must be 1 to 250 of a–z, 0–9 and single hyphens", shown(s))
	}
	if !isUUID(s[cut+2:]) {
		return "", fmt.Errorf("stix id %s: what follows the type must be a UUID", shown(s))
	}
	for i := cut + 2; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'F' {
			return ID(strings.ToLower(s)), nil
		}
	}
	return ID(s), nil
}

// NewID makes an id of the given type with a random UUID (version 4), as every object but a
// cyber-observable should have.
func NewID(typ string, rand io.Reader) (ID, error) {
	if !isTypeName(typ) {
		return "", fmt.Errorf("new stix id: %s is not a type name; use a–z, 0–9 and single hyphens", shown(typ))
	}
	random, err := uuid.NewRandomFromReader(rand)
	if err != nil {
		return "", fmt.Errorf("new stix id: read random bytes: %w", err)
	}
	return idOf(typ, random), nil
}

func idOf(typ string, u uuid.UUID) ID { return ID(typ + "--" + u.String()) }

// Type gives the part before the UUID, or "" if the id is not well formed.
func (id ID) Type() string {
	cut := len(id) - uuidLength - 2
	if cut < 1 || id[cut:cut+2] != "--" {
		return ""
	}
	return string(id[:cut])
}

// UUID gives the second part, or the zero UUID if the id is not well formed.
func (id ID) UUID() uuid.UUID {
	if id.Type() == "" {
		return uuid.Nil
	}
	parsed, err := uuid.Parse(string(id[len(id)-uuidLength:]))
	if err != nil {
		return uuid.Nil
	}
	return parsed
}

// isTypeName accepts what section 3.1 allows and, because it is in use, names shorter than three.
func isTypeName(s string) bool {
	if s == "" || len(s) > 250 || s[0] == '-' || s[len(s)-1] == '-' || strings.Contains(s, "--") {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// isUUID tells whether s has the shape of a UUID.
func isUUID(s string) bool {
	if len(s) != uuidLength {
		return false
	}
	for i := range len(s) {
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return false
			}
		default:
			if !isHex(s[i]) {
				return false
			}
		}
	}
	return true
}

func isLowerHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' }

func isHex(c byte) bool { return isLowerHex(c) || c >= 'A' && c <= 'F' }

// shown quotes hostile text for an error, cut to a readable length.
func shown(s string) string {
	const most = 80
	if len(s) > most {
		return fmt.Sprintf("%.*q…", most, s)
	}
	return fmt.Sprintf("%q", s)
}
