-- +goose Up

-- The standing list of a match's terms, on both sides. The checker's filter is
-- here; the holder's follows from the values. watched_by is who wants new
-- selectors checked by themselves, empty for nobody.
CREATE TABLE standing (
	matching   INTEGER PRIMARY KEY REFERENCES matching (id),
	generation INTEGER NOT NULL DEFAULT 0,
	filter     BLOB,
	watched_by TEXT    NOT NULL DEFAULT ''
);

-- What selectors of ours are on a list: at the holder what it computed, once
-- each, at the checker what it was answered. came and went are the generations
-- from which on the list has it, and has it no more; 0 is none yet. At the
-- holder a generation that the list has not reached is being made.
CREATE TABLE standing_value (
	matching INTEGER NOT NULL REFERENCES matching (id),
	selector INTEGER NOT NULL REFERENCES selector (id),
	value    BLOB    NOT NULL,
	came     INTEGER NOT NULL,
	went     INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (matching, selector)
) WITHOUT ROWID;

-- Pieces of a run's long messages: to be sent (ours is 1), or come and not yet
-- whole.
CREATE TABLE matching_piece (
	matching INTEGER NOT NULL REFERENCES matching (id),
	ours     INTEGER NOT NULL,
	number   INTEGER NOT NULL,
	data     BLOB    NOT NULL,
	PRIMARY KEY (matching, ours, number)
);
