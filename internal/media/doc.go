// Package media finds texts and pictures that are nearly the same.
//
// Twenty newspapers that print one agency's story are one origin, and a tearline that repeats eight
// words of its report has leaked it. Both questions are answered here, over values, in memory:
//
//	a, err := media.NewText(story)          // fold, cut into shingles, sign
//	b, err := media.NewText(rewrite)
//	media.Similarity(a, b)                  // 0 … 1, the Jaccard index of their shingles
//	media.CommonRuns(report, tearline, 8)   // what was copied, with byte offsets in both
//
//	var x media.Index                       // thousands of texts: who resembles this one?
//	x.Add("note--1", a)
//	x.Near(b, 0.3, 10)
//
//	var p media.Pictures                    // 256-bit perceptual hashes, such as PDQ
//	p.Add("artifact--1", hash)
//	p.Within(query, media.PictureRadius)    // every one at Hamming distance 31 or less
//
// It never decides that two things are the same: it says how near they are, and a person decides.
// It computes no perceptual hash (package pdq does), reads no files, and holds nothing but hashes of
// the texts it was given. The hashes are not cryptographic: whoever writes a text can make it
// resemble another on purpose, or differ from it, so nearness is a hint and never evidence.
package media
