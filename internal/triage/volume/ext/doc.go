// Package ext reads ext2, ext3 and ext4 volumes, and what deletion has left of
// their files.
//
//	fs, err := ext.Open(image, size)
//
// Deletion on ext2 leaves an inode's pointers; on ext3 and ext4 it clears them, so
// that only names are left, in the gaps of folders, and the blocks are free
// space. A deleted file is given where its pointers stand and its blocks are free.
//
// A file with several names is given under the first one met. The journal is not
// replayed: a volume taken from a running machine is read as it lies.
//
// The package must never go through an extent tree or pointers further than the
// volume has blocks. Source: Linux kernel documentation, filesystems/ext4.
package ext
