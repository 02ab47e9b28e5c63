-- Android's mmssms.db (TelephonyProvider), cut to the tables that are read.
CREATE TABLE sms (_id INTEGER PRIMARY KEY, thread_id INTEGER, address TEXT, person INTEGER, date INTEGER, date_sent INTEGER DEFAULT 0, protocol INTEGER, read INTEGER DEFAULT 0, status INTEGER DEFAULT -1, type INTEGER, reply_path_present INTEGER, subject TEXT, body TEXT, service_center TEXT, locked INTEGER DEFAULT 0);
CREATE TABLE pdu (_id INTEGER PRIMARY KEY AUTOINCREMENT, thread_id INTEGER, date INTEGER, date_sent INTEGER DEFAULT 0, msg_box INTEGER, read INTEGER DEFAULT 0, m_id TEXT, sub TEXT, sub_cs INTEGER, ct_t TEXT);
CREATE TABLE part (_id INTEGER PRIMARY KEY AUTOINCREMENT, mid INTEGER, seq INTEGER DEFAULT 0, ct TEXT, name TEXT, chset INTEGER, cd TEXT, fn TEXT, cid TEXT, cl TEXT, ctt_s INTEGER, ctt_t TEXT, _data TEXT, text TEXT);
CREATE TABLE addr (_id INTEGER PRIMARY KEY, msg_id INTEGER, contact_id INTEGER, address TEXT, type INTEGER, charset INTEGER);
INSERT INTO sms (_id,address,date,type,body) VALUES (3,'+12025550147',1704457845000,1,'Meet at eight: https://example.org/x'),(4,'SERVICE',0,2,'ok');
INSERT INTO pdu (_id,date,msg_box,sub) VALUES (1,1704457845,1,'the hall'),(2,1704457900,2,NULL);
INSERT INTO part (mid,ct,text) VALUES (1,'application/smil','<smil/>'),(1,'text/plain','write to desk@example.org'),(1,'text/plain','and come'),(2,'image/jpeg',NULL);
INSERT INTO addr (msg_id,address,type) VALUES (1,'+12025550148',137),(1,'insert-address-token',151),(2,'insert-address-token',137),(2,'+12025550149',151),(2,'+12025550150',151);
