package triage

import "parley/pdq"

// Bounds of a picture whose perceptual hash is made: its file and its pixels are both
// held in memory, by every worker.
const (
	likenessBytes  = 32 << 20
	likenessPixels = 40_000_000
)

// likeness gives the perceptual hash of a picture and how much is in it. A picture that
// is too large, broken or written in a way that Go does not decode has none, which is no
// fault: nothing that stands in it is lost by that.
func (r *reading) likeness(f *file, p *Picture) {
	if !r.opt.Likeness || f.size > likenessBytes {
		return
	}
	stream, err := f.reader()
	if err != nil {
		return
	}
	defer stream.Close()
	picture, err := pdq.Decode(stream, pdq.Limits{Bytes: likenessBytes, Pixels: likenessPixels})
	if err != nil {
		return
	}
	if hash, quality, err := pdq.Compute(picture); err == nil {
		p.PDQ, p.Quality = hash.String(), quality
	}
}
