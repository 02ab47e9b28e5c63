-- +goose Up

-- Parcels that came before their turn are tried in the order in which they came.
ALTER TABLE early ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
