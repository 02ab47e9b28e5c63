-- Android's accounts_ce.db (AccountManagerService).
CREATE TABLE accounts (_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, type TEXT NOT NULL, password TEXT, UNIQUE(name,type));
CREATE TABLE authtokens (_id INTEGER PRIMARY KEY AUTOINCREMENT, accounts_id INTEGER NOT NULL, type TEXT NOT NULL, authtoken TEXT, UNIQUE (accounts_id,type));
CREATE TABLE extras (_id INTEGER PRIMARY KEY AUTOINCREMENT, accounts_id INTEGER, key TEXT NOT NULL, value TEXT, UNIQUE(accounts_id,key));
INSERT INTO accounts (name,type,password) VALUES ('lamp.light@example.org','com.google','aas_et/invented'),('WhatsApp','com.whatsapp',NULL);
