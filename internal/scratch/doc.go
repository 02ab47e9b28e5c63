// Package scratch keeps for a while what is too large for memory: in a file that
// has no name, and is sealed in chunks with a key that nobody else has and that
// is gone with the process. Whoever takes the disk finds nothing of it.
//
// A [File] is written once, front to back, and read as often as needed; a
// [Sorter] gives back in order what it was given in any.
//
//	f, err := scratch.New(home, rand.Reader)
//	defer f.Close()
//	_, err = io.Copy(f, os.Stdin)
//	again := f.Reader()
//
// The package must never write a byte that is not sealed, or keep a file after
// it was closed. It knows nothing of what is in one.
package scratch
