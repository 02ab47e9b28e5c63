-- WhatsApp's msgstore.db on Android since 2022, cut to the tables that are read.
CREATE TABLE jid (_id INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT NOT NULL, server TEXT NOT NULL, agent INTEGER, device INTEGER, type INTEGER, raw_string TEXT);
CREATE TABLE chat (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid_row_id INTEGER UNIQUE, hidden INTEGER, subject TEXT, created_timestamp INTEGER);
CREATE TABLE message (_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER NOT NULL, from_me INTEGER NOT NULL, key_id TEXT NOT NULL, sender_jid_row_id INTEGER, status INTEGER, broadcast INTEGER, timestamp INTEGER, received_timestamp INTEGER, message_type INTEGER, text_data TEXT, sort_id INTEGER NOT NULL DEFAULT 0);
CREATE TABLE message_location (message_row_id INTEGER PRIMARY KEY, chat_row_id INTEGER, latitude REAL, longitude REAL, place_name TEXT, place_address TEXT, url TEXT);
INSERT INTO jid VALUES (1,'12025550147','s.whatsapp.net',0,0,0,'12025550147@s.whatsapp.net'),(2,'120363','g.us',0,0,1,'120363@g.us'),(3,'12025550148','s.whatsapp.net',0,4,17,'12025550148.0:4@s.whatsapp.net');
INSERT INTO chat VALUES (1,1,0,NULL,0),(2,2,0,'The lamps',0);
INSERT INTO message (_id,chat_row_id,from_me,key_id,sender_jid_row_id,timestamp,message_type,text_data) VALUES
 (1,-1,0,'-1',0,0,-1,NULL),(2,1,0,'A',0,1704457845000,0,'see https://example.org/x'),(3,1,1,'B',0,1704457846000,0,'ok'),(4,2,0,'C',3,1704457847000,5,NULL);
INSERT INTO message_location VALUES (4,2,48.5,-3.25,'The hall','1 Example Street',NULL);
