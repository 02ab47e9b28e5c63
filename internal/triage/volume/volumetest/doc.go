// Package volumetest holds readers of file systems to what every one of them
// promises, in their tests and fuzz targets.
//
//	volumetest.Check(t, fs, size)
//
// The package must never be imported but by tests.
package volumetest
