// Package typed gives STIX 2.1 objects as Go structs, one for each type of the standard, without
// losing what a struct has no field for.
//
//	indicator, err := typed.Read[typed.Indicator](object)
//	indicator.ValidUntil = until
//	indicator.Confidence = new(80)
//	indicator.Modified = now
//	object, err = typed.Write(indicator)
//
// A value remembers the JSON it was read from. [Write] gives those bytes again but for what was
// changed: properties the package does not know, extensions, the order of properties, white space,
// the digits of times and numbers all stay. A list that was changed is written anew, but the elements
// that were in it keep their bytes, with whatever else was in them, wherever in the list they stand.
// A value that was not read but made is written as [stix.Builder] writes it, and must be valid.
//
// A property that may be missing has a zero that means so: nil for pointers, lists and dictionaries,
// the zero [stix.Timestamp], "" for an id. A pointer to false, 0 or "" is a property that is there:
//
//	if indicator.Confidence != nil { … }
//	indicator.Revoked = new(true)
//
// Types and extensions that are not in the standard are structs of your own, which embed one of
// [Versioned], [Observable] and [Part], or one of this package's structs:
//
//	type Vessel struct {
//		typed.Versioned `stix:"x-vessel"`
//		IMO             string  `json:"imo"`
//		Flag            *string `json:"flag,omitzero"`
//	}
//
// A field's name in JSON is that of its json tag, and omitzero says that the property may be missing.
// A field without a tag is passed over.
//
// The package must never validate what it changes of an object that it did not make: what was wrong
// before stays wrong, and [stix.Object.Validate] says so. It must never make a version: whoever
// changes an object sets its modified time, and whoever is not its creator gives it a new id (section
// 3.6 of the standard).
package typed
