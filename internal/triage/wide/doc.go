// Package wide reads text in UTF-16, as file systems, archives and documents hold
// it, half of a pair as U+FFFD. It must never refuse any bytes.
//
//	name := wide.Text(raw, binary.LittleEndian)
package wide
