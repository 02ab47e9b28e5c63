-- The History of Chromium, cut to the tables that are read.
CREATE TABLE urls (id INTEGER PRIMARY KEY AUTOINCREMENT, url LONGVARCHAR, title LONGVARCHAR, visit_count INTEGER DEFAULT 0 NOT NULL, typed_count INTEGER DEFAULT 0 NOT NULL, last_visit_time INTEGER NOT NULL, hidden INTEGER DEFAULT 0 NOT NULL);
CREATE TABLE visits (id INTEGER PRIMARY KEY AUTOINCREMENT, url INTEGER NOT NULL, visit_time INTEGER NOT NULL, from_visit INTEGER, transition INTEGER DEFAULT 0 NOT NULL, segment_id INTEGER, visit_duration INTEGER DEFAULT 0 NOT NULL);
CREATE TABLE downloads (id INTEGER PRIMARY KEY, guid VARCHAR NOT NULL, current_path LONGVARCHAR NOT NULL, target_path LONGVARCHAR NOT NULL, start_time INTEGER NOT NULL, received_bytes INTEGER NOT NULL, total_bytes INTEGER NOT NULL, referrer VARCHAR NOT NULL, tab_url VARCHAR NOT NULL, mime_type VARCHAR(255) NOT NULL);
INSERT INTO urls (id,url,title,last_visit_time) VALUES (1,'https://hall.example/map?q=desk@example.org','The hall',13348931445000000);
INSERT INTO visits (url,visit_time) VALUES (1,13348931445000000),(1,13348931545000000),(77,13348931545000000);
INSERT INTO downloads VALUES (1,'g','','C:\Users\lamp\plan.pdf',13348931445000000,10,10,'','https://hall.example/plan.pdf','application/pdf');
