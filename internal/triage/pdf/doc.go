// Package pdf takes the text out of PDF documents (ISO 32000-1), as an enemy may
// have written them.
//
//	document, err := pdf.Open(data)
//	err = document.Pages(ctx, func(p pdf.Page) error { … })
//
// The table that says where objects are is not believed: the file is searched for
// them, the last of a number counts, so that a broken table hides nothing. Text is
// given as the page's program writes it, with spaces and lines put in by position.
// Streams may be packed with FlateDecode, ASCIIHexDecode, ASCII85Decode and
// RunLengthDecode. Text in a font that does not say what its glyphs mean cannot be
// read, nor can an encrypted document.
//
// Every step counts against a budget that the file's size sets: a document whose
// objects name each other in a ring, or that unpacks to gigabytes, ends with an
// error after what was read. Nothing in it is run, and no address in it fetched.
package pdf
