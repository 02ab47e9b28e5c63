-- +goose Up

-- An ask of ours that goes on to whoever gave us what a counterpart asks about:
-- chain is that counterpart's ask.
ALTER TABLE consent ADD COLUMN chain INTEGER REFERENCES consent (id);
CREATE INDEX consent_chain ON consent (chain);

-- Fingerprints of pictures that we gave: of the bytes, and of what they show (PDQ;
-- empty where a picture shows too little for one).
CREATE TABLE given_picture (
	release INTEGER NOT NULL REFERENCES release (id),
	sha256  BLOB    NOT NULL,
	pdq     BLOB    NOT NULL,
	PRIMARY KEY (release, sha256)
) WITHOUT ROWID;

-- How many of these pictures stand in what came.
ALTER TABLE echo ADD COLUMN pictures INTEGER NOT NULL DEFAULT 0;

-- Which gifts brought a report, for the warnings that rest on it.
CREATE INDEX gift_report ON gift (report);
