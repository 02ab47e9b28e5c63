package sevenzip

// Things an archive has no more of than this, whatever it claims.
const (
	mostCoders = 8
	mostInput  = 1 << 50 // bytes packed
)

// coder is one step of unpacking.
type coder struct {
	method     string
	properties []byte
	in, out    int
}

// bind says that a coder's input is another's output.
type bind struct{ in, out int }

// folder is files that were packed together.
type folder struct {
	coders  []coder
	binds   []bind
	packed  []int // which inputs are packed streams
	sizes   []int64
	digest  digest
	first   int     // its first packed stream
	streams []int64 // sizes of its files
	digests []digest
}

// streams is where the packed bytes lie, and how they are unpacked.
type streams struct {
	// starts says where each packed stream begins, from the end of the signature;
	// one more, where the last ends.
	starts  []int64
	folders []folder
}

func (c *cursor) streams() streams {
	var s streams
	for c.err == nil {
		switch mark := c.byte(); mark {
		case markEnd:
			s.one()
			return s
		case markPackInfo:
			c.packInfo(&s)
		case markUnpackInfo:
			c.unpackInfo(&s)
		case markSubStreams:
			c.subStreams(&s)
		default:
			c.fail()
		}
	}
	return s
}

// one gives folders without substreams their one file.
func (s *streams) one() {
	for i := range s.folders {
		f := &s.folders[i]
		if f.streams == nil {
			f.streams, f.digests = []int64{f.size()}, []digest{f.digest}
		}
	}
}

func (c *cursor) packInfo(s *streams) {
	next := c.size()
	n := c.count(8)
	for c.err == nil {
		switch c.byte() {
		case markEnd:
			return
		case markSize:
			s.starts = make([]int64, 0, n+1)
			for range n {
				s.starts = append(s.starts, next)
				if next += c.size(); next < 0 || next > mostInput {
					c.fail()
					return
				}
			}
			s.starts = append(s.starts, next)
			next = s.starts[0]
		case markCRC:
			c.digests(n)
		default:
			c.fail()
		}
	}
}

func (c *cursor) unpackInfo(s *streams) {
	c.want(markFolder)
	n := c.count(16)
	if n > c.most {
		c.fail()
	}
	c.want(0) // not in another place
	first := 0
	for range n {
		f := c.folder()
		if c.err != nil {
			return
		}
		f.first = first
		first += len(f.packed)
		s.folders = append(s.folders, f)
	}
	c.want(markUnpackSize)
	for i := range s.folders {
		f := &s.folders[i]
		for _, coder := range f.coders {
			for range coder.out {
				f.sizes = append(f.sizes, c.size())
			}
		}
	}
	for c.err == nil {
		switch c.byte() {
		case markEnd:
			return
		case markCRC:
			for i, d := range c.digests(len(s.folders)) {
				s.folders[i].digest = d
			}
		default:
			c.fail()
		}
	}
}

func (c *cursor) folder() folder {
	var f folder
	in, out := 0, 0
	n := c.number()
	if n == 0 || n > mostCoders {
		c.fail()
	}
	for i := uint64(0); i < n && c.err == nil; i++ {
		flags := c.byte()
		m := coder{method: string(c.bytes(int(flags & 0xf))), in: 1, out: 1}
		if flags&0x10 != 0 {
			m.in, m.out = c.count(1), c.count(1)
		}
		if flags&0x20 != 0 {
			m.properties = c.bytes(int(min(c.number(), 1<<20)))
		}
		if flags&0xc0 != 0 || m.in < 1 || m.out < 1 || m.in > mostCoders || m.out > mostCoders {
			c.fail()
		}
		in, out = in+m.in, out+m.out
		f.coders = append(f.coders, m)
	}
	for range max(0, out-1) {
		f.binds = append(f.binds, bind{int(min(c.number(), 64)), int(min(c.number(), 64))})
	}
	packed := in - max(0, out-1)
	if packed < 1 || out < 1 {
		c.fail()
		return f
	}
	if packed == 1 {
		for i := range in {
			if !f.bound(i) {
				f.packed = []int{i}
			}
		}
		return f
	}
	for range packed {
		f.packed = append(f.packed, int(min(c.number(), 64)))
	}
	return f
}

func (f folder) bound(in int) bool {
	for _, b := range f.binds {
		if b.in == in {
			return true
		}
	}
	return false
}

// size is that of the output which is bound to no input: the last step's.
func (f folder) size() int64 {
	for out := len(f.sizes) - 1; out >= 0; out-- {
		free := true
		for _, b := range f.binds {
			free = free && b.out != out
		}
		if free {
			return f.sizes[out]
		}
	}
	return 0
}

// largestStep bounds what a step of unpacking gives: what is packed once more, or
// goes through a filter, is hardly longer than what comes out at the end. So a
// folder of one byte takes no large dictionary.
func (f folder) largestStep() int64 { return f.size() + f.size()/8 + 4096 }

func (c *cursor) subStreams(s *streams) {
	counts := make([]int, len(s.folders))
	for i := range counts {
		counts[i] = 1
	}
	mark := c.byte()
	if mark == markStreamCount {
		for i := range counts {
			counts[i] = c.count(1)
		}
		mark = c.byte()
	}
	sized := mark == markSize
	unknown := 0
	for i := range s.folders {
		unknown += c.divide(&s.folders[i], counts[i], sized)
	}
	if sized {
		mark = c.byte()
	}
	for ; c.err == nil && mark != markEnd; mark = c.byte() {
		if mark != markCRC {
			c.fail()
			return
		}
		c.spread(s, c.digests(unknown))
	}
}

// divide gives a folder's files their sizes: all but the last are written. It
// gives how many have no checksum yet.
func (c *cursor) divide(f *folder, count int, sized bool) int {
	f.streams = []int64{}
	left := f.size()
	for i := range count {
		size := left
		if i < count-1 {
			if !sized || len(c.raw) == 0 {
				c.fail()
				return 0
			}
			size = c.size()
		}
		if size > left {
			c.fail()
			return 0
		}
		left -= size
		f.streams = append(f.streams, size)
	}
	f.digests = make([]digest, len(f.streams))
	if count == 1 && f.digest.known {
		f.digests[0] = f.digest
		return 0
	}
	return count
}

func (c *cursor) spread(s *streams, sums []digest) {
	for i := range s.folders {
		f := &s.folders[i]
		for k := range f.digests {
			if len(sums) > 0 && !(len(f.digests) == 1 && f.digest.known) {
				f.digests[k], sums = sums[0], sums[1:]
			}
		}
	}
}
