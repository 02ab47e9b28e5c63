-- +goose Up

-- What a counterpart has undertaken: to keep to the permitted uses, how it
-- treats people, to pass nothing on. until_at is 0 for no end. One that was
-- ended early has ended_at; nothing is deleted.
CREATE TABLE assurance (
	id          INTEGER PRIMARY KEY,
	counterpart INTEGER NOT NULL REFERENCES counterpart (id),
	undertaking TEXT    NOT NULL,
	evidence    TEXT    NOT NULL,
	sha256      BLOB,
	from_at     INTEGER NOT NULL,
	until_at    INTEGER NOT NULL DEFAULT 0,
	added_by    TEXT    NOT NULL,
	added_at    INTEGER NOT NULL,
	ended_by    TEXT    NOT NULL DEFAULT '',
	ended_at    INTEGER NOT NULL DEFAULT 0,
	reason      TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX assurance_counterpart ON assurance (counterpart);

-- By which rules a release was allowed, at each step at which they were asked.
CREATE TABLE ruling (
	id        INTEGER PRIMARY KEY,
	release   INTEGER NOT NULL REFERENCES release (id),
	step      TEXT    NOT NULL,
	at        INTEGER NOT NULL,
	rules     BLOB    NOT NULL,
	decisions TEXT    NOT NULL
);
CREATE INDEX ruling_release ON ruling (release);
