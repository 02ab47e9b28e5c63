package store

// Exec runs a statement on the writing connection, for tests from outside.
var Exec = raw
