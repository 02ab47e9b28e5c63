// Package report writes what a triage found as one page of HTML, to be read, printed
// and kept without the program.
//
//	err := report.Write(ctx, w, results, report.Options{Now: time.Now()})
//
// The page holds all it needs: its style, its drawings as SVG, and small copies of
// pictures. Its policy lets it fetch nothing and run nothing. What stands in evidence
// was written by an enemy: it is shown as text, each piece apart from the writing
// direction of what is around it, with what hides made visible. Pictures are decoded
// and written anew, so that no byte of a file of the evidence is in the page; they are
// grey and blurred until the reader clicks on one.
//
// What is left out of a table or a drawing for its size is said there. The same
// results, pictures and time give the same bytes.
//
// It must never have a script in the page, or an address that is fetched.
package report
