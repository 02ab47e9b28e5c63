-- +goose Up

-- By which way whoever wrote a line of the ledger had come in; empty: by the
-- command, or by itself. It is part of the line's hash where it is not empty.
ALTER TABLE ledger ADD COLUMN through TEXT NOT NULL DEFAULT '';

-- What people said of a message (I3) or a selector (S12) that they looked at.
-- The newest line about a subject counts; none is ever changed.
CREATE TABLE mark (
	id      INTEGER PRIMARY KEY,
	subject TEXT    NOT NULL,
	verdict TEXT    NOT NULL,
	note    TEXT    NOT NULL,
	actor   TEXT    NOT NULL,
	at      INTEGER NOT NULL
);
CREATE INDEX mark_subject ON mark (subject, id);
