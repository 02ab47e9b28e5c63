-- +goose Up

-- What the counterpart attached to a selector that both hold: its words, for us alone.
ALTER TABLE matching_item ADD COLUMN note TEXT NOT NULL DEFAULT '';
