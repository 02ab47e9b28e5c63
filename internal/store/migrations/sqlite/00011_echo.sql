-- +goose Up

-- Keyed fingerprints of what we gave: marks of its words, and its selectors that no
-- match had shown. Without the key, which is a setting, they say nothing.
CREATE TABLE given_mark (
	mark    INTEGER NOT NULL,
	release INTEGER NOT NULL REFERENCES release (id),
	PRIMARY KEY (mark, release)
) WITHOUT ROWID;
CREATE INDEX given_mark_release ON given_mark (release);
CREATE TABLE given_selector (
	mark    INTEGER NOT NULL,
	release INTEGER NOT NULL REFERENCES release (id),
	PRIMARY KEY (mark, release)
) WITHOUT ROWID;
CREATE INDEX given_selector_release ON given_selector (release);

-- Something that came and probably repeats what we gave. claim is the note that
-- says it, if there is one; words and selectors are how much is the same. What the
-- words are is worked out again when it is shown.
CREATE TABLE echo (
	id           INTEGER PRIMARY KEY,
	object       INTEGER NOT NULL REFERENCES object (seq),
	release      INTEGER NOT NULL REFERENCES release (id),
	claim        TEXT    NOT NULL DEFAULT '',
	words        INTEGER NOT NULL,
	selectors    INTEGER NOT NULL,
	found_at     INTEGER NOT NULL,
	dismissed_at INTEGER NOT NULL DEFAULT 0,
	actor        TEXT    NOT NULL DEFAULT '',
	reason       TEXT    NOT NULL DEFAULT '',
	UNIQUE (object, release)
);
CREATE INDEX echo_release ON echo (release);
