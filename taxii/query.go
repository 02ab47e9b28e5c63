package taxii

import (
	"slices"
	"time"

	"parley/stix"
)

// Query says which versions of which objects of a collection are meant. Its fields are joined by
// AND, the members of each by OR.
type Query struct {
	IDs   []stix.ID // none: of any id
	Types []string  // none: of any type
	// SpecVersions are the versions of STIX wanted. If there is none, only the newest of them that an
	// object has in the collection counts.
	SpecVersions []string
	// Versions are chosen from those of an object that SpecVersions leave over.
	Versions Versions
	// After leaves out what was added at this moment or before. It never changes which version of an
	// object is its first or last one: else a page would depend on where the one before it ended.
	After time.Time

	Limit   int   // records in a page; the server sets it
	Bytes   int64 // the page ends with the object that passes this many bytes; the server sets it
	Content bool  // whether records are to have their bytes
	Peek    bool  // the client asks only what the answer would be like (HEAD), and gets none of it
}

// Versions are the versions of an object that are wanted. The zero value means the last one.
type Versions struct {
	All   bool
	First bool
	Last  bool
	At    []stix.Timestamp // compared as moments: …00Z is …00.000Z
}

// IsZero tells whether nothing was asked for.
func (v Versions) IsZero() bool { return !v.All && !v.First && !v.Last && len(v.At) == 0 }

// Wants tells whether a version is meant, given the first and the last one there are.
func (v Versions) Wants(version, first, last stix.Timestamp) bool {
	switch {
	case v.All:
		return true
	case v.Last || v.IsZero():
		if version.Compare(last) == 0 {
			return true
		}
	}
	if v.First && version.Compare(first) == 0 {
		return true
	}
	return slices.ContainsFunc(v.At, func(at stix.Timestamp) bool { return at.Compare(version) == 0 })
}

// The versions of STIX that a server takes and gives.
var specVersions = []string{"2.0", "2.1"}

// maxValues is how many values one match field may have.
const maxValues = 1000
