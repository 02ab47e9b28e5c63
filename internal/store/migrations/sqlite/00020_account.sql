-- +goose Up

-- What administrators said of a user, beside the slot in the key file that the
-- user opens. roles are those that hold, as JSON; empty: those that are sealed
-- in the slot. slots are what was taken out of the key file while the user is
-- locked, as JSON.
CREATE TABLE account (
	id         INTEGER PRIMARY KEY,
	name       TEXT    NOT NULL UNIQUE,
	roles      BLOB    NOT NULL,
	added_by   TEXT    NOT NULL,
	added_at   INTEGER NOT NULL,
	once_until INTEGER NOT NULL DEFAULT 0, -- of a passphrase that somebody else knows; 0: it is the user's own
	locked_by  TEXT    NOT NULL DEFAULT '',
	locked_why TEXT    NOT NULL DEFAULT '',
	locked_at  INTEGER NOT NULL DEFAULT 0,
	slots      BLOB    NOT NULL DEFAULT x'',
	out_at     INTEGER NOT NULL DEFAULT 0, -- sessions that began before are over
	came_at    INTEGER NOT NULL DEFAULT 0
);

-- Whom a provider of sign-ins outside knows as whom of our users.
CREATE TABLE outside (
	id       INTEGER PRIMARY KEY,
	issuer   TEXT    NOT NULL,
	claim    TEXT    NOT NULL,
	value    TEXT    NOT NULL,
	user     TEXT    NOT NULL,
	added_by TEXT    NOT NULL,
	added_at INTEGER NOT NULL,
	used_at  INTEGER NOT NULL DEFAULT 0,
	UNIQUE (issuer, claim, value)
);
