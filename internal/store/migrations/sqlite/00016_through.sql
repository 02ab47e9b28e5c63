-- +goose Up

-- By which way whoever wrote a line of the ledger had come in; empty: by the
-- command, or by itself. It is part of the line's hash where it is not empty.
ALTER TABLE ledger ADD COLUMN through TEXT NOT NULL DEFAULT '';
