package store

import (
	"context"
	"time"
)

// Evidence is an acquired item and its chain of custody.
type Evidence struct {
	ID         int64
	Name       string
	Path       string // where the operator keeps it; the node reads it there
	SHA256     []byte
	Size       int64
	Operator   string
	Note       string
	AcquiredAt time.Time
	ImportedAt time.Time
	TriagedAt  time.Time
	Summary    []byte // JSON, written by triage
}

// Artifact is a contact, message, call, picture or document found in evidence.
type Artifact struct {
	ID       int64
	Evidence int64
	Kind     string
	At       time.Time
	Place    string
	Body     []byte // JSON
}

// File is one file of the evidence with its hash, or what kept it from being read.
type File struct {
	Evidence int64
	Place    string
	Size     int64
	SHA256   []byte
	Type     string
	Problem  string
	Known    bool // it stands on a list of known files, and was not searched
}

const evidenceColumns = `id, name, path, sha256, size, operator, note, acquired_at, imported_at, triaged_at, summary`

func scanEvidence(s scanner) (Evidence, error) {
	var (
		e                           Evidence
		acquired, imported, triaged int64
	)
	err := s.Scan(&e.ID, &e.Name, &e.Path, &e.SHA256, &e.Size, &e.Operator, &e.Note, &acquired, &imported, &triaged, &e.Summary)
	e.AcquiredAt, e.ImportedAt, e.TriagedAt = instant(acquired), instant(imported), instant(triaged)
	return e, err
}

// AddEvidence registers evidence; the same bytes twice are ErrExists.
func (tx *Tx) AddEvidence(ctx context.Context, e Evidence) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO evidence (name, path, sha256, size, operator, note, acquired_at, imported_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		e.Name, e.Path, e.SHA256, e.Size, e.Operator, e.Note, micros(e.AcquiredAt), micros(e.ImportedAt))
	return id, naming(err, "register evidence %s", e.Name)
}

// Evidence reads one by number.
func (tx *Tx) Evidence(ctx context.Context, id int64) (Evidence, error) {
	e, err := one(ctx, tx, scanEvidence, `SELECT `+evidenceColumns+` FROM evidence WHERE id = $1`, id)
	return e, naming(err, "evidence E%d", id)
}

// EvidenceByHash finds the evidence with these bytes.
func (tx *Tx) EvidenceByHash(ctx context.Context, sha256 []byte) (Evidence, error) {
	e, err := one(ctx, tx, scanEvidence, `SELECT `+evidenceColumns+` FROM evidence WHERE sha256 = $1`, sha256)
	return e, naming(err, "evidence by its hash")
}

// AllEvidence lists evidence in the order it was imported.
func (tx *Tx) AllEvidence(ctx context.Context) ([]Evidence, error) {
	all, err := list(ctx, tx, scanEvidence, `SELECT `+evidenceColumns+` FROM evidence ORDER BY id`)
	return all, naming(err, "list evidence")
}

// MarkTriaged closes a triage with its summary.
func (tx *Tx) MarkTriaged(ctx context.Context, id int64, at time.Time, summary []byte) error {
	err := tx.mustChange(ctx, `UPDATE evidence SET triaged_at = $1, summary = $2 WHERE id = $3`, micros(at), summary, id)
	return naming(err, "close triage of evidence E%d", id)
}

// ClearTriage forgets what an earlier triage found, so that a new one replaces it.
func (tx *Tx) ClearTriage(ctx context.Context, id int64) error {
	for _, query := range []string{
		`DELETE FROM finding WHERE evidence = $1`,
		`DELETE FROM artifact WHERE evidence = $1`,
		`DELETE FROM file WHERE evidence = $1`,
		`DELETE FROM triage_run WHERE evidence = $1`,
		`UPDATE evidence SET triaged_at = 0 WHERE id = $1`,
	} {
		if _, err := tx.exec(ctx, query, id); err != nil {
			return naming(err, "clear triage of evidence E%d", id)
		}
	}
	return nil
}

// PutArtifacts keeps artifacts of evidence.
func (tx *Tx) PutArtifacts(ctx context.Context, all []Artifact) error {
	for _, a := range all {
		_, err := tx.exec(ctx, `INSERT INTO artifact (evidence, kind, at, place, body) VALUES ($1, $2, $3, $4, $5)`,
			a.Evidence, a.Kind, micros(a.At), a.Place, a.Body)
		if err != nil {
			return naming(err, "keep artifact at %s", a.Place)
		}
	}
	return nil
}

// Artifact reads one artifact.
func (tx *Tx) Artifact(ctx context.Context, id int64) (Artifact, error) {
	a, err := one(ctx, tx, scanArtifact, `SELECT id, evidence, kind, at, place, body FROM artifact WHERE id = $1`, id)
	return a, naming(err, "artifact A%d", id)
}

// Artifacts lists the artifacts of evidence of one kind (all when empty), by time.
func (tx *Tx) Artifacts(ctx context.Context, evidence int64, kind string) ([]Artifact, error) {
	all, err := list(ctx, tx, scanArtifact, `SELECT id, evidence, kind, at, place, body FROM artifact
		WHERE evidence = $1 AND ($2 = '' OR kind = $2) ORDER BY at, id`, evidence, kind)
	return all, naming(err, "artifacts of evidence E%d", evidence)
}

// CountArtifacts counts the artifacts of evidence.
func (tx *Tx) CountArtifacts(ctx context.Context, evidence int64) (int64, error) {
	n, err := tx.number(ctx, `SELECT count(*) FROM artifact WHERE evidence = $1`, evidence)
	return n, naming(err, "count the artifacts of evidence E%d", evidence)
}

func scanArtifact(s scanner) (Artifact, error) {
	var (
		a  Artifact
		at int64
	)
	err := s.Scan(&a.ID, &a.Evidence, &a.Kind, &at, &a.Place, &a.Body)
	a.At = instant(at)
	return a, err
}

// PutFiles keeps the file list of evidence.
func (tx *Tx) PutFiles(ctx context.Context, all []File) error {
	for _, f := range all {
		_, err := tx.exec(ctx, `INSERT INTO file (evidence, place, size, sha256, type, problem, known) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			f.Evidence, f.Place, f.Size, nonNil(f.SHA256), f.Type, f.Problem, f.Known)
		if err != nil {
			return naming(err, "keep file %s", f.Place)
		}
	}
	return nil
}

// Files lists the files of evidence in the order they were read; only those
// that could not be read when faulty.
func (tx *Tx) Files(ctx context.Context, evidence int64, faulty bool) ([]File, error) {
	all, err := list(ctx, tx, scanFile, `SELECT `+fileColumns+` FROM file
		WHERE evidence = $1 AND ($2 = 0 OR problem <> '') ORDER BY id`, evidence, faulty)
	return all, naming(err, "files of evidence E%d", evidence)
}

const fileColumns = `evidence, place, size, sha256, type, problem, known`

func scanFile(s scanner) (File, error) {
	var f File
	return f, s.Scan(&f.Evidence, &f.Place, &f.Size, &f.SHA256, &f.Type, &f.Problem, &f.Known)
}
