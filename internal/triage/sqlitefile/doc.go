// Package sqlitefile reads what SQLite itself does not show of its files: records
// in pages and stretches that were freed, and the frames of a write-ahead log.
//
//	db, err := sqlitefile.Open(file, size)
//	err = db.Freed(func(s sqlitefile.Stretch) error {
//		for _, r := range sqlitefile.Carve(s, shapes) { … }
//	})
//
//	log, err := sqlitefile.OpenLog(file, size)
//	merged := log.Over(db, size) // the database as of the last commit
//
// It follows sqlite.org/fileformat2.html. Rows in use are left to SQLite. A record
// that was freed is told only where its own numbers agree with each other; what
// does not add up is left alone rather than guessed at.
//
// Files are an enemy's: no page is followed twice, no length is believed, and time
// grows with the size of the file. The package must never write.
package sqlitefile
