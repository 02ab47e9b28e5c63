-- Safari's History.db, cut to the tables that are read.
CREATE TABLE history_items (id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL UNIQUE, domain_expansion TEXT NULL, visit_count INTEGER NOT NULL);
CREATE TABLE history_visits (id INTEGER PRIMARY KEY AUTOINCREMENT, history_item INTEGER NOT NULL, visit_time REAL NOT NULL, title TEXT NULL, load_successful BOOLEAN NOT NULL DEFAULT 1);
INSERT INTO history_items VALUES (1,'https://hall.example/','hall',1);
INSERT INTO history_visits (history_item,visit_time,title) VALUES (1,726150645.5,'The hall');
