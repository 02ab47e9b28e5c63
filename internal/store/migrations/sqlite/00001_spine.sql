-- +goose Up

-- Settings and facts about the node itself.
CREATE TABLE setting (
	name  TEXT PRIMARY KEY,
	value BLOB NOT NULL
) WITHOUT ROWID;

-- A party we have been introduced to. "mine" holds our half of the
-- introduction, "session" the channel's secrets; both live only here.
CREATE TABLE counterpart (
	id           INTEGER PRIMARY KEY,
	name         TEXT NOT NULL UNIQUE,
	mine         BLOB,
	introduction BLOB,
	spoken       TEXT NOT NULL DEFAULT '',
	verified_at  INTEGER NOT NULL DEFAULT 0,
	session      BLOB,
	relays       TEXT NOT NULL DEFAULT '[]',
	added_at     INTEGER NOT NULL
);

-- One version of one STIX object, with the bytes it came in. origin is the
-- counterpart that gave it (0: ours), permitted_use what it allows. The origin
-- is part of the key: what one party says never stands in the way of what
-- another says, and nobody learns from a conflict what we hold.
CREATE TABLE object (
	seq           INTEGER PRIMARY KEY,
	uuid          BLOB    NOT NULL,
	type          TEXT    NOT NULL,
	modified      INTEGER NOT NULL,
	revoked       INTEGER NOT NULL,
	origin        INTEGER NOT NULL,
	permitted_use TEXT    NOT NULL DEFAULT '',
	added_at      INTEGER NOT NULL,
	body          BLOB    NOT NULL
);
CREATE UNIQUE INDEX object_version ON object (uuid, type, origin, modified);
CREATE INDEX object_type ON object (type, modified);

-- Something acquired, with its hash and chain of custody.
CREATE TABLE evidence (
	id          INTEGER PRIMARY KEY,
	name        TEXT    NOT NULL,
	path        TEXT    NOT NULL,
	sha256      BLOB    NOT NULL,
	size        INTEGER NOT NULL,
	operator    TEXT    NOT NULL,
	note        TEXT    NOT NULL DEFAULT '',
	acquired_at INTEGER NOT NULL DEFAULT 0,
	imported_at INTEGER NOT NULL,
	triaged_at  INTEGER NOT NULL DEFAULT 0,
	summary     TEXT    NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX evidence_sha256 ON evidence (sha256);

CREATE TABLE selector (
	id    INTEGER PRIMARY KEY,
	kind  TEXT NOT NULL,
	value TEXT NOT NULL
);
CREATE UNIQUE INDEX selector_value ON selector (kind, value);

-- Where a selector was found: in evidence (a place), in an object (a property
-- path) or in a list (a line).
CREATE TABLE finding (
	id       INTEGER PRIMARY KEY,
	selector INTEGER NOT NULL REFERENCES selector (id),
	evidence INTEGER REFERENCES evidence (id),
	object   INTEGER REFERENCES object (seq),
	list     TEXT    NOT NULL DEFAULT '',
	place    TEXT    NOT NULL,
	raw      TEXT    NOT NULL,
	context  TEXT    NOT NULL
);
CREATE INDEX finding_selector ON finding (selector);
CREATE INDEX finding_evidence ON finding (evidence);
CREATE INDEX finding_object ON finding (object);

CREATE TABLE artifact (
	id       INTEGER PRIMARY KEY,
	evidence INTEGER NOT NULL REFERENCES evidence (id),
	kind     TEXT    NOT NULL,
	at       INTEGER NOT NULL,
	place    TEXT    NOT NULL,
	body     TEXT    NOT NULL
);
CREATE INDEX artifact_evidence ON artifact (evidence, kind, at);

CREATE TABLE file (
	id       INTEGER PRIMARY KEY,
	evidence INTEGER NOT NULL REFERENCES evidence (id),
	place    TEXT    NOT NULL,
	size     INTEGER NOT NULL,
	sha256   BLOB    NOT NULL,
	type     TEXT    NOT NULL,
	problem  TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX file_evidence ON file (evidence);
CREATE INDEX file_sha256 ON file (sha256);

-- What is to go to a counterpart, in order; urgent ones first. A message's body
-- stands in pieces, never in one row: the engine's memory is capped, a body can
-- have 64 MiB, and the engine holds a row several times while it writes it.
CREATE TABLE outbox (
	id          INTEGER PRIMARY KEY,
	counterpart INTEGER NOT NULL REFERENCES counterpart (id),
	kind        TEXT    NOT NULL,
	urgent      INTEGER NOT NULL,
	queued_at   INTEGER NOT NULL,
	sealed_at   INTEGER NOT NULL DEFAULT 0,
	last_parcel INTEGER NOT NULL DEFAULT -1,
	bytes       INTEGER NOT NULL DEFAULT 0,
	acked_at    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX outbox_waiting ON outbox (counterpart, sealed_at, urgent, id);

CREATE TABLE piece (
	outbox INTEGER NOT NULL REFERENCES outbox (id),
	start  INTEGER NOT NULL,
	data   BLOB    NOT NULL,
	PRIMARY KEY (outbox, start)
) WITHOUT ROWID;

-- Sealed parcels, until the counterpart has said that it applied them.
CREATE TABLE parcel (
	counterpart INTEGER NOT NULL REFERENCES counterpart (id),
	number      INTEGER NOT NULL,
	mailbox     BLOB    NOT NULL,
	ident       BLOB    NOT NULL,
	bytes       BLOB    NOT NULL,
	stored_at   INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (counterpart, number)
) WITHOUT ROWID;

-- Parcels that came before their turn.
CREATE TABLE early (
	counterpart INTEGER NOT NULL REFERENCES counterpart (id),
	ident       BLOB    NOT NULL,
	bytes       BLOB    NOT NULL,
	PRIMARY KEY (counterpart, ident)
) WITHOUT ROWID;

-- What came from a counterpart: whole messages in the order they were sent.
CREATE TABLE inbox (
	id          INTEGER PRIMARY KEY,
	counterpart INTEGER NOT NULL REFERENCES counterpart (id),
	message     INTEGER NOT NULL,
	kind        TEXT    NOT NULL,
	total       INTEGER NOT NULL,
	received    INTEGER NOT NULL,
	received_at INTEGER NOT NULL,
	state       TEXT    NOT NULL,
	problem     TEXT    NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX inbox_message ON inbox (counterpart, message);
CREATE INDEX inbox_state ON inbox (state, id);

CREATE TABLE fragment (
	inbox  INTEGER NOT NULL REFERENCES inbox (id),
	start  INTEGER NOT NULL,
	data   BLOB    NOT NULL,
	PRIMARY KEY (inbox, start)
) WITHOUT ROWID;

CREATE TABLE matching (
	id          INTEGER PRIMARY KEY,
	run         BLOB    NOT NULL UNIQUE,
	counterpart INTEGER NOT NULL REFERENCES counterpart (id),
	role        TEXT    NOT NULL,
	state       TEXT    NOT NULL,
	terms       TEXT    NOT NULL,
	secret      BLOB,
	progress    TEXT    NOT NULL DEFAULT '{}',
	updated_at  INTEGER NOT NULL
);

CREATE INDEX matching_counterpart ON matching (counterpart, state);

-- The set a run was made with, fixed when it began; matched is what it found.
CREATE TABLE matching_item (
	matching INTEGER NOT NULL REFERENCES matching (id),
	position INTEGER NOT NULL,
	selector INTEGER NOT NULL REFERENCES selector (id),
	matched  INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (matching, position)
) WITHOUT ROWID;
CREATE INDEX matching_item_selector ON matching_item (selector) WHERE matched = 1;

CREATE TABLE release (
	id          INTEGER PRIMARY KEY,
	counterpart INTEGER NOT NULL REFERENCES counterpart (id),
	state       TEXT    NOT NULL,
	request     TEXT    NOT NULL,
	bundle      BLOB    NOT NULL,
	digest      BLOB    NOT NULL,
	map         TEXT    NOT NULL,
	stripped    TEXT    NOT NULL,
	findings    TEXT    NOT NULL DEFAULT '[]',
	author      TEXT    NOT NULL,
	clearer     TEXT    NOT NULL DEFAULT '',
	cleared     BLOB,
	outbox      INTEGER REFERENCES outbox (id),
	updated_at  INTEGER NOT NULL
);
CREATE INDEX release_outbox ON release (outbox);

CREATE TABLE watch (
	id        INTEGER PRIMARY KEY,
	kind      TEXT    NOT NULL,
	value     TEXT    NOT NULL,
	note      TEXT    NOT NULL,
	owner     TEXT    NOT NULL,
	recipient TEXT    NOT NULL,
	imminent  INTEGER NOT NULL,
	added_at  INTEGER NOT NULL
);
CREATE UNIQUE INDEX watch_value ON watch (kind, value);

CREATE TABLE warning (
	id         INTEGER PRIMARY KEY,
	ident      TEXT    NOT NULL UNIQUE,
	state      TEXT    NOT NULL,
	imminent   INTEGER NOT NULL,
	body       TEXT    NOT NULL,
	updated_at INTEGER NOT NULL
);

-- Every crossing of the boundary and every act that changes state, chained by
-- hash: an entry cannot be changed or taken out without all later ones showing.
CREATE TABLE ledger (
	seq         INTEGER PRIMARY KEY,
	at          INTEGER NOT NULL,
	actor       TEXT    NOT NULL,
	action      TEXT    NOT NULL,
	subject     TEXT    NOT NULL,
	counterpart TEXT    NOT NULL,
	detail      TEXT    NOT NULL,
	previous    BLOB    NOT NULL,
	hash        BLOB    NOT NULL
);
