// Package demo holds the files that the demonstration runs on, and says what
// each of them is.
//
// Two parties that do not trust each other share an enemy, Group C. North has
// taken a telephone last night; South has overheard a conversation. Each holds
// half of a plot against a concert hall. They find out which identifiers they
// both hold, South hands over what may be said, North warns the hall, and the
// evening passes without harm.
//
//	phone, err := fs.ReadFile(demo.Files(), demo.Phone)
//
//	for _, f := range demo.List() {
//		fmt.Println(f.Path, f.What)
//	}
//
// Nothing in it is real but the public dates and numbers of past attacks in
// the claims file. Persons are invented; telephone numbers, domains and
// addresses come from the ranges kept for examples; the pictures are drawn
// patterns. It must never hold anything else.
//
// The files are made by the program in the folder make, and a test compares
// the two. To change the story, edit make/cast.go (who is in it, and what both
// sides hold) or the file of the format in question, run
//
//	go run ./demo/make -out demo/files
//
// and commit both. docs/demo.md is the longer account.
package demo
