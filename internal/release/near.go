package release

// near recognises long names with one letter too many, too few, wrong, or two swapped: what a typing error
// makes of a name, or somebody who wants it missed. One error leaves the beginning or the end as it was, so
// names are looked up by both.
type near struct {
	byEdge      map[edge][]string
	least, most int // lengths of the names
}

// edge is the first or the last three letters of a name.
type edge struct {
	letters [3]byte
	last    bool
}

// nearName is the length from which a name with an error is still that name and no other word.
const nearName = 8

func newNear() near { return near{byEdge: make(map[edge][]string)} }

func (n *near) add(name string) {
	if len(name) < nearName || !isASCII(name) {
		return
	}
	if len(n.byEdge) == 0 {
		n.least = len(name)
	}
	n.least, n.most = min(n.least, len(name)), max(n.most, len(name))
	for _, e := range edges(name) {
		n.byEdge[e] = append(n.byEdge[e], name)
	}
}

func edges(word string) [2]edge {
	return [2]edge{{letters: [3]byte([]byte(word[:3]))}, {letters: [3]byte([]byte(word[len(word)-3:])), last: true}}
}

// in returns what stands in words, at their borders, and is one error away from a name.
func (n *near) in(words []string) []string {
	if len(n.byEdge) == 0 {
		return nil
	}
	var found []string
	s := join(words)
	for i, start := range s.starts {
		for j := i + 1; j <= len(s.starts); j++ {
			end := len(s.text)
			if j < len(s.starts) {
				end = s.starts[j]
			}
			if end-start > n.most+1 {
				break
			}
			if end-start >= n.least-1 && n.has(s.text[start:end]) {
				found = append(found, s.text[start:end])
			}
		}
	}
	return found
}

func (n *near) has(word string) bool {
	for _, e := range edges(word) {
		for _, name := range n.byEdge[e] {
			if oneError(word, name) {
				return true
			}
		}
	}
	return false
}

// oneError says whether two words differ by exactly one letter that is added, left out or wrong, or by two
// neighbours swapped.
func oneError(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch {
	case len(b)-len(a) > 1 || a == b:
		return false
	case len(b) > len(a):
		return a[i:] == b[i+1:]
	case a[i+1:] == b[i+1:]:
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
