-- +goose Up

-- What tells two rows of one object apart that have the same microsecond: finer
-- is the digits of modified beyond it, without zeros at the end. other is empty,
-- or the digest of an object that has no versions and came again with more or
-- less said of the same thing (an observable with another display name): the
-- first one that came is the object, and the others stand beside it.
ALTER TABLE object ADD COLUMN finer TEXT NOT NULL DEFAULT '';
ALTER TABLE object ADD COLUMN other TEXT NOT NULL DEFAULT '';
DROP INDEX object_version;
CREATE UNIQUE INDEX object_version ON object (uuid, type, origin, modified, finer, other);
