// Package ntfs reads NTFS volumes, and what deletion has left of their files.
//
//	fs, err := ntfs.Open(image, size)
//
// Files are given in the order of the master file table, with their path by the
// folders that their names point to. A stream with a name of its own is a file
// called "name:stream". Compressed files are unpacked as they are read; encrypted
// ones and those that Windows 10 compacted are given with a problem. The volume's
// own records are no files: they are scanned raw.
//
// A deleted file keeps its record and where its clusters were. It is given when
// the bitmap calls all of them free and no other deleted file was given them.
//
// The package must never follow records, runs or parents in a ring. Source: the
// Linux-NTFS project's documentation, and [MS-XCA] section 2.5 for LZNT1.
package ntfs
