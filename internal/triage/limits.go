package triage

import "fmt"

// Limits bound what a run may take. A zero field stands for its default.
type Limits struct {
	// Depth is how many names a place's chain may have: archives inside archives.
	Depth int
	// Entries is how many entries of one archive, or files of one folder, are read.
	Entries int
	// EntryBytes is how many bytes of one file inside an archive are held in
	// memory. A larger one is hashed and read as a stream where its format allows
	// that; a database or archive stored compressed and larger than this is a Fault.
	EntryBytes int64
	// TotalBytes is how many bytes all files inside archives may have together.
	// It ends the run, with a Fault.
	TotalBytes int64
	// Ratio is how many times its own size an archive may expand to, all archives
	// inside it together. Every archive may expand to 64 MiB.
	Ratio int64
	// Rows is how many rows of one database are read.
	Rows int64
	// Findings is how many findings and artifacts are reported together; files
	// are hashed and faults reported beyond it.
	Findings int64
}

// freeExpansion is what every archive may expand to, whatever its ratio: small
// files of one repeated byte are no bombs.
const freeExpansion = 64 << 20

// DefaultLimits are those of a machine with 4 GiB to spare and evidence of a few
// hundred gigabytes.
func DefaultLimits() Limits {
	return Limits{
		Depth:      8,
		Entries:    2_000_000,
		EntryBytes: 256 << 20,
		TotalBytes: 1 << 44,
		Ratio:      200,
		Rows:       50_000_000,
		Findings:   20_000_000,
	}
}

// complete puts the defaults where l says nothing.
func (l Limits) complete() (Limits, error) {
	d := DefaultLimits()
	fill(&l.Depth, d.Depth)
	fill(&l.Entries, d.Entries)
	fill(&l.EntryBytes, d.EntryBytes)
	fill(&l.TotalBytes, d.TotalBytes)
	fill(&l.Ratio, d.Ratio)
	fill(&l.Rows, d.Rows)
	fill(&l.Findings, d.Findings)
	for _, v := range []int64{
		int64(l.Depth), int64(l.Entries), l.EntryBytes, l.TotalBytes, l.Ratio, l.Rows, l.Findings,
	} {
		if v < 0 {
			return l, fmt.Errorf("triage: a limit is %d: give a positive number, or 0 for the default", v)
		}
	}
	return l, nil
}

func fill[T int | int64](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}

// budget is what an archive may still expand to. What one inside it takes is
// taken from it as well.
type budget struct {
	left int64
	up   *budget
}

// take takes n bytes from b and everything around it; false if one has not so many.
func (b *budget) take(n int64) bool {
	for ; b != nil; b = b.up {
		if b.left -= n; b.left < 0 {
			return false
		}
	}
	return true
}

// allowance is the budget of an archive of the given size inside up.
func (l Limits) allowance(size int64, up *budget) *budget {
	left := int64(freeExpansion)
	if size > left/l.Ratio {
		if left = size * l.Ratio; left/l.Ratio != size {
			left = 1 << 62
		}
	}
	return &budget{left: left, up: up}
}
