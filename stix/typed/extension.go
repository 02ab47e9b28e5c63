package typed

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// Extensions are the extensions of an object, by the id of the extension's definition or the name of
// one that the standard itself defines (section 3.2). The values are JSON; [Extension] reads one and
// [Extensions.Set] writes one. To take one out, use delete.
type Extensions map[string]json.RawMessage

// Extension reads the extension that T is for: one of the standard's, such as [PDFExt], or a struct of
// your own that embeds Part with the extension's key as its tag:
//
//	type Rank struct {
//		typed.Part    `stix:"extension-definition--d83fce45-ef58-4c6c-a3f4-1fbc32e98c6e"`
//		ExtensionType string `json:"extension_type"`
//		Rank          *int   `json:"rank,omitzero"`
//	}
//
// Ok is false if the object does not have it. The error wraps a *[stix.Fault] whose path starts at the
// extension.
func Extension[T any](all Extensions) (value T, ok bool, err error) {
	v := reflect.ValueOf(&value).Elem()
	key, err := extensionKey(v.Type())
	if err != nil {
		return value, false, err
	}
	raw, ok := all[key]
	if !ok {
		return value, false, nil
	}
	if fault := decode(raw, v); fault != nil {
		return *new(T), false, fmt.Errorf("read extension %s: %w", key, fault)
	}
	return value, true, nil
}

// Set puts an extension into the dictionary, in place of the one with its key if there is one. An
// extension that was read keeps what its struct has no field for.
func (e *Extensions) Set(extension any) error {
	v, err := addressable(extension)
	if err != nil {
		return err
	}
	key, err := extensionKey(v.Type())
	if err != nil {
		return err
	}
	text, err := encodeStruct(v)
	if err != nil {
		return fmt.Errorf("write extension %s: %w", key, err)
	}
	if *e == nil {
		*e = Extensions{}
	}
	(*e)[key] = text
	return nil
}

func extensionKey(t reflect.Type) (string, error) {
	p, err := planOf(t)
	if err != nil {
		return "", fmt.Errorf("extension: %w", err)
	}
	if p.name == "" {
		return "", fmt.Errorf("extension: the Part of %s must have the key of its extension as its stix tag", t)
	}
	return p.name, nil
}
