// Package hashset holds lists of hashes of files that are of no interest: those of
// operating systems and programs, as the National Software Reference Library
// publishes them.
//
//	set, err := hashset.Read(ctx, "NSRLFile.txt", nil)
//	set.Has(hashset.SHA1, sum)
//
// A list is read from a text with a hash a line, from the comma-separated values of
// NSRL's version 2, or from the SQLite database of its version 3. Each entry takes 16
// bytes of memory. Nothing is written, and a list with a line that is none of these is
// refused with the line.
//
// It never says what a file is: that a hash stands on a list tells only that somebody
// put it there.
package hashset
