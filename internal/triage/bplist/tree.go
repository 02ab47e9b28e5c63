package bplist

// Node is a value with its key, and what is in it.
type Node struct {
	Step
	Value
	Nodes []Node // of a dictionary or an array
}

// treeBytes bounds what the strings of a tree may take together.
const treeBytes = 16 << 20

// Tree gives the list as a tree no deeper than depth and of no more than most
// nodes; what is beyond is left out. An object that several name stands in the
// tree as often as it is named.
func (l *List) Tree(depth, most int) Node {
	root := Node{Step: Step{Index: -1}}
	(&grower{list: l, nodes: most, bytes: treeBytes}).grow(&root, l.top, depth)
	return root
}

type grower struct {
	list         *List
	nodes, bytes int // that may still be taken
}

func (g *grower) grow(n *Node, object uint64, depth int) {
	if g.nodes--; g.nodes < 0 || object >= g.list.count {
		return
	}
	kind, length, at := g.list.object(object)
	switch kind {
	case dictionary:
		g.members(n, at, length, depth)
	case array, set:
		g.items(n, at, length, depth)
	default:
		if g.bytes -= length; g.bytes >= 0 {
			n.Value, _ = g.list.value(kind, length, at)
		}
	}
}

func (g *grower) members(n *Node, at, count, depth int) {
	for i := 0; i < count && depth > 0 && g.nodes > 0; i++ {
		key, value, ok := g.list.member(at, count, i)
		if !ok {
			return
		}
		n.Nodes = append(n.Nodes, Node{Step: Step{Key: g.list.key(key), Index: -1}})
		g.grow(&n.Nodes[len(n.Nodes)-1], value, depth-1)
	}
}

func (g *grower) items(n *Node, at, count, depth int) {
	for i := 0; i < count && depth > 0 && g.nodes > 0; i++ {
		value, ok := g.list.number(at+i*g.list.refSize, g.list.refSize)
		if !ok {
			return
		}
		n.Nodes = append(n.Nodes, Node{Step: Step{Index: i}})
		g.grow(&n.Nodes[len(n.Nodes)-1], value, depth-1)
	}
}
