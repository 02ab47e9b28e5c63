package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/selector"
)

// TriageRun is a triage that has begun and not ended.
type TriageRun struct {
	Evidence int64
	Process  []byte // random; of the process that is at work on it
	Options  []byte // JSON: what decides what is found
	Mark     []byte // JSON: how far what is kept goes
	BeganAt  time.Time
}

// ErrOvertaken: another process has taken up the same triage.
var ErrOvertaken = errors.New("another process has taken up this triage")

// PutTriageRun notes that a triage is under way, in place of one that was stopped.
func (tx *Tx) PutTriageRun(ctx context.Context, r TriageRun) error {
	_, err := tx.exec(ctx, `INSERT INTO triage_run (evidence, process, options, mark, began_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (evidence) DO UPDATE SET process = excluded.process, options = excluded.options, mark = excluded.mark, began_at = excluded.began_at`,
		r.Evidence, r.Process, r.Options, r.Mark, micros(r.BeganAt))
	return naming(err, "begin triage of evidence E%d", r.Evidence)
}

// TriageRun reads the triage of evidence that is under way or was stopped; ErrNotFound
// if there is none.
func (tx *Tx) TriageRun(ctx context.Context, evidence int64) (TriageRun, error) {
	r, err := one(ctx, tx, func(s scanner) (TriageRun, error) {
		var (
			r     TriageRun
			began int64
		)
		err := s.Scan(&r.Evidence, &r.Process, &r.Options, &r.Mark, &began)
		r.BeganAt = instant(began)
		return r, err
	}, `SELECT evidence, process, options, mark, began_at FROM triage_run WHERE evidence = $1`, evidence)
	return r, naming(err, "triage of evidence E%d that was stopped", evidence)
}

// MarkTriageRun says how far what is kept goes. It is ErrOvertaken where the run is
// another process's now.
func (tx *Tx) MarkTriageRun(ctx context.Context, evidence int64, process, mark []byte) error {
	n, err := tx.exec(ctx, `UPDATE triage_run SET mark = $1 WHERE evidence = $2 AND process = $3`, mark, evidence, process)
	if err == nil && n == 0 {
		err = ErrOvertaken
	}
	return naming(err, "triage evidence E%d", evidence)
}

// EndTriageRun forgets the run: it has come to its end.
func (tx *Tx) EndTriageRun(ctx context.Context, evidence int64, process []byte) error {
	n, err := tx.exec(ctx, `DELETE FROM triage_run WHERE evidence = $1 AND process = $2`, evidence, process)
	if err == nil && n == 0 {
		err = ErrOvertaken
	}
	return naming(err, "end triage of evidence E%d", evidence)
}

// OuterFiles lists those files of evidence that lie in no container, without a
// problem, in the order they were read.
func (tx *Tx) OuterFiles(ctx context.Context, evidence int64) ([]File, error) {
	all, err := list(ctx, tx, scanFile, `SELECT `+fileColumns+` FROM file
		WHERE evidence = $1 AND problem = '' AND place NOT LIKE '%!/%!/%' ORDER BY id`, evidence)
	return all, naming(err, "files of evidence E%d", evidence)
}

// Found counts what a triage has kept of evidence.
type Found struct {
	Selectors map[selector.Kind]int // different ones
	Artifacts map[string]int        // by kind
}

// Found counts what was found in evidence so far.
func (tx *Tx) Found(ctx context.Context, evidence int64) (Found, error) {
	out := Found{Selectors: map[selector.Kind]int{}, Artifacts: map[string]int{}}
	_, err := list(ctx, tx, func(s scanner) (kind selector.Kind, err error) {
		var n int
		err = s.Scan(&kind, &n)
		out.Selectors[kind] = n
		return kind, err
	}, `SELECT s.kind, count(DISTINCT f.selector) FROM finding AS f JOIN selector AS s ON s.id = f.selector
		WHERE f.evidence = $1 GROUP BY s.kind`, evidence)
	if err == nil {
		_, err = list(ctx, tx, func(s scanner) (kind string, err error) {
			var n int
			err = s.Scan(&kind, &n)
			out.Artifacts[kind] = n
			return kind, err
		}, `SELECT kind, count(*) FROM artifact WHERE evidence = $1 GROUP BY kind`, evidence)
	}
	return out, naming(err, "count what is in evidence E%d", evidence)
}

// FindingsIn lists what was found in evidence, at least so sure, in the order it was:
// at most limit findings after the one with a number.
func (tx *Tx) FindingsIn(ctx context.Context, evidence, after int64, sure selector.Confidence, limit int) ([]Finding, error) {
	all, err := list(ctx, tx, scanFinding, `SELECT `+findingColumns+` FROM finding AS f
		JOIN selector AS s ON s.id = f.selector WHERE f.evidence = $1 AND f.id > $2 AND f.confidence >= $3 ORDER BY f.id LIMIT $4`,
		evidence, after, sureness(sure), limit)
	return all, naming(err, "findings in evidence E%d", evidence)
}

// Watched lists the watched selectors that were found in evidence so far, each with
// the first place.
func (tx *Tx) Watched(ctx context.Context, evidence int64) ([]Finding, error) {
	all, err := list(ctx, tx, scanFinding, `SELECT `+findingColumns+` FROM watch AS w
		JOIN selector AS s ON s.kind = w.kind AND s.value = w.value
		JOIN finding AS f ON f.id = (SELECT min(id) FROM finding WHERE selector = s.id AND +evidence = $1)
		ORDER BY f.id`, evidence)
	return all, naming(err, "watched selectors in evidence E%d", evidence)
}

// confidences are what a finding's number of confidence stands for.
var confidences = [...]selector.Confidence{"", selector.Low, selector.Moderate, selector.High}

// sureness is the number of a confidence; 0 for one that is none.
func sureness(c selector.Confidence) int {
	for i, known := range confidences {
		if c == known {
			return i
		}
	}
	return 0
}

// confidence reads such a number back.
type confidence struct{ into *selector.Confidence }

// Scan takes a number from the database.
func (c confidence) Scan(from any) error {
	n, ok := from.(int64)
	if !ok || n < 0 || n >= int64(len(confidences)) {
		return fmt.Errorf("%v is no confidence: %w", from, ErrDamaged)
	}
	*c.into = confidences[n]
	return nil
}
