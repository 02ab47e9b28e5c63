// Package axml reads Android's binary XML, as the manifest in an APK and its other
// resources are written: a pool of strings, and a tree that names them by number.
//
//	document, err := axml.Open(data)
//	err = document.Strings(func(s axml.String) error { … })
//	err = document.Elements(func(e axml.Element) error { … })
//
// Strings are told once each, with the bytes they stand in; attributes hold the
// beginning of theirs. An enemy's strings lie over each other and his chunks in
// themselves: the work is bounded by the file's length.
//
// The package must never look up what a resource stands for in another file. Source:
// Android's frameworks/base/libs/androidfw/include/androidfw/ResourceTypes.h.
package axml
