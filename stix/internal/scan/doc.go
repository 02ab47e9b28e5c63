// Package scan walks and changes JSON that is already known to be valid I-JSON, without decoding what
// it is not asked for. It stands beneath the packages stix and stix/typed, which keep an object as the
// bytes it was received as.
//
// It must never be given text that has not been found valid: it looks for the ends of values only and
// would read nonsense as some value or other, though it neither panics nor reads past the end.
//
//	for name, value := range scan.Members(object) { … }
//	changed := scan.Splice(object, []scan.Change{{Name: "name", Value: []byte(`"new"`)}})
package scan
