package triage

import (
	"context"
	"fmt"
)

// teller calls the sink, in the order of the jobs, and keeps the limits that hold
// for the whole run: only here is the order certain.
type teller struct {
	sink    Sink
	opt     Options
	own     int // length of the chain of a file of the evidence itself
	summary Summary
	sums    *evidenceSum
	inside  int64 // bytes of files inside archives
	hidden  bool  // findings are no longer told
	ended   bool  // the total was reached
}

func newTeller(sink Sink, opt Options, folder bool) *teller {
	t := &teller{sink: sink, opt: opt, own: 1, sums: newEvidenceSum()}
	if folder {
		t.own = 2
	}
	return t
}

func (t *teller) tell(ctx context.Context, order <-chan *job) error {
	for j := range order {
		for batch := range j.events {
			for _, e := range batch {
				if err := t.event(e); err != nil || t.ended {
					return err
				}
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (t *teller) event(e event) error {
	switch e := e.(type) {
	case File:
		return t.file(e)
	case Finding:
		if t.full() {
			return t.overflow(e.Place)
		}
		t.summary.Findings++
		return t.sink.Finding(e)
	case Artifact:
		if t.full() {
			return t.overflow(e.Place)
		}
		t.summary.Artifacts++
		return t.sink.Artifact(e)
	case Fault:
		return t.fault(e)
	}
	return nil
}

func (t *teller) file(f File) error {
	t.summary.Files++
	t.summary.Bytes += f.Size
	if len(f.Place.Chain) == t.own {
		t.sums.add(f.Place.Chain[t.own-1], f.SHA256, f.Size)
	} else {
		t.inside += f.Size
	}
	if err := t.sink.File(f); err != nil {
		return err
	}
	if t.opt.Progress != nil {
		t.opt.Progress(Progress{
			Files: t.summary.Files, Bytes: t.summary.Bytes, Findings: t.summary.Findings,
			Faults: t.summary.Faults, Place: f.Place,
		})
	}
	if t.inside > t.opt.Limits.TotalBytes {
		t.ended = true
		return t.fault(Fault{Place: f.Place, Problem: fmt.Sprintf(
			"files inside archives have more than the limit of %d bytes together: the run ends here", t.opt.Limits.TotalBytes)})
	}
	return nil
}

func (t *teller) fault(f Fault) error {
	t.summary.Faults++
	return t.sink.Fault(f)
}

func (t *teller) full() bool {
	return t.hidden || t.summary.Findings+t.summary.Artifacts >= t.opt.Limits.Findings
}

// overflow says once that no more findings will be told.
func (t *teller) overflow(at Place) error {
	if t.hidden {
		return nil
	}
	t.hidden = true
	return t.fault(Fault{Place: at, Problem: fmt.Sprintf(
		"there are more than the limit of %d findings: from here on files are only hashed", t.opt.Limits.Findings)})
}
