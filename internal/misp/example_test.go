package misp_test

import (
	"fmt"
	"strings"

	"parley/internal/misp"
)

func Example() {
	events, err := misp.Read(strings.NewReader(`{"Event": {
		"uuid": "6f1c64ad-3e19-4b8c-9c57-8a6de0f0a0c1", "info": "A caller", "date": "2026-03-01", "timestamp": "1772355600",
		"Tag": [{"name": "tlp:red"}],
		"Attribute": [
			{"uuid": "0b0e7a52-6f0c-4f7e-8f5e-3f1d3b9f6a01", "type": "phone-number", "value": "(202) 555-0147", "to_ids": "1"},
			{"uuid": "0b0e7a52-6f0c-4f7e-8f5e-3f1d3b9f6a02", "type": "ip-dst", "value": "300.1.2.3"}
		]}}`), misp.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	objects, unmapped, err := misp.ToSTIX(events[0], misp.Options{Region: "US"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range objects[2:] {
		fmt.Println(o.Type())
	}
	for _, u := range unmapped {
		fmt.Printf("%s (%s): %s\n", u.Path, u.Type, u.Why)
	}
	// Output:
	// marking-definition
	// phone-number
	// indicator
	// note
	// report
	// Attribute[1] (ip-dst): 300.1.2.3 is neither an address nor a network; it is a note
}
