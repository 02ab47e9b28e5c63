package relay

import "sync"

// pages say how much of each of the journal's messages is still of use: the journal is only ever cut off at its
// beginning, so what holds it up there has to be known.
type pages struct {
	mu    sync.Mutex
	first uint64 // the message that of[0] is
	of    []page
	bytes int64 // of all of them
}

// page is one message.
type page struct {
	used  uint16 // parcels held and openings that last
	bytes uint32
}

// recordOverhead is about what a record takes of the journal beside a parcel's bytes.
const recordOverhead = 100

// add notes a message that came.
func (p *pages) add(seq uint64, bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.of) == 0 {
		p.first = seq
	}
	for p.first+uint64(len(p.of)) <= seq { // those between are gone
		p.of = append(p.of, page{})
	}
	p.of[seq-p.first].bytes = uint32(bytes)
	p.bytes += bytes
}

// use counts what lies at a place, or with -1 no longer.
func (p *pages) use(place uint64, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if seq := messageOf(place); seq >= p.first && seq-p.first < uint64(len(p.of)) {
		p.of[seq-p.first].used = uint16(int(p.of[seq-p.first].used) + n)
	}
}

// spent is how many messages at the beginning are of no use any more, and their bytes.
func (p *pages) spent() (n int, bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for n < len(p.of) && p.of[n].used == 0 {
		bytes += int64(p.of[n].bytes)
		n++
	}
	return n, bytes
}

// cut drops so many messages at the beginning, and gives the number of the last one dropped.
func (p *pages) cut(n int) (through uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, one := range p.of[:n] {
		p.bytes -= int64(one.bytes)
	}
	p.first += uint64(n)
	if p.of = p.of[n:]; len(p.of) < cap(p.of)/4 {
		p.of = append(make([]page, 0, 2*len(p.of)), p.of...) // gives the memory back
	}
	return p.first - 1
}

// total is the bytes of all messages.
func (p *pages) total() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bytes
}
