-- iOS's sms.db, cut to the tables that are read. The second message's text is only in attributedBody.
CREATE TABLE handle (ROWID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE, id TEXT NOT NULL, country TEXT, service TEXT NOT NULL, uncanonicalized_id TEXT, UNIQUE (id, service));
CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT UNIQUE NOT NULL, text TEXT, replace INTEGER DEFAULT 0, service_center TEXT, handle_id INTEGER DEFAULT 0, subject TEXT, country TEXT, attributedBody BLOB, version INTEGER DEFAULT 0, type INTEGER DEFAULT 0, service TEXT, account TEXT, date INTEGER, date_read INTEGER, is_from_me INTEGER DEFAULT 0);
INSERT INTO handle (ROWID,id,service) VALUES (1,'+12025550147','iMessage'),(2,'desk@example.org','iMessage');
INSERT INTO message (ROWID,guid,text,handle_id,service,date,is_from_me,attributedBody) VALUES
 (1,'a','See https://example.org/x',1,'SMS',726150645,0,NULL),
 (2,'b',NULL,2,'iMessage',726150700000000000,1,x'040B73747265616D747970656481E803840140848484124E5341747472696275746564537472696E67008484084E534F626A656374008592848484084E53537472696E67019484012B18636F6D6520746F207777772E68616C6C2E6578616D706C6586840269490119');
