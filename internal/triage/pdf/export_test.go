package pdf

// Work says how many steps and unpacked bytes a document took since it was opened,
// and how many it may take.
func (d *Document) Work() (steps, mostSteps, bytes, mostBytes int) {
	mostSteps, mostBytes = stepsFree+stepsByte*len(d.data), bytesFree+unpacks*len(d.data)
	return mostSteps - d.left, mostSteps, mostBytes - d.bytes, mostBytes
}
