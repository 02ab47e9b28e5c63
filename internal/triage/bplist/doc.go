// Package bplist reads Apple's binary property lists, version 00, as an enemy may
// have written them.
//
//	list, err := bplist.Open(data)
//	err = list.Each(func(path []bplist.Step, v bplist.Value) error { … })
//
// A list is a table of objects that name each other by number. Each object is told
// once, under the first path that leads to it, however often others name it, so a
// list takes time and memory in proportion to its length: rings and objects that
// stand for billions cost nothing. Depth, objects and bytes have limits.
//
// Each value says at which bytes of the list it stands. The package must never
// change what it is given, and knows nothing of what a list is for.
package bplist
