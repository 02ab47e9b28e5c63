-- +goose Up

-- Our side of a stream: chunks that flow both ways between us and one counterpart
-- for one run. Chunks are numbered from 0 each way. sent are those that we queued,
-- credit is the number below which we may; arrived are those that came, taken those
-- that were used, told is the number below which the counterpart may send. No chunk
-- is here: what was sent stands in the outbox, what came in the inbox.
CREATE TABLE stream (
	id           INTEGER PRIMARY KEY,
	counterpart  INTEGER NOT NULL REFERENCES counterpart (id),
	run          BLOB    NOT NULL,
	state        TEXT    NOT NULL,
	size         INTEGER NOT NULL,
	sent         INTEGER NOT NULL DEFAULT 0,
	credit       INTEGER NOT NULL,
	sent_last    INTEGER NOT NULL DEFAULT 0,
	arrived      INTEGER NOT NULL DEFAULT 0,
	taken        INTEGER NOT NULL DEFAULT 0,
	told         INTEGER NOT NULL,
	taken_last   INTEGER NOT NULL DEFAULT 0,
	arrived_last INTEGER NOT NULL DEFAULT 0,
	reason       TEXT    NOT NULL DEFAULT '',
	UNIQUE (counterpart, run)
);

-- Messages of a stream that the counterpart has not acknowledged.
CREATE TABLE stream_message (
	outbox INTEGER PRIMARY KEY REFERENCES outbox (id),
	stream INTEGER NOT NULL REFERENCES stream (id)
);
CREATE INDEX stream_message_stream ON stream_message (stream);

-- How far a run's overlap has come, as psi keeps it, and the tags that the
-- counterpart sent for its set, from byte start on. Both go when the run ends.
CREATE TABLE matching_run (
	matching INTEGER PRIMARY KEY REFERENCES matching (id),
	state    BLOB    NOT NULL
);
CREATE TABLE matching_record (
	matching INTEGER NOT NULL REFERENCES matching (id),
	start    INTEGER NOT NULL,
	data     BLOB    NOT NULL,
	PRIMARY KEY (matching, start)
) WITHOUT ROWID;
