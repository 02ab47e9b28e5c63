package typed_test

import (
	"fmt"
	"strings"

	"parley/stix"
	"parley/stix/typed"
)

const received = `{
  "type": "indicator", "spec_version": "2.1", "id": "indicator--e2e1a340-4415-4ba8-9671-f7343fbf0836",
  "created": "2026-03-01T09:30:00.000100Z", "modified": "2026-03-01T09:30:00.000100Z",
  "pattern": "[url:value = 'https:\/\/example.com']", "pattern_type": "stix",
  "valid_from": "2026-03-01T09:30:00Z", "x_sender": {"ticket":  7}
}`

// Read an object, change what is one's own to change, and write it. The rest is as it came.
func Example() {
	object, err := stix.ParseObject([]byte(received))
	if err != nil {
		fmt.Println(err)
		return
	}
	indicator, err := typed.Read[typed.Indicator](object)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(indicator.Pattern, indicator.Confidence == nil)

	indicator.Confidence = new(80)
	indicator.Modified = stix.NewTimestamp(indicator.Created.Time().AddDate(0, 0, 1), 3)
	changed, err := typed.Write(indicator)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s\n", changed.Bytes())
	// Output:
	// [url:value = 'https://example.com'] true
	// {
	//   "type": "indicator", "spec_version": "2.1", "id": "indicator--e2e1a340-4415-4ba8-9671-f7343fbf0836",
	//   "created": "2026-03-01T09:30:00.000100Z", "modified": "2026-03-02T09:30:00.000Z",
	//   "pattern": "[url:value = 'https:\/\/example.com']", "pattern_type": "stix",
	//   "valid_from": "2026-03-01T09:30:00Z", "x_sender": {"ticket":  7}, "confidence": 80
	// }
}

// A value that was not read is written as a new object.
func ExampleWrite() {
	file := typed.File{
		Name:   new("invoice.pdf"),
		Hashes: typed.Hashes{"SHA-256": strings.Repeat("0a", 32)},
	}
	if err := file.Extensions.Set(typed.PDFExt{Version: new("1.7")}); err != nil {
		fmt.Println(err)
		return
	}
	object, err := typed.Write(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(object.ID())
	version, _ := object.String("extensions.pdf-ext.version")
	fmt.Println(version)
	// Output:
	// file--ffb1928d-62bb-5670-aa26-83c28ffe8b6a
	// 1.7
}

// Objects of any type, as they come.
func ExampleAny() {
	bundle := `{"type":"bundle","id":"bundle--5d0092c5-5f74-4287-9642-33f4c354e56d","objects":[
		{"type":"domain-name","id":"domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7","value":"example.com"},
		{"type":"x-vessel","id":"x-vessel--e2e1a340-4415-4ba8-9671-f7343fbf0836","imo":"9074729"}]}`
	_, err := stix.ReadBundle(strings.NewReader(bundle), stix.Limits{}, func(o stix.Object) error {
		v, err := typed.Any(o)
		if err != nil {
			return err
		}
		switch v := v.(type) {
		case *typed.DomainName:
			fmt.Println("a domain:", v.Value)
		default:
			imo, _ := o.String("imo")
			fmt.Println("something else:", o.Type(), imo)
		}
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// a domain: example.com
	// something else: x-vessel 9074729
}

// rankExt is an extension of one's own.
type rankExt struct {
	typed.Part    `stix:"extension-definition--d83fce45-ef58-4c6c-a3f4-1fbc32e98c6e"`
	ExtensionType string `json:"extension_type"`
	Rank          *int   `json:"rank,omitzero"`
}

func ExampleExtension() {
	object, err := stix.ParseObject([]byte(`{"type":"tool","id":"tool--e2e1a340-4415-4ba8-9671-f7343fbf0836","name":"n","extensions":
		{"extension-definition--d83fce45-ef58-4c6c-a3f4-1fbc32e98c6e":{"extension_type":"property-extension","rank":5}}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	tool, err := typed.Read[typed.Tool](object)
	if err != nil {
		fmt.Println(err)
		return
	}
	extension, ok, err := typed.Extension[rankExt](tool.Extensions)
	if err != nil || !ok {
		fmt.Println(ok, err)
		return
	}
	fmt.Println(*extension.Rank)
	// Output: 5
}
