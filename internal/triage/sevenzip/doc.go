// Package sevenzip reads 7z archives.
//
//	archive, err := sevenzip.Open(file, size, sevenzip.Limits{})
//	for i, f := range archive.Files {
//		content, err := archive.Open(i)
//		…
//	}
//
// It unpacks LZMA, LZMA2, Deflate, BZip2 and what is only stored, with the Delta and
// BCJ (x86) filters; other methods, and encryption, are an error of the file.
// Files that were packed together are cheap to read in their order.
//
// The readers that exist take as much memory as an archive's counts ask for. The
// package must never do that: every count is held against the bytes that would
// have to be there, and every dictionary against [Limits]. Source: 7zFormat.txt of
// the LZMA SDK.
package sevenzip
