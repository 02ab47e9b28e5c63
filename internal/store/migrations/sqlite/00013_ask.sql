-- +goose Up

-- What one side of a match asked the other to say about selectors that both
-- hold: a question in words. ours is 1 where our side asked.
CREATE TABLE ask (
	id       INTEGER PRIMARY KEY,
	matching INTEGER NOT NULL REFERENCES matching (id),
	ours     INTEGER NOT NULL,
	question TEXT    NOT NULL,
	asked_at INTEGER NOT NULL
);
CREATE INDEX ask_matching ON ask (matching);

CREATE TABLE ask_selector (
	ask      INTEGER NOT NULL REFERENCES ask (id),
	selector INTEGER NOT NULL REFERENCES selector (id),
	PRIMARY KEY (ask, selector)
) WITHOUT ROWID;
