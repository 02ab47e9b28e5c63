package stix_test

import (
	"fmt"
	"os"
	"strings"

	"parley/stix"
)

func ExampleParseObject() {
	object, err := stix.ParseObject([]byte(`{"type": "url", "id": "url--c1477287-23ac-5971-a010-5c287877fa60",
		"value": "https://example.com/research/index.html", "x_seen": ["2026-03-01"]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	value, _ := object.String("value")
	seen, _ := object.String("x_seen[0]")
	fmt.Println(object.Type(), value, seen)
	// Output: url https://example.com/research/index.html 2026-03-01
}

func ExampleReadBundle() {
	bundle := `{"type":"bundle","id":"bundle--5d0092c5-5f74-4287-9642-33f4c354e56d","objects":[
		{"type":"mutex","id":"mutex--eba44954-d4e4-5d3b-814c-2b17dd8de300","name":"__CLEANSWEEP__"},
		{"type":"mutex","id":"mutex--1"}]}`
	_, err := stix.ReadBundle(strings.NewReader(bundle), stix.Limits{}, func(o stix.Object) error {
		fmt.Println("read", o.ID())
		return nil
	})
	fmt.Println(err)
	// Output:
	// read mutex--eba44954-d4e4-5d3b-814c-2b17dd8de300
	// read bundle: objects[1].id: stix id "mutex--1": must be a type, two hyphens and a UUID (byte 178)
}

func ExampleNew() {
	object, err := stix.New("ipv4-addr").Set("value", "198.51.100.3").Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	stix.WriteBundle(os.Stdout, "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d", []stix.Object{object})
	// Output:
	// {"type":"bundle","id":"bundle--5d0092c5-5f74-4287-9642-33f4c354e56d","objects":[
	// {"type":"ipv4-addr","spec_version":"2.1","id":"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4","value":"198.51.100.3"}
	// ]}
}

func ExampleObject_MarkingsAt() {
	object, err := stix.ParseObject([]byte(`{"type":"identity","id":"identity--e2e1a340-4415-4ba8-9671-f7343fbf0836","name":"Example Ltd","labels":["a","b"],
		"object_marking_refs":["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"],
		"granular_markings":[{"marking_ref":"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1","selectors":["labels"]},
			{"lang":"de","selectors":["name"]}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, path := range []string{"name", "labels[1]"} {
		for _, id := range object.MarkingsAt(path) {
			level, _ := stix.TLPLevel(id)
			fmt.Println(path, object.LanguageAt(path), level)
		}
	}
	// Output:
	// name de green
	// labels[1] en green
	// labels[1] en red
}

func ExampleTranslate() {
	object, _ := stix.ParseObject([]byte(`{"type":"campaign","id":"campaign--e2e1a340-4415-4ba8-9671-f7343fbf0836",
		"modified":"2026-03-02T09:30:00.000Z","name":"Bank attack","aliases":["one","two"]}`))
	content, _ := stix.ParseObject([]byte(`{"type":"language-content","id":"language-content--e2e1a340-4415-4ba8-9671-f7343fbf0836",
		"object_ref":"campaign--e2e1a340-4415-4ba8-9671-f7343fbf0836","object_modified":"2026-03-02T09:30:00.000Z",
		"contents":{"de":{"name":"Angriff auf eine Bank","aliases":["","zwei"],"goal":"Geld"}}}`))
	for _, fault := range stix.CheckTranslation(object, content) {
		fmt.Println(&fault)
	}
	german, err := stix.Translate(object, content, "de-AT")
	if err != nil {
		fmt.Println(err)
		return
	}
	name, _ := german.Object.String("name")
	aliases, _ := german.Object.Strings("aliases")
	fmt.Println(name, aliases, german.Paths)
	// Output:
	// contents.de.goal: there is no such property in the object
	// Angriff auf eine Bank [one zwei] [name aliases[1]]
}

func ExampleTogether() {
	bundle := `{"type":"bundle","id":"bundle--5d0092c5-5f74-4287-9642-33f4c354e56d","objects":[
		{"type":"url","id":"url--47c3cf9a-5027-5bf0-997a-017c7edc7c55","value":"https://example.com/research/index.html"},
		{"type":"url","id":"url--47c3cf9a-5027-5bf0-997a-017c7edc7c55","value":"https://example.com/another"}]}`
	var together stix.Together
	if _, err := stix.ReadBundle(strings.NewReader(bundle), stix.Limits{}, together.Add); err != nil {
		fmt.Println(err)
	}
	for _, fault := range together.Faults() {
		fmt.Println(&fault)
	}
	// Output:
	// objects[1]: is of the same id and version as objects[0] and says something else
	// objects[1].id: is a UUID of version 5, but not url--f0fc3b04-2765-5cc2-882f-008891625a17, which its properties make
}
