// Package fat reads FAT12, FAT16 and FAT32 volumes, and what deletion has left of
// their files.
//
//	fs, err := fat.Open(image, size)
//
// A deleted file's chain is gone with its table entries: what is given is the run
// of free clusters from its first one on, which is right for a file that was
// not in pieces. It is never taken from clusters that a living file or another
// deleted one has.
//
// The package must never follow a chain further than the volume has clusters.
// Source: Microsoft Extensible Firmware Initiative FAT32 File System
// Specification, 1.03.
package fat
