// Package stixtest helps to test what reads and writes STIX 2.1.
//
// [Examples] has one good object of every type, [Object] draws random ones, and [Validate] has the
// validator of OASIS judge a bundle, where it is installed:
//
//	stixtest.Validate(t, bundle)
//
// It must never be imported by anything but tests.
package stixtest
