// Package pdq computes PDQ, the perceptual hash of pictures that trust-and-safety teams exchange:
// 256 bits that stay nearly the same when a picture is recompressed, resized, sharpened or blurred,
// and differ by some 128 for unrelated pictures. The algorithm is that of "The TMK+PDQF Video-Hashing
// Algorithm and the PDQ Image-Hashing Algorithm" (Facebook, 2019).
//
//	picture, err := pdq.Decode(file, pdq.Limits{})
//	hash, quality, err := pdq.Compute(picture)
//	if pdq.Matches(hash, listed) && quality >= pdq.MinQuality { … }
//
// A match says that two pictures look alike, never that they are the same file, and rotated or
// mirrored copies hash differently. Pictures with little in them (quality below [MinQuality]) match
// each other by accident.
//
// The package decodes pictures made by enemies: [Decode] looks at the size in the header before it
// takes any memory. It must never open a file or a connection, or keep what it was given.
package pdq
