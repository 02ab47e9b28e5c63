-- iOS's applicationState.db (FrontBoard).
CREATE TABLE application_identifier_tab (id INTEGER PRIMARY KEY, application_identifier TEXT NOT NULL, UNIQUE(application_identifier));
CREATE TABLE key_tab (id INTEGER PRIMARY KEY, key TEXT NOT NULL, UNIQUE(key));
CREATE TABLE kvs (id INTEGER PRIMARY KEY, application_identifier INTEGER, key INTEGER, value BLOB NOT NULL, UNIQUE(application_identifier, key));
INSERT INTO application_identifier_tab VALUES (1,'com.example.lamp'),(2,'net.whatsapp.WhatsApp');
INSERT INTO key_tab VALUES (1,'compatibilityInfo');
INSERT INTO kvs VALUES (1,1,1,x'00');
