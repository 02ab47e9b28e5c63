// Package corpus makes texts in which it is known what stands: selectors of every
// kind, written as people and programs write them, and what only looks like one
// (order numbers, versions, dates, serial numbers with a wrong check digit, hashes
// of a wrong length, program text). The recall and precision of package selector,
// and of triage through its containers, are measured on them.
//
//	for _, line := range corpus.Lines(1, 140, 140) {
//		fmt.Println(line.Text, line.Holds)
//	}
//
// The same seed gives the same lines always. Checksums are computed here anew, not
// with the code that is measured. Values are invented or reserved for examples;
// phone numbers are of ranges kept for fiction where the country has one.
//
// The package must never be imported but by tests and benchmarks.
package corpus
