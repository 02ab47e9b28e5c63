package relay

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// index says which parcels lie in which mailbox, in memory. Only mailboxes that hold something, or
// that somebody is waiting at, are in it: an empty mailbox costs nothing, and asking about one
// never touches the disk. The journal is the truth; the index is read from it at start.
type index struct {
	quota  quota
	maxAge time.Duration
	now    func() time.Time

	shards                  [256]shard // by the address's first byte, which is as good as random
	parcels, bytes, waiting atomic.Int64
	pages                   pages

	window uint32 // how long the id of a parcel that is gone is remembered, at least; at most twice that; in seconds
	turn   uint32 // when what was remembered so long is forgotten next: seconds since 1970

	// removed, while the journal is read through, are the numbers through which mailboxes were emptied; else nil.
	removed map[boxAddress]uint64
}

// quota is how much may lie in one mailbox and in the whole relay.
type quota struct {
	parcels    int
	bytes      int64
	totalBytes int64
	waiting    int64
}

type shard struct {
	mu    sync.Mutex
	boxes map[boxAddress]*box

	gone, goneBefore map[parcelID]struct{} // of parcels that were removed lately, mixed with their mailbox
}

// goneID is a parcel's id as a shard remembers it.
func goneID(a boxAddress, id parcelID) parcelID {
	for i := range id {
		id[i] ^= a[i] ^ a[len(id)+i]
	}
	return id
}

func (s *shard) knows(a boxAddress, id parcelID) bool {
	key := goneID(a, id)
	_, lately := s.gone[key]
	_, before := s.goneBefore[key]
	return lately || before
}

// box is one mailbox. Its bytes count parcels on their way to the disk too, so that puts at the
// same moment cannot pass a quota together.
type box struct {
	entries []entry // in the order in which they were put
	bytes   int64
	coming  int           // puts on their way to the disk
	waiters int           // readers waiting for a parcel
	wake    chan struct{} // closed when one arrives
}

// entry is one parcel: 40 bytes, so that a million of them take 40 MB.
type entry struct {
	seq   uint64 // its number: the place where it was put
	id    parcelID
	at    uint32 // seconds since 1970
	class uint8
	where uint64 // the place where it lies
}

func (e entry) size() int64 { return int64(SizeClasses[e.class]) }

func newIndex(q quota, maxAge, window time.Duration, now func() time.Time) *index {
	return &index{quota: q, maxAge: maxAge, now: now, window: uint32(max(1, window/time.Second))}
}

// turnTo forgets ids that were remembered long enough at a time of the journal.
func (x *index) turnTo(at uint32) {
	if at < x.turn {
		return
	}
	x.turn = at + x.window
	for i := range x.shards {
		s := &x.shards[i]
		s.mu.Lock()
		s.gone, s.goneBefore = nil, s.gone
		s.mu.Unlock()
	}
}

// at runs f on a mailbox under its shard's lock, then forgets the mailbox if nothing is in it.
func (x *index) at(a boxAddress, f func(b *box)) {
	s := &x.shards[a[0]]
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.boxes[a]
	if b == nil {
		b = &box{}
	}
	x.expire(b)
	f(b)
	switch {
	case len(b.entries)+b.coming+b.waiters == 0:
		delete(s.boxes, a)
	case s.boxes == nil:
		s.boxes = map[boxAddress]*box{a: b}
	default:
		s.boxes[a] = b
	}
}

// reserve makes room for a parcel. held means that a parcel with this id lies there or did lately.
func (x *index) reserve(a boxAddress, id parcelID, class uint8) (held bool, err error) {
	size := int64(SizeClasses[class])
	x.at(a, func(b *box) {
		switch {
		case b.holds(id) || x.shards[a[0]].knows(a, id):
			held = true
		case len(b.entries)+b.coming >= x.quota.parcels || b.bytes+size > x.quota.bytes:
			err = errMailboxFull
		case x.bytes.Add(size) > x.quota.totalBytes:
			x.bytes.Add(-size)
			err = errRelayFull
		default:
			b.coming++
			b.bytes += size
		}
	})
	return held, err
}

// release gives back a reservation that came to nothing.
func (x *index) release(a boxAddress, class uint8) {
	x.at(a, func(b *box) {
		b.coming--
		b.bytes -= int64(SizeClasses[class])
	})
	x.bytes.Add(-int64(SizeClasses[class]))
}

// add puts a parcel into its mailbox and wakes who waits, unless its id is there or was lately: it was put
// twice at the same moment, or at two replicas. Calls come in the journal's order: a reader that has seen
// one number will never ask for a smaller one. reserved is a parcel that room was kept for.
func (x *index) add(a boxAddress, e entry, reserved bool) (added bool) {
	x.at(a, func(b *box) {
		if reserved {
			b.coming--
			b.bytes -= e.size()
			x.bytes.Add(-e.size())
		}
		if added = !b.holds(e.id) && !x.shards[a[0]].knows(a, e.id); added {
			x.insert(b, e)
		}
	})
	return added
}

// move notes that a parcel was written anew. One that is not held was removed meanwhile, unless the journal is
// being read through: then its first place was cut off.
func (x *index) move(a boxAddress, e entry) {
	x.at(a, func(b *box) {
		i, held := b.find(e.seq)
		switch {
		case held:
			x.pages.use(b.entries[i].where, -1)
			b.entries[i].where = e.where
			x.pages.use(e.where, 1)
		case x.removed != nil && e.seq > x.removed[a]:
			x.insert(b, e)
		}
	})
}

func (x *index) insert(b *box, e entry) {
	i, _ := b.find(e.seq)
	b.entries = slices.Insert(b.entries, i, e)
	b.bytes += e.size()
	x.bytes.Add(e.size())
	x.parcels.Add(1)
	x.pages.use(e.where, 1)
	if b.wake != nil {
		close(b.wake)
		b.wake = nil
	}
}

// where tells where a parcel lies now.
func (x *index) where(a boxAddress, seq uint64) (e entry, held bool) {
	x.at(a, func(b *box) {
		var i int
		if i, held = b.find(seq); held {
			e = b.entries[i]
		}
	})
	return e, held
}

// reading begins to read the journal through, from a message on: what is held of before that is stale.
func (x *index) reading(first uint64) {
	x.removed = map[boxAddress]uint64{}
	for i := range x.shards {
		s := &x.shards[i]
		s.mu.Lock()
		for a, b := range s.boxes {
			kept := b.entries[:0:0]
			for _, e := range b.entries {
				if messageOf(e.where) >= first {
					kept = append(kept, e)
					continue
				}
				b.bytes -= e.size()
				x.bytes.Add(-e.size())
				x.parcels.Add(-1)
				x.pages.use(e.where, -1)
			}
			if b.entries = kept; len(b.entries)+b.coming+b.waiters == 0 {
				delete(s.boxes, a)
			}
		}
		s.mu.Unlock()
	}
}

// wasRead ends reading: all that was there has come.
func (x *index) wasRead() { x.removed = nil }

// list gives what lies in a mailbox after a number, as much as one answer may hold.
func (x *index) list(a boxAddress, after uint64) (found []entry) {
	x.at(a, func(b *box) { found = b.after(after) })
	return found
}

// wait is list for a reader ready to wait: when nothing is there it gives a channel that is closed
// when something comes. The caller calls leave when it stops waiting.
func (x *index) wait(a boxAddress, after uint64) (found []entry, wake <-chan struct{}, err error) {
	x.at(a, func(b *box) {
		if found = b.after(after); len(found) > 0 {
			return
		}
		if x.waiting.Add(1) > x.quota.waiting {
			x.waiting.Add(-1)
			err = errTooManyWaiting
			return
		}
		if b.wake == nil {
			b.wake = make(chan struct{})
		}
		b.waiters++
		wake = b.wake
	})
	return found, wake, err
}

func (x *index) leave(a boxAddress) {
	x.at(a, func(b *box) {
		if b.waiters--; b.waiters == 0 {
			b.wake = nil
		}
	})
	x.waiting.Add(-1)
}

// holds tells whether a mailbox has a parcel up to and including a number.
func (x *index) holds(a boxAddress, through uint64) (yes bool) {
	x.at(a, func(b *box) { yes = b.position(through) > 0 })
	return yes
}

// removeThrough forgets a mailbox's parcels up to and including a number.
func (x *index) removeThrough(a boxAddress, through uint64) {
	if x.removed != nil {
		x.removed[a] = max(x.removed[a], through)
	}
	x.at(a, func(b *box) {
		n := b.position(through)
		s := &x.shards[a[0]]
		if s.gone == nil && n > 0 {
			s.gone = map[parcelID]struct{}{}
		}
		for _, e := range b.entries[:n] {
			s.gone[goneID(a, e.id)] = struct{}{}
		}
		x.cut(b, n)
	})
}

// sweep forgets expired parcels in mailboxes that nobody asks about.
func (x *index) sweep() {
	for i := range x.shards {
		s := &x.shards[i]
		s.mu.Lock()
		for a, b := range s.boxes {
			if x.expire(b); len(b.entries)+b.coming+b.waiters == 0 {
				delete(s.boxes, a)
			}
		}
		s.mu.Unlock()
	}
}

// mailboxes counts the mailboxes that hold something or are being waited at.
func (x *index) mailboxes() (n int) {
	for i := range x.shards {
		s := &x.shards[i]
		s.mu.Lock()
		n += len(s.boxes)
		s.mu.Unlock()
	}
	return n
}

// expire drops the parcels older than maxAge, which are the first ones.
func (x *index) expire(b *box) {
	oldest := x.now().Add(-x.maxAge).Unix()
	n := 0
	for n < len(b.entries) && int64(b.entries[n].at) < oldest {
		n++
	}
	x.cut(b, n)
}

// cut drops the first n parcels.
func (x *index) cut(b *box, n int) {
	for _, e := range b.entries[:n] {
		b.bytes -= e.size()
		x.bytes.Add(-e.size())
		x.pages.use(e.where, -1)
	}
	x.parcels.Add(-int64(n))
	if b.entries = slices.Delete(b.entries, 0, n); len(b.entries) == 0 {
		b.entries = nil // gives the memory back
	}
}

// holds tells whether a parcel with an id lies in the mailbox.
func (b *box) holds(id parcelID) bool {
	return slices.ContainsFunc(b.entries, func(e entry) bool { return e.id == id })
}

// find tells where among the parcels a number is, or belongs.
func (b *box) find(seq uint64) (i int, held bool) {
	return slices.BinarySearchFunc(b.entries, seq, func(e entry, seq uint64) int { return cmp.Compare(e.seq, seq) })
}

// position is how many parcels have numbers up to and including seq.
func (b *box) position(seq uint64) int {
	i, held := b.find(seq)
	if held {
		i++
	}
	return i
}

func (b *box) after(seq uint64) []entry {
	rest := b.entries[b.position(seq):]
	n, total := 0, int64(0)
	for n < len(rest) && n < maxAnswerParcels {
		if total += rest[n].size(); total > maxAnswerBytes {
			break
		}
		n++
	}
	return slices.Clone(rest[:n])
}
