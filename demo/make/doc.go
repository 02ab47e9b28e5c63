// Command make writes the files of the demonstration.
//
//	go run ./demo/make -out demo/files
//
// One file of this program makes one format, and cast.go alone holds who is
// in the story and which identifiers they use, so that what North and South
// both hold is seen in one place. Every byte is fixed: times, identifiers and
// pictures come from constants, so a second run gives the same files, and a
// test says so.
//
// It must never write anything about a real person: telephone numbers come
// from the range kept for fiction (555-0100 to 555-0199), domains from
// RFC 2606, and every Telegram handle carries the word demo.
package main
