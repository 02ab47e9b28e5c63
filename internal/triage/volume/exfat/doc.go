// Package exfat reads exFAT volumes, and what deletion has left of their files.
//
//	fs, err := exfat.Open(image, size)
//
// A deleted file keeps its first cluster and whether it lay in one run. Its
// clusters are given from the first one on as long as the allocation bitmap
// calls them free and no other deleted file was given them.
//
// The package must never follow a chain further than the volume has clusters.
// Source: Microsoft exFAT file system specification, revision 1.00.
package exfat
