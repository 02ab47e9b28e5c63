// Package ewf reads disk images in the Expert Witness format of EnCase (E01, in
// one segment or more), and checks them.
//
//	image, err := ewf.Open(segments)
//	_, err = io.Copy(dst, io.NewSectionReader(image, 0, image.Size()))
//	damage := image.Damage()
//
// Every chunk's checksum is checked when it is read. A chunk that does not unpack
// reads as zeros; [Image.Damage] says which ones these were. What no segment has is
// not part of the content. [Image.MD5] and [Image.SHA1] are what the image says of its content, for the
// reader to compare.
//
// The package must never hold more than a few chunks in memory. Source: Joachim
// Metz, Expert Witness Compression Format specification.
package ewf
