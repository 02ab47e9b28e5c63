-- Android's contacts2.db (ContactsProvider), cut to the tables that are read.
CREATE TABLE mimetypes (_id INTEGER PRIMARY KEY AUTOINCREMENT, mimetype TEXT NOT NULL);
CREATE TABLE raw_contacts (_id INTEGER PRIMARY KEY AUTOINCREMENT, account_id INTEGER, sourceid TEXT, version INTEGER NOT NULL DEFAULT 1, dirty INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0, contact_id INTEGER, display_name TEXT, display_name_alt TEXT, sort_key TEXT COLLATE NOCASE);
CREATE TABLE data (_id INTEGER PRIMARY KEY AUTOINCREMENT, package_id INTEGER, mimetype_id INTEGER NOT NULL, raw_contact_id INTEGER NOT NULL, is_primary INTEGER NOT NULL DEFAULT 0, data1 TEXT, data2 TEXT, data3 TEXT, data4 TEXT, data15 BLOB);
CREATE INDEX data_raw_contact_id ON data (raw_contact_id);
CREATE TRIGGER raw_contacts_marked_deleted AFTER UPDATE ON raw_contacts BEGIN DELETE FROM data WHERE raw_contact_id=OLD._id AND NEW.deleted=1; END;
INSERT INTO mimetypes VALUES (1,'vnd.android.cursor.item/email_v2'),(5,'vnd.android.cursor.item/phone_v2'),(7,'vnd.android.cursor.item/name'),(9,'vnd.android.cursor.item/note');
INSERT INTO raw_contacts (_id, contact_id, display_name) VALUES (3,1,'Samir Halloran'),(8,2,NULL);
INSERT INTO data (mimetype_id, raw_contact_id, data1, data2) VALUES (7,3,'Samir H.',NULL),(5,3,'(202) 555-0147','2'),(1,3,'Desk@Example.org',NULL),(7,8,'The lamp',NULL),(9,8,'see t.me/lamp_light',NULL);
