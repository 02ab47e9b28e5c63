// Package stix reads, checks and writes STIX 2.1 (OASIS Standard with Errata 01).
//
// An [Object] is the bytes it was received as, plus a decoded head: its type, id, times, creator
// and markings. Nothing is dropped, reordered or reformatted, so custom properties, unknown types
// and extensions survive, and a hash or signature over an object stays true. Properties are read
// by path when they are asked for:
//
//	object, err := stix.ParseObject(data)
//	name, ok := object.String("name")
//	url, ok := object.String("external_references[0].url")
//
// A bundle is read as a stream, one object in memory at a time:
//
//	id, err := stix.ReadBundle(file, stix.Limits{}, func(o stix.Object) error { … })
//
// New objects are built, never edited, and what [Builder.Build] returns is valid:
//
//	object, err := stix.New("indicator").ID(id).Created(now).
//		Set("pattern", "[domain-name:value = 'example.com']").
//		Set("pattern_type", "stix").
//		Set("valid_from", now).
//		Build()
//
// Input is taken to be hostile. JSON that is not I-JSON (RFC 7493: duplicate names, invalid UTF-8,
// lone surrogates) is refused, as is anything over the [Limits]; every refusal is a [Fault] that
// names the place by JSON path. Parsing asks only for what the head needs; [Object.Validate] checks
// an object against the whole of its type's definition.
//
// The package must never open a file or a connection, resolve a reference, follow a URL, or change
// the bytes of an object. It knows one object at a time: rules that need two (a reference that must
// resolve, a revoked object that must not change) belong to the store.
//
// Deterministic ids of cyber-observable objects ([SCOID]) are guessable: whoever holds one can test
// every phone number there is against it in minutes. Treat such an id as the value it was made from.
package stix
