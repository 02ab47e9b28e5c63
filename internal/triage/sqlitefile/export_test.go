package sqlitefile

// Work carves a stretch, and gives how many bytes that took to look at and how many
// it may take.
func Work(s Stretch, shapes []Shape) (looked, most int) {
	c := newCarver(s, shapes)
	most = c.left
	c.carve(s)
	return most - c.left, most
}
