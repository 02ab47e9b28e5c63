-- +goose Up

-- When a consumer read an event of its feed as it stands; 0 if it did not. Events
-- are fetched one by one and in no order of time, unlike the pages of a collection.
ALTER TABLE issue ADD COLUMN read_at INTEGER NOT NULL DEFAULT 0;

-- What a consumer put there in all: ever is bytes of members, those removed since
-- included, because what was taken in from them stays.
ALTER TABLE collection ADD COLUMN ever INTEGER NOT NULL DEFAULT 0;
UPDATE collection SET ever = bytes;

-- How long the report on a request is.
ALTER TABLE request ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
