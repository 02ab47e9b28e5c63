// Package mail takes messages apart: RFC 5322 headers and the MIME parts of RFC
// 2045 to 2047 and 2231, as mail programs and enemies write them.
//
//	message := mail.Parse(data)
//	for _, part := range message.Parts {
//		content := message.Content(part) // in its own bytes; text in UTF-8
//	}
//
// Everything is said by where it stands in the message, so that a reader can name
// the bytes. What is broken is taken as it stands: a message that cannot be taken
// apart is one part. Depth, parts and fields have limits, and time and memory
// grow with the length of the message alone.
//
// The package must never follow what a message points to outside of it.
package mail
