// Package partition reads how a disk is divided: the partition tables of PCs (MBR,
// with logical partitions) and GPT.
//
//	table, err := partition.Read(disk, size)
//
// A table is written by an enemy. What lies outside of the disk, on another
// partition or in a ring is left out, with a problem; the rest is given.
//
// The package must never read more entries than a table may have. Source: UEFI
// Specification 2.10, section 5.
package partition
