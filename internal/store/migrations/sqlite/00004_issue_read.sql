-- +goose Up

-- When a consumer read an event of its feed as it stands; 0 if it did not. Events
-- are fetched one by one and in no order of time, unlike the pages of a collection.
ALTER TABLE issue ADD COLUMN read_at INTEGER NOT NULL DEFAULT 0;
