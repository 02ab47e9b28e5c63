-- +goose Up

-- How people come in to a node that is open already, beside the passphrase
-- that opens their slot. roles are those of the slot that was opened when the
-- line was written: JSON.

CREATE TABLE passkey (
	id         INTEGER PRIMARY KEY,
	user       TEXT    NOT NULL,
	roles      BLOB    NOT NULL,
	handle     BLOB    NOT NULL, -- by which the user's device knows them
	name       TEXT    NOT NULL,
	credential BLOB    NOT NULL, -- JSON: the public key and its counter
	made_at    INTEGER NOT NULL,
	used_at    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX passkey_user ON passkey (user);
CREATE INDEX passkey_handle ON passkey (handle);

-- The secret of a second factor, and the last time step that was used of it.
CREATE TABLE second_factor (
	user    TEXT    NOT NULL PRIMARY KEY,
	secret  BLOB    NOT NULL,
	step    INTEGER NOT NULL,
	made_at INTEGER NOT NULL
) WITHOUT ROWID;

-- SHA-256 of codes that stand in for the second factor, once each.
CREATE TABLE recovery_code (
	user TEXT NOT NULL,
	hash BLOB NOT NULL,
	PRIMARY KEY (user, hash)
) WITHOUT ROWID;

-- What programs come in with: SHA-256 of a token, and what it may do.
CREATE TABLE token (
	id         INTEGER PRIMARY KEY,
	hash       BLOB    NOT NULL UNIQUE,
	user       TEXT    NOT NULL,
	roles      BLOB    NOT NULL,
	name       TEXT    NOT NULL,
	made_at    INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	ended_at   INTEGER NOT NULL DEFAULT 0
);
