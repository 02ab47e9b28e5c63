package triage

import "iter"

// Mark is how far a run has come. A run with the same evidence and options that
// begins at a mark makes the calls of the sink that the first one would have made
// after it, whatever the number of workers of either.
type Mark struct {
	Jobs  int64 `json:"jobs"`  // files of the evidence, and entries of archives that many read at once, told whole
	Files int64 `json:"files"` // calls of File about the next one
	Calls int64 `json:"calls"` // other calls after the last of these

	Inside  int64   `json:"inside"` // bytes of files inside archives
	Hidden  bool    `json:"hidden"` // the limit of findings was reached
	Ended   bool    `json:"ended"`  // that of bytes was
	Summary Summary `json:"summary"`
}

// Resume is where a run goes on that was stopped.
type Resume struct {
	Mark Mark
	// Files are those that the sink was told up to the mark. The digest of the
	// evidence is made of their hashes.
	Files iter.Seq[File]
}

// marked says how far the run is after a call of the sink.
func (t *teller) marked(e event) error {
	if _, file := e.(File); file {
		t.mark.Files, t.mark.Calls = t.mark.Files+1, 0
	} else {
		t.mark.Calls++
	}
	return t.tellMark()
}

// markJob says that a job was told whole.
func (t *teller) markJob() error {
	t.mark.Jobs, t.mark.Files, t.mark.Calls = t.mark.Jobs+1, 0, 0
	return t.tellMark()
}

func (t *teller) tellMark() error {
	if t.opt.Marked == nil {
		return nil
	}
	t.mark.Inside, t.mark.Hidden, t.mark.Ended, t.mark.Summary = t.inside, t.hidden, t.ended, t.summary
	return t.opt.Marked(t.mark)
}

// resume takes up what an earlier run told.
func (t *teller) resume(from *Resume) {
	if from == nil {
		return
	}
	t.mark = from.Mark
	t.inside, t.hidden, t.ended, t.summary = t.mark.Inside, t.mark.Hidden, t.mark.Ended, t.mark.Summary
	for f := range from.Files {
		if len(f.Place.Chain) == t.own {
			t.sums.add(f.Place.Chain[t.own-1], f.SHA256, f.Size)
		}
	}
}

// passed reports whether an earlier run told all of the next job; if that told a
// part of it, the job is given what to leave out.
func (l *lister) passed(j *job) bool {
	at := l.listed
	l.listed++
	switch from := l.opt.Resume; {
	case from == nil || at > from.Mark.Jobs:
		return false
	case at < from.Mark.Jobs:
		return true
	default:
		j.told = &told{files: from.Mark.Files, calls: from.Mark.Calls}
		return false
	}
}

// told is a sink that leaves out the first calls, which an earlier run made.
type told struct {
	Sink
	files int64 // calls of File still to come, with all before the last of them
	calls int64 // other calls after that
}

func (s *told) before() bool {
	switch {
	case s.files > 0:
		return true
	case s.calls > 0:
		s.calls--
		return true
	}
	return false
}

func (s *told) File(f File) error {
	if s.files > 0 {
		s.files--
		return nil
	}
	return s.Sink.File(f)
}

func (s *told) Finding(f Finding) error {
	if s.before() {
		return nil
	}
	return s.Sink.Finding(f)
}

func (s *told) Artifact(a Artifact) error {
	if s.before() {
		return nil
	}
	return s.Sink.Artifact(a)
}

func (s *told) Fault(f Fault) error {
	if s.before() {
		return nil
	}
	return s.Sink.Fault(f)
}

// past reports whether all that a reader would say of the file now at hand was
// said by an earlier run: it need not be read again. What a part of a document
// says is wanted for the whole of it.
func (r *reading) past() bool {
	s, resumed := r.sink.(*told)
	return resumed && s.files > 0 && r.document == nil
}
