package triage

import (
	"crypto/md5"
	"crypto/sha1"
	"hash"
	"io"

	"parley/internal/triage/hashset"
)

// isKnown reports whether a file stands on the list of known ones. Hashes other than
// SHA-256 are made only where the list has them; a stream that passes by once and is
// not held is not hashed again, and counts as unknown.
func (o Options) isKnown(f *file) bool {
	if o.Known == nil {
		return false
	}
	if o.Known.Has(hashset.SHA256, f.sum[:]) {
		return true
	}
	sums := map[hashset.Kind]hash.Hash{}
	if o.Known.Holds(hashset.SHA1) {
		sums[hashset.SHA1] = sha1.New()
	}
	if o.Known.Holds(hashset.MD5) {
		sums[hashset.MD5] = md5.New()
	}
	if len(sums) == 0 {
		return false
	}
	stream, err := f.reader()
	if err != nil {
		return false
	}
	defer stream.Close()
	var all []io.Writer
	for _, sum := range sums {
		all = append(all, sum)
	}
	if _, err := io.Copy(io.MultiWriter(all...), stream); err != nil {
		return false // reading it says what is wrong
	}
	for kind, sum := range sums {
		if o.Known.Has(kind, sum.Sum(nil)) {
			return true
		}
	}
	return false
}
