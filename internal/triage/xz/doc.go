// Package xz unpacks .xz files: the container, with its checks; LZMA2 itself is
// unpacked by github.com/ulikunitz/xz/lzma.
//
//	plain, err := xz.NewReader(packed, xz.Limits{})
//
// That library has a reader for the container too, which takes as much memory as
// a block's header asks for. This one refuses a dictionary larger than the limit,
// in whichever block it stands.
//
// The package must never take memory before a limit was asked. Source: The .xz
// File Format 1.2.1.
package xz
