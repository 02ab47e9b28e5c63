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
// New objects are built, and what [Builder.Build] returns is valid:
//
//	object, err := stix.New("indicator").ID(id).Created(now).
//		Set("pattern", "[domain-name:value = 'example.com']").
//		Set("pattern_type", "stix").
//		Set("valid_from", now).
//		Build()
//
// The package parley/stix/typed gives objects as structs, and writes a struct that was changed as an
// object that is otherwise the same to the byte.
//
// [Object.Validate] checks an object against the whole of its type's definition, by what must be, by
// what is needed to read it, or by what should be; [Together] checks objects against each other;
// [CheckExtensions] and [CheckTranslation] check an object against another that is about it.
// [Object.MarkingsAt] and [Object.LanguageAt] say what applies to a part of an object, and [Translate]
// gives an object in another language.
//
// Input is taken to be hostile. JSON that is not I-JSON (RFC 7493: duplicate names, invalid UTF-8,
// lone surrogates) is refused, as is anything over the [Limits]; every refusal is a [Fault] that
// names the place by JSON path. Parsing asks only for what the head needs. A bundle of 10 GiB is read
// in the memory of a few objects:
//
//	id, err := stix.ReadBundle(file, stix.Limits{Bytes: 10 << 30}, each)
//
// The package must never open a file or a connection, resolve a reference, follow a URL, or change
// the bytes of an object. Which of two versions to keep, and which of several markings wins, is for
// those who use it.
//
// Deterministic ids of cyber-observable objects ([SCOID]) are guessable: whoever holds one can test
// every phone number there is against it in minutes. Treat such an id as the value it was made from.
package stix
