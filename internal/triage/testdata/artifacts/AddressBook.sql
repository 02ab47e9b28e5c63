-- iOS's AddressBook.sqlitedb, cut to the tables that are read.
CREATE TABLE ABPerson (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, First TEXT, Last TEXT, Middle TEXT, FirstPhonetic TEXT, Organization TEXT, Department TEXT, Note TEXT, Kind INTEGER, Birthday TEXT, JobTitle TEXT, Nickname TEXT, CreationDate INTEGER, ModificationDate INTEGER);
CREATE TABLE ABMultiValue (UID INTEGER PRIMARY KEY, record_id INTEGER, property INTEGER, identifier INTEGER, label INTEGER, value TEXT, guid TEXT);
INSERT INTO ABPerson (ROWID,First,Last,Organization,Note) VALUES (1,'Samir','Halloran',NULL,'asks for t.me/lamp_light'),(2,NULL,NULL,'The Hall',NULL);
INSERT INTO ABMultiValue (record_id,property,value) VALUES (1,3,'(202) 555-0147'),(1,4,'Desk@Example.org'),(2,22,'https://hall.example/'),(2,3,'+1 202 555 0160');
