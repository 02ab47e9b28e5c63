package stix

import (
	"fmt"
)

// The four markings of TLP 1, which every STIX tool knows (section 7.2.1.4).
const (
	TLPWhite ID = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"
	TLPGreen ID = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"
	TLPAmber ID = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"
	TLPRed   ID = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
)

// The five markings of TLP 2.0, and the extension they are written with, as OASIS published them
// (cti-stix-common-objects, extension definition TLP 2.0, schema of 2022). A tool need not know
// them, so a bundle that refers to one should carry it: [TLP2] gives the objects.
const (
	TLP2Clear       ID = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"
	TLP2Green       ID = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
	TLP2Amber       ID = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
	TLP2AmberStrict ID = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
	TLP2Red         ID = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"

	TLP2Extension ID = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
)

var tlp1 = map[string]ID{"white": TLPWhite, "green": TLPGreen, "amber": TLPAmber, "red": TLPRed}

var tlp2 = map[string]ID{
	"clear": TLP2Clear, "green": TLP2Green, "amber": TLP2Amber, "amber+strict": TLP2AmberStrict, "red": TLP2Red,
}

// TLP1 gives the marking object of a TLP 1 level: white, green, amber or red.
func TLP1(level string) (Object, error) {
	id, ok := tlp1[level]
	if !ok {
		return Object{}, fmt.Errorf("tlp 1 marking: %s is not a level; use white, green, amber or red", shown(level))
	}
	return New("marking-definition").ID(id).
		Created(fixedTime("2017-01-20T00:00:00.000Z")).
		Set("name", nameOfTLP(level)).
		Set("definition_type", "tlp").
		Set("definition", map[string]string{"tlp": level}).
		Build()
}

// TLP2 gives the marking object of a TLP 2.0 level: clear, green, amber, amber+strict or red.
func TLP2(level string) (Object, error) {
	id, ok := tlp2[level]
	if !ok {
		return Object{}, fmt.Errorf("tlp 2 marking: %s is not a level; use clear, green, amber, amber+strict or red", shown(level))
	}
	return New("marking-definition").ID(id).
		Created(fixedTime("2022-10-01T00:00:00.000Z")).
		Set("name", nameOfTLP(level)).
		Set("extensions", map[ID]any{TLP2Extension: map[string]string{
			"extension_type": "property-extension",
			"tlp_2_0":        level,
		}}).
		Build()
}

// TLPLevel gives the level of a TLP marking of either version ("white", "amber+strict") by its id.
func TLPLevel(id ID) (level string, ok bool) {
	for _, version := range []map[string]ID{tlp1, tlp2} {
		for level, marking := range version {
			if marking == id {
				return level, true
			}
		}
	}
	return "", false
}

// Statement makes a marking that says something in words: a copyright, terms of use.
func Statement(id ID, created Timestamp, statement string) (Object, error) {
	return New("marking-definition").ID(id).
		Created(created).
		Set("definition_type", "statement").
		Set("definition", map[string]string{"statement": statement}).
		Build()
}

// fixedTime is the time in a published object, which is known to be well formed.
func fixedTime(s string) Timestamp {
	t, _ := ParseTimestamp(s)
	return t
}

// nameOfTLP writes a level as its name, "TLP:AMBER+STRICT".
func nameOfTLP(level string) string {
	name := []byte("TLP:" + level)
	for i, c := range name {
		if c >= 'a' && c <= 'z' {
			name[i] = c - 'a' + 'A'
		}
	}
	return string(name)
}
