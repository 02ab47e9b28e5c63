// Package volume says what a file system shows to a reader of evidence: its files,
// living and deleted, and where the bytes of each lie.
//
// The packages below it read one file system each: fat, exfat, ext, ntfs. Each has
// Open, which gives [ErrOther] where the volume is of another kind, and
// a [FileSystem].
//
//	fs, err := fat.Open(image, size)
//	err = fs.Files(ctx, volume.Limits{}, func(f volume.File) error { … })
//
// A volume is written by an enemy: sizes lie, chains and folders run in rings,
// extents point anywhere. A reader never writes, never follows a link, asks a
// limit before it takes memory or time, and gives a [File] with its Problem where
// it cannot go on; the other files are given all the same.
//
// [Claims] gathers the bytes of files, and gives what belongs to none: free
// space, the ends of last clusters, the file system's own records.
package volume
