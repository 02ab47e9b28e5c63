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
}

// box is one mailbox. Its bytes count parcels on their way to the disk too, so that puts at the
// same moment cannot pass a quota together.
type box struct {
	entries []entry // in the journal's order
	bytes   int64
	coming  int           // puts on their way to the disk
	waiters int           // readers waiting for a parcel
	wake    chan struct{} // closed when one arrives
}

// entry is one parcel: 32 bytes, so that a million of them take 32 MB.
type entry struct {
	seq   uint64
	id    parcelID
	at    uint32 // seconds since 1970
	class uint8
}

func (e entry) size() int64 { return int64(SizeClasses[e.class]) }

func newIndex(q quota, maxAge time.Duration, now func() time.Time) *index {
	return &index{quota: q, maxAge: maxAge, now: now}
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

// reserve makes room for a parcel. held means that a parcel with this id already lies there.
func (x *index) reserve(a boxAddress, id parcelID, class uint8) (held bool, err error) {
	size := int64(SizeClasses[class])
	x.at(a, func(b *box) {
		switch {
		case slices.ContainsFunc(b.entries, func(e entry) bool { return e.id == id }):
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

// arrive turns a reservation into a parcel and wakes who waits. Calls come in the journal's order:
// a reader that has seen one number will never ask for a smaller one.
func (x *index) arrive(a boxAddress, e entry) {
	x.at(a, func(b *box) {
		b.coming--
		x.insert(b, e)
	})
}

// restore adds a parcel found in the journal at start.
func (x *index) restore(a boxAddress, e entry) {
	x.at(a, func(b *box) {
		b.bytes += e.size()
		x.insert(b, e)
	})
	x.bytes.Add(e.size())
}

func (x *index) insert(b *box, e entry) {
	b.entries = append(b.entries, e)
	x.parcels.Add(1)
	if b.wake != nil {
		close(b.wake)
		b.wake = nil
	}
}

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
	x.at(a, func(b *box) { x.cut(b, b.position(through)) })
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
	}
	x.parcels.Add(-int64(n))
	if b.entries = slices.Delete(b.entries, 0, n); len(b.entries) == 0 {
		b.entries = nil // gives the memory back
	}
}

// position is how many parcels have numbers up to and including seq.
func (b *box) position(seq uint64) int {
	i, found := slices.BinarySearchFunc(b.entries, seq, func(e entry, seq uint64) int {
		return cmp.Compare(e.seq, seq)
	})
	if found {
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
