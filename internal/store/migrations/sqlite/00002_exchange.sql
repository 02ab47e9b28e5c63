-- +goose Up

-- A counterpart that comes with a tool that knows nothing of Parley: it reads
-- what was released to it over TAXII or as a MISP feed, and may send. token is
-- the SHA-256 of its secret.
CREATE TABLE consumer (
	counterpart INTEGER PRIMARY KEY REFERENCES counterpart (id),
	token       BLOB    NOT NULL UNIQUE,
	suspended   INTEGER NOT NULL DEFAULT 0,
	added_at    INTEGER NOT NULL,
	seen_at     INTEGER NOT NULL DEFAULT 0
);

-- Where what goes to one consumer stands, or what comes from it. No collection
-- has two readers: what was cleared for one was cleared for nobody else.
-- taken is how far the node has taken in what the consumer put there, and
-- collected how far the consumer has read, which was noted at collected_at.
CREATE TABLE collection (
	id           INTEGER PRIMARY KEY,
	uuid         BLOB    NOT NULL UNIQUE,
	counterpart  INTEGER NOT NULL REFERENCES counterpart (id),
	alias        TEXT    NOT NULL,
	title        TEXT    NOT NULL,
	description  TEXT    NOT NULL DEFAULT '',
	can_read     INTEGER NOT NULL,
	can_write    INTEGER NOT NULL,
	members      INTEGER NOT NULL DEFAULT 0,
	bytes        INTEGER NOT NULL DEFAULT 0,
	indexed      INTEGER NOT NULL DEFAULT 0,
	taken        INTEGER NOT NULL DEFAULT 0,
	collected    INTEGER NOT NULL DEFAULT 0,
	collected_at INTEGER NOT NULL DEFAULT 0,
	added_at     INTEGER NOT NULL,
	UNIQUE (counterpart, alias)
);

-- One version of one object in a collection. added is when it was added, in
-- microseconds since 1970, and no two members of a node have the same; pages
-- are cut by it. rank says which of the object's versions it is; pack and place
-- where its bytes stand.
CREATE TABLE member (
	collection INTEGER NOT NULL REFERENCES collection (id),
	added      INTEGER NOT NULL,
	uuid       BLOB    NOT NULL,
	type       TEXT    NOT NULL,
	spec       TEXT    NOT NULL,
	version    TEXT    NOT NULL,
	rank       INTEGER NOT NULL,
	pack       INTEGER NOT NULL,
	place      INTEGER NOT NULL,
	size       INTEGER NOT NULL,
	PRIMARY KEY (collection, added)
) WITHOUT ROWID;
CREATE INDEX member_type ON member (collection, type, added) WHERE rank & 3 = 3;

-- Which members an object has. Ids are random: put in one by one, each would
-- rewrite a page of its own. So they are put in some ten thousand at a time, in
-- order; collection.indexed says up to which added that was done.
CREATE TABLE member_id (
	collection INTEGER NOT NULL,
	uuid       BLOB    NOT NULL,
	added      INTEGER NOT NULL,
	PRIMARY KEY (collection, uuid, added)
) WITHOUT ROWID;

-- The bytes of members that were added together, compressed together: pack is
-- the first one's added. Each row has a mebibyte at most.
CREATE TABLE pack (
	collection INTEGER NOT NULL,
	pack       INTEGER NOT NULL,
	start      INTEGER NOT NULL,
	data       BLOB    NOT NULL,
	PRIMARY KEY (collection, pack, start)
) WITHOUT ROWID;

-- The last added that was given.
CREATE TABLE clock (
	id   INTEGER PRIMARY KEY CHECK (id = 1),
	last INTEGER NOT NULL
);
INSERT INTO clock (id, last) VALUES (1, 0);

-- What became of a consumer's request to add objects, object by object. The
-- report stands in pieces of a mebibyte.
CREATE TABLE request (
	id          INTEGER PRIMARY KEY,
	uuid        BLOB    NOT NULL UNIQUE,
	counterpart INTEGER NOT NULL REFERENCES counterpart (id),
	done_at     INTEGER NOT NULL
);
CREATE INDEX request_done ON request (done_at);
CREATE TABLE request_piece (
	request INTEGER NOT NULL REFERENCES request (id),
	start   INTEGER NOT NULL,
	data    BLOB    NOT NULL,
	PRIMARY KEY (request, start)
) WITHOUT ROWID;

-- A server that we read from: a TAXII collection or a MISP feed. What it gives
-- is its counterpart's. bookmark says how far we have read; it changes with what
-- was read, in one transaction.
CREATE TABLE source (
	id          INTEGER PRIMARY KEY,
	counterpart INTEGER NOT NULL UNIQUE REFERENCES counterpart (id),
	kind        TEXT    NOT NULL,
	url         TEXT    NOT NULL,
	settings    TEXT    NOT NULL,
	secret      BLOB,
	bookmark    TEXT    NOT NULL DEFAULT '{}',
	read_at     INTEGER NOT NULL DEFAULT 0,
	problem     TEXT    NOT NULL DEFAULT ''
);

-- Where a release to a consumer was put, and when its last object was.
ALTER TABLE release ADD COLUMN collection INTEGER REFERENCES collection (id);
ALTER TABLE release ADD COLUMN put_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX release_collection ON release (collection);

-- A release as a MISP event, made when it was put out: the bytes that a feed
-- serves. changed is when it was put there, on the clock of members, so that no
-- two have the same; unmapped is what MISP has no place for, as JSON.
CREATE TABLE issue (
	id         INTEGER PRIMARY KEY,
	collection INTEGER NOT NULL REFERENCES collection (id),
	uuid       TEXT    NOT NULL,
	timestamp  INTEGER NOT NULL,
	changed    INTEGER NOT NULL,
	manifest   TEXT    NOT NULL,
	unmapped   TEXT    NOT NULL DEFAULT '[]',
	UNIQUE (collection, uuid)
);
CREATE TABLE issue_piece (
	issue INTEGER NOT NULL REFERENCES issue (id),
	start INTEGER NOT NULL,
	data  BLOB    NOT NULL,
	PRIMARY KEY (issue, start)
) WITHOUT ROWID;
