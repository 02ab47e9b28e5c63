-- +goose Up

-- A tearline that a counterpart gave us, by which it may be withdrawn and asked
-- about. state is current, recalled or amended; claim is the note that says it as
-- the counterpart's claim; ident is the number of the withdrawal, successor the
-- gift that stands in its place.
CREATE TABLE gift (
	id           INTEGER PRIMARY KEY,
	counterpart  INTEGER NOT NULL REFERENCES counterpart (id),
	digest       BLOB    NOT NULL,
	report       TEXT    NOT NULL,
	inbox        INTEGER NOT NULL REFERENCES inbox (id),
	claim        TEXT    NOT NULL DEFAULT '',
	state        TEXT    NOT NULL,
	ident        BLOB,
	reason       TEXT    NOT NULL DEFAULT '',
	successor    INTEGER NOT NULL DEFAULT 0,
	came_at      INTEGER NOT NULL,
	withdrawn_at INTEGER NOT NULL DEFAULT 0,
	UNIQUE (counterpart, digest)
);
CREATE INDEX gift_inbox ON gift (inbox);
CREATE INDEX gift_state ON gift (state);

-- What came with a gift. An object is stale when no gift that it came with is
-- current any more.
CREATE TABLE gift_object (
	object INTEGER NOT NULL REFERENCES object (seq),
	gift   INTEGER NOT NULL REFERENCES gift (id),
	PRIMARY KEY (object, gift)
) WITHOUT ROWID;
CREATE INDEX gift_object_gift ON gift_object (gift);
ALTER TABLE object ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;

-- The gifts that a release of ours draws on.
CREATE TABLE release_gift (
	release INTEGER NOT NULL REFERENCES release (id),
	gift    INTEGER NOT NULL REFERENCES gift (id),
	PRIMARY KEY (release, gift)
) WITHOUT ROWID;
CREATE INDEX release_gift_gift ON release_gift (gift);
CREATE INDEX release_digest ON release (counterpart, digest);

-- An ask to pass something on: ours to an originator, for a release with the bytes
-- of that digest or for an export; or a counterpart's to us. The bytes are those
-- that crossed.
CREATE TABLE consent (
	id          INTEGER PRIMARY KEY,
	ident       BLOB    NOT NULL,
	ours        INTEGER NOT NULL,
	counterpart INTEGER NOT NULL REFERENCES counterpart (id),
	release     INTEGER REFERENCES release (id),
	digest      BLOB,
	state       TEXT    NOT NULL,
	ask         BLOB    NOT NULL,
	answer      BLOB,
	asked_at    INTEGER NOT NULL,
	answered_at INTEGER NOT NULL DEFAULT 0,
	actor       TEXT    NOT NULL,
	outbox      INTEGER NOT NULL DEFAULT 0,
	UNIQUE (counterpart, ident, ours)
);
CREATE INDEX consent_release ON consent (release);
CREATE INDEX consent_state ON consent (counterpart, ours, state);

-- A release that we withdrew, and how far that has come. cause is the gift whose
-- own withdrawal we pass on, or 0. told and confirmed are what the receiver states.
CREATE TABLE withdrawal (
	id           INTEGER PRIMARY KEY,
	ident        BLOB    NOT NULL UNIQUE,
	release      INTEGER NOT NULL UNIQUE REFERENCES release (id),
	counterpart  INTEGER NOT NULL REFERENCES counterpart (id),
	successor    INTEGER NOT NULL DEFAULT 0,
	cause        INTEGER NOT NULL DEFAULT 0,
	reason       TEXT    NOT NULL,
	actor        TEXT    NOT NULL,
	body         BLOB    NOT NULL,
	outbox       INTEGER NOT NULL DEFAULT 0,
	at           INTEGER NOT NULL,
	confirmed_at INTEGER NOT NULL DEFAULT 0,
	told         INTEGER NOT NULL DEFAULT 0,
	confirmed    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX withdrawal_counterpart ON withdrawal (counterpart);
CREATE INDEX withdrawal_cause ON withdrawal (cause);
