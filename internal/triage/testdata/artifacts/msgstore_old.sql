-- WhatsApp's msgstore.db on Android before 2022.
CREATE TABLE messages (_id INTEGER PRIMARY KEY AUTOINCREMENT, key_remote_jid TEXT NOT NULL, key_from_me INTEGER, key_id TEXT NOT NULL, status INTEGER, needs_push INTEGER, data TEXT, timestamp INTEGER, media_url TEXT, media_mime_type TEXT, media_wa_type TEXT, media_size INTEGER, media_name TEXT, media_caption TEXT, latitude REAL, longitude REAL, thumb_image TEXT, remote_resource TEXT, received_timestamp INTEGER);
INSERT INTO messages (_id,key_remote_jid,key_from_me,key_id,data,timestamp,media_name,latitude,longitude,remote_resource) VALUES
 (1,'-1',0,'-1',NULL,0,NULL,NULL,NULL,NULL),
 (2,'12025550147@s.whatsapp.net',0,'A1','write to desk@example.org',1604457845000,NULL,0,0,NULL),
 (3,'12025550147@s.whatsapp.net',1,'A2','ok',1604457846000,NULL,NULL,NULL,NULL),
 (4,'12025550147-1604457000@g.us',0,'A3',NULL,1604457847000,'The hall',48.5,-3.25,'12025550148@s.whatsapp.net');
