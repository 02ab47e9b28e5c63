// Package bench measures whole programs side by side: Parley as it is built and
// run by its users, and others where they are to be had, with the same requests
// in the same run. Each package's own benchmarks stand beside its code.
//
// It has tests and benchmarks only, and is no part of 'go test ./...' beyond a
// small round of each:
//
//	go test -run '^$' -bench TAXII -benchtime 1x ./bench
//	go test -run Equal -v ./bench -objects 1000000
//
// It must never write down a figure: it prints what it measures, with the name of
// what was measured.
package bench
