package main

import (
	"fmt"
	"strings"
)

// contactsSchema is the address book's part of Android's contacts2.db: the
// columns that its provider of the years around version 13 has, without those
// that only its own caches use.
const contactsSchema = `
CREATE TABLE android_metadata (locale TEXT);
CREATE TABLE accounts (
	_id INTEGER PRIMARY KEY AUTOINCREMENT,
	account_name TEXT, account_type TEXT, data_set TEXT);
CREATE TABLE mimetypes (
	_id INTEGER PRIMARY KEY AUTOINCREMENT,
	mimetype TEXT NOT NULL);
CREATE TABLE contacts (
	_id INTEGER PRIMARY KEY AUTOINCREMENT,
	name_raw_contact_id INTEGER REFERENCES raw_contacts(_id),
	photo_id INTEGER, photo_file_id INTEGER, custom_ringtone TEXT,
	send_to_voicemail INTEGER NOT NULL DEFAULT 0,
	times_contacted INTEGER NOT NULL DEFAULT 0,
	last_time_contacted INTEGER,
	starred INTEGER NOT NULL DEFAULT 0,
	pinned INTEGER NOT NULL DEFAULT 0,
	has_phone_number INTEGER NOT NULL DEFAULT 0,
	lookup TEXT,
	contact_last_updated_timestamp INTEGER);
CREATE TABLE raw_contacts (
	_id INTEGER PRIMARY KEY AUTOINCREMENT,
	account_id INTEGER REFERENCES accounts(_id),
	sourceid TEXT,
	raw_contact_is_read_only INTEGER NOT NULL DEFAULT 0,
	version INTEGER NOT NULL DEFAULT 1,
	dirty INTEGER NOT NULL DEFAULT 0,
	deleted INTEGER NOT NULL DEFAULT 0,
	contact_id INTEGER REFERENCES contacts(_id),
	aggregation_mode INTEGER NOT NULL DEFAULT 0,
	times_contacted INTEGER NOT NULL DEFAULT 0,
	last_time_contacted INTEGER,
	starred INTEGER NOT NULL DEFAULT 0,
	display_name TEXT, display_name_alt TEXT,
	display_name_source INTEGER NOT NULL DEFAULT 0,
	sort_key TEXT COLLATE NOCASE,
	sync1 TEXT, sync2 TEXT, sync3 TEXT, sync4 TEXT);
CREATE TABLE data (
	_id INTEGER PRIMARY KEY AUTOINCREMENT,
	package_id INTEGER,
	mimetype_id INTEGER REFERENCES mimetypes(_id) NOT NULL,
	raw_contact_id INTEGER REFERENCES raw_contacts(_id) NOT NULL,
	is_read_only INTEGER NOT NULL DEFAULT 0,
	is_primary INTEGER NOT NULL DEFAULT 0,
	is_super_primary INTEGER NOT NULL DEFAULT 0,
	data_version INTEGER NOT NULL DEFAULT 0,
	data1 TEXT, data2 TEXT, data3 TEXT, data4 TEXT, data5 TEXT,
	data6 TEXT, data7 TEXT, data8 TEXT, data9 TEXT, data10 TEXT,
	data11 TEXT, data12 TEXT, data13 TEXT, data14 TEXT, data15 TEXT);
CREATE TABLE phone_lookup (
	data_id INTEGER REFERENCES data(_id) NOT NULL,
	raw_contact_id INTEGER REFERENCES raw_contacts(_id) NOT NULL,
	normalized_number TEXT NOT NULL,
	min_match TEXT NOT NULL);
CREATE INDEX data_raw_contact_id ON data (raw_contact_id);
CREATE INDEX data_mimetype_data1_index ON data (mimetype_id, data1);
`

// The kinds of data rows, by the number mimetypes gives them here.
const (
	mimePhone int64 = iota + 1
	mimeEmail
	mimeName
	mimeNote
)

const insertData = `INSERT INTO data (mimetype_id, raw_contact_id, is_primary, data1, data2, data3, data4) VALUES (?, ?, 1, ?, ?, ?, ?)`

// contactsDB makes contacts2.db.
func contactsDB() ([]byte, error) {
	rows := []row{
		{`INSERT INTO android_metadata (locale) VALUES (?)`, []any{"en_US"}},
		{`INSERT INTO accounts (account_name, account_type) VALUES (?, ?)`, []any{"tobin.marr@example.com", "com.example.phone"}},
	}
	for _, m := range []string{"phone_v2", "email_v2", "name", "note"} {
		rows = append(rows, row{`INSERT INTO mimetypes (mimetype) VALUES (?)`, []any{"vnd.android.cursor.item/" + m}})
	}
	for i, c := range contacts() {
		rows = append(rows, contactRows(int64(i+1), c)...)
	}
	return database(1500, contactsSchema, rows)
}

// contactRows writes one person the way the provider does: an aggregate, the
// raw contact under it, and a data row for each thing known. The number stays
// as typed; Android's own normal form goes beside it where it could make one,
// which for the number in Eastern Arabic digits it could not.
func contactRows(id int64, c contact) []row {
	updated := storyStart().AddDate(0, 0, -int(id)).UnixMilli()
	e164 := any(c.normal)
	if strings.ContainsRune(c.written, '٣') {
		e164 = nil
	}
	rows := []row{
		{
			`INSERT INTO contacts (_id, name_raw_contact_id, has_phone_number, lookup, contact_last_updated_timestamp) VALUES (?, ?, 1, ?, ?)`,
			[]any{id, id, fmt.Sprintf("0r%d-%04X", id, 0x2A31*id&0xFFFF), updated},
		},
		{
			`INSERT INTO raw_contacts (_id, account_id, contact_id, display_name, display_name_alt, display_name_source, sort_key) VALUES (?, 1, ?, ?, ?, 40, ?)`,
			[]any{id, id, c.name(), strings.TrimPrefix(c.family+", "+c.given, ", "), c.name()},
		},
		{insertData, []any{mimeName, id, c.name(), c.given, c.family, nil}},
		{insertData, []any{mimePhone, id, c.written, "2", nil, e164}},
	}
	if e164 != nil {
		rows = append(rows, row{
			`INSERT INTO phone_lookup (data_id, raw_contact_id, normalized_number, min_match) SELECT max(_id), ?, ?, ? FROM data`,
			[]any{id, c.normal, reversed(c.normal[len(c.normal)-7:])},
		})
	}
	if c.email != "" {
		rows = append(rows, row{insertData, []any{mimeEmail, id, c.email, "1", nil, nil}})
	}
	if c.note != "" {
		rows = append(rows, row{insertData, []any{mimeNote, id, c.note, nil, nil, nil}})
	}
	return rows
}

// reversed gives the digits back to front, as phone_lookup's min_match keeps
// the last seven of a number.
func reversed(digits string) string {
	b := []byte(digits)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}
