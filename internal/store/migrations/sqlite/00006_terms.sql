-- +goose Up

-- Runs after the first under the same terms name the match whose terms they
-- are; agreed_at is when our side agreed to the run, 0 before.
ALTER TABLE matching ADD COLUMN under INTEGER NOT NULL DEFAULT 0;
ALTER TABLE matching ADD COLUMN agreed_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX matching_under ON matching (under);
CREATE INDEX matching_agreed ON matching (agreed_at);

-- Terms as they were proposed and countered, round by round. The last stands.
CREATE TABLE matching_terms (
	matching INTEGER NOT NULL REFERENCES matching (id),
	round    INTEGER NOT NULL,
	terms    TEXT    NOT NULL,
	at       INTEGER NOT NULL,
	PRIMARY KEY (matching, round)
) WITHOUT ROWID;

-- How many selectors of a kind a counterpart asked about in a run, or may yet
-- ask: settled_at is 0 until its number is known.
CREATE TABLE matching_charge (
	matching    INTEGER NOT NULL REFERENCES matching (id),
	kind        TEXT    NOT NULL,
	counterpart INTEGER NOT NULL REFERENCES counterpart (id),
	items       INTEGER NOT NULL,
	settled_at  INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (matching, kind)
) WITHOUT ROWID;
CREATE INDEX matching_charge_counterpart ON matching_charge (counterpart, kind, settled_at);
CREATE INDEX matching_charge_settled ON matching_charge (settled_at);

-- What a counterpart may ask about in how many days, where it is not the usual;
-- counterpart 0 is every one that has no line of its own.
CREATE TABLE budget (
	counterpart INTEGER NOT NULL,
	kind        TEXT    NOT NULL,
	items       INTEGER NOT NULL,
	days        INTEGER NOT NULL,
	PRIMARY KEY (counterpart, kind)
) WITHOUT ROWID;
