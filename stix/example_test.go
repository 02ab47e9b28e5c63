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
