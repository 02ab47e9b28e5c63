-- +goose Up

-- How sure it is that a finding is what it is taken for: 3 high, 2 moderate, 1 low,
-- 0 for what was not found by its form or was found before this was kept.
ALTER TABLE finding ADD COLUMN confidence INTEGER NOT NULL DEFAULT 0;

-- The file stands on a list of known ones, and was not searched.
ALTER TABLE file ADD COLUMN known INTEGER NOT NULL DEFAULT 0;

-- A triage that has begun and not ended: by which process, with which options, and
-- how far what is kept of it goes.
CREATE TABLE triage_run (
	evidence INTEGER PRIMARY KEY REFERENCES evidence (id),
	process  BLOB    NOT NULL,
	options  TEXT    NOT NULL,
	mark     TEXT    NOT NULL,
	began_at INTEGER NOT NULL
);

-- The chain of custody of one piece of evidence is what the ledger says of it.
CREATE INDEX ledger_subject ON ledger (subject, seq);
