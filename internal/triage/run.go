package triage

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"

	"parley/internal/triage/hashset"
	"parley/selector"
)

// Options says how to read evidence. The zero value is good.
type Options struct {
	Region string // country of national phone numbers, ISO 3166-1 alpha-2; "" for international ones only
	// Vocabulary holds words and patterns of the user's own, looked for in all that
	// is scanned; nil for none.
	Vocabulary *selector.Vocabulary
	// Known holds hashes of files that are not searched, only told; nil for none.
	Known *hashset.Set
	// Likeness has the perceptual hashes of pictures made, for which they are decoded:
	// some tenths of a second each.
	Likeness bool
	Limits   Limits         // zero fields stand for the defaults
	Workers  int            // files read at once; 0 for one a processor
	Progress func(Progress) // told after every file; may be nil
	// Noticed is told of each finding when it is found, long before its turn in the
	// order: by several goroutines, in no certain order, beyond the limit of
	// findings too. May be nil.
	Noticed func(Finding)
	// Marked is told after every call of the sink how far the run is, so that another
	// can go on from there. An error ends the run. May be nil.
	Marked func(Mark) error
	Resume *Resume // where to go on; nil to begin at the beginning
}

// Progress is how far a run is.
type Progress struct {
	Files, Bytes, Findings, Faults int64
	Place                          Place // of the file last read
}

// Summary counts what a run reported.
type Summary struct {
	Files     int64    `json:"files"` // files of every depth, archives among them
	Known     int64    `json:"known"` // of these, on the list of known files
	Bytes     int64    `json:"bytes"` // of all files together
	Findings  int64    `json:"findings"`
	Artifacts int64    `json:"artifacts"`
	Faults    int64    `json:"faults"`
	Digest    [32]byte `json:"-"` // of the evidence, as [Digest] gives it
}

// Run reads the file or folder at path and tells the sink all that is in it. A
// fault of the evidence is told to the sink and is no error; an error is the
// sink's, the context's, or says that the evidence cannot be opened or the
// options are wrong. On an error the summary counts what the sink was told.
func Run(ctx context.Context, path string, opt Options, sink Sink) (Summary, error) {
	opt, err := opt.complete()
	if err != nil {
		return Summary{}, err
	}
	source, err := openSource(path)
	if err != nil {
		return Summary{}, fmt.Errorf("triage %s: %w", path, err)
	}
	defer source.close()
	source.findBeside(opt.Limits)
	t := newTeller(sink, opt, source.folder)
	t.resume(opt.Resume)
	if err := pipeline(ctx, source, opt, t); err != nil {
		return t.summary, fmt.Errorf("triage %s: %w", path, err)
	}
	if t.ended { // not all was read
		t.summary.Digest, _, err = Digest(ctx, path)
		return t.summary, err
	}
	t.summary.Digest = t.sums.digest(source.folder)
	return t.summary, nil
}

func (o Options) complete() (Options, error) {
	var err error
	if o.Limits, err = o.Limits.complete(); err != nil {
		return o, err
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if err := (selector.Options{Region: o.Region}).Validate(); err != nil {
		return o, fmt.Errorf("triage: %w", err)
	}
	return o, nil
}

func newReading(opt Options, sink Sink) *reading {
	return &reading{sink: sink, opt: opt, finder: opt.finder(), formats: formats()}
}

func (o Options) finder() *selector.Finder {
	return selector.NewFinder(selector.Options{Region: o.Region, Vocabulary: o.Vocabulary})
}

// evidenceName is the first name of every chain.
func evidenceName(path string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if name := filepath.Base(full); name != string(filepath.Separator) && name != "." {
		return name, nil
	}
	return "evidence", nil
}
