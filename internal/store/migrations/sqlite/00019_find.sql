-- +goose Up

-- The words of objects, folded, by the object's number: what people find them by.
-- It is made from the objects and runs behind them; the setting "words" says how
-- far it has come. What an object says stands in the object alone.
CREATE VIRTUAL TABLE object_word USING fts5(words, content='', detail=none, columnsize=0, tokenize=ascii);

-- What people looked for, and addresses of lists that they keep. A search has a
-- query and no address: what was looked for stands in no address of the console,
-- which names this line instead. Without a name it is one of its owner's last.
CREATE TABLE filter (
	id      INTEGER PRIMARY KEY,
	owner   TEXT    NOT NULL,
	name    TEXT    NOT NULL,
	address TEXT    NOT NULL,
	query   TEXT    NOT NULL,
	shared  INTEGER NOT NULL,
	made_at INTEGER NOT NULL
);
CREATE INDEX filter_owner ON filter (owner, name, id);
CREATE INDEX filter_shared ON filter (shared, name);
