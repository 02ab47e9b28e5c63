// Package bmff finds what a camera wrote into pictures in the ISO base media file
// format: HEIC, HEIF and AVIF.
//
//	picture, err := bmff.Open(file, size)
//	raw, at, err := picture.Exif()
//
// It reads the boxes that say where things are, and not the picture itself. An
// enemy's boxes lie over each other, claim more than there is, and name a million
// items: boxes, items and extents have limits, and memory is taken for the list of
// items and one Exif block alone.
//
// The package must never decode a picture. Sources: ISO/IEC 14496-12 (boxes, meta,
// iinf, iloc), ISO/IEC 23008-12 annex A (Exif, ispe).
package bmff
