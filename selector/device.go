package selector

import (
	"errors"
	"strings"
)

var errDevice = errors.New("a device's id is a UUID, 16 hexadecimal digits of Android, or 25 or 40 characters of Apple")

// normalDevice reads what a device, an installation or its advertising is known
// by: a UUID (RFC 9562), an Android id, an Apple UDID of the old form and the new.
func normalDevice(raw string) (string, error) {
	s := strings.ToLower(strings.Trim(raw, "{}"))
	switch {
	case len(s) == 36 && isUUID(s), len(s) == 16 && isHex(s), len(s) == 40 && isHex(s):
	case len(s) == 25 && s[8] == '-' && isHex(s[:8]) && isHex(s[9:]):
	default:
		return "", errDevice
	}
	if monotone(s) {
		return "", errors.New("it is a filler: people who refuse advertising all have the same")
	}
	return s, nil
}

func isUUID(s string) bool {
	for i := range len(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
		} else if classes[s[i]]&classHex == 0 {
			return false
		}
	}
	return true
}

// deviceToken reads a long word that its label calls a device's id: a UUID alone
// may be anything.
func (f *Finder) deviceToken(text string, start, end int) bool {
	switch raw := text[start:end]; len(raw) {
	case 16, 40:
		if !isHex(raw) {
			return false
		}
	case 25, 36:
		if raw[8] != '-' {
			return false
		}
	default:
		return false
	}
	value, err := normalDevice(text[start:end])
	if err != nil || f.label(text, start) != labelDevice {
		return false
	}
	f.add(text, Device, start, end, value, High)
	return true
}
