-- +goose Up

-- What programs asked for with a key of their own, so that asking again does
-- nothing twice: the key and the request as SHA-256, and what was answered.
-- after is the ledger's last line before it was done.
CREATE TABLE keyed (
	user    TEXT    NOT NULL,
	key     BLOB    NOT NULL,
	request BLOB    NOT NULL,
	after   INTEGER NOT NULL,
	answer  BLOB    NOT NULL DEFAULT x'', -- JSON; empty until it is answered
	at      INTEGER NOT NULL,
	PRIMARY KEY (user, key)
) WITHOUT ROWID;
CREATE INDEX keyed_at ON keyed (at);
