package relay

import (
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// writing is a record on its way to the disk.
type writing struct {
	record
	parcel []byte
	then   func(place uint64, err error)
}

// sent is a bundle on its way.
type sent struct {
	ack  jetstream.PubAckFuture
	all  []writing
	data []byte
}

// write puts a record in the queue for the disk and returns; then is called when it is there and the index has
// it (in a cluster: when a majority has it on disk), or when it is known not to be. Calls of then come one at a
// time, in the journal's order. There is no timeout of one machine: a put whose fate is unknown could surface
// later, behind a reader's back.
func (j *journal) write(r record, parcel []byte, then func(place uint64, err error)) {
	j.queue <- writing{r, parcel, then}
}

// gather makes bundles of what waits. While one is being synced the next ones come together.
func (j *journal) gather() {
	defer close(j.pending)
	var next *writing
	for {
		if next == nil {
			w, ok := <-j.queue
			if !ok {
				return
			}
			next = &w
		}
		j.under <- struct{}{}
		all := []writing{*next}
		all, next = j.more(all)
		j.send(all)
	}
}

// more takes what else waits, as much as a bundle holds. What does not fit is the next one's first.
func (j *journal) more(all []writing) (_ []writing, next *writing) {
	size := all[0].size()
	for len(all) < maxRecords {
		select {
		case w, ok := <-j.queue:
			if !ok {
				return all, nil
			}
			if size += w.size(); w.size() > 0 && size > bundleBytes {
				return all, &w
			}
			all = append(all, w)
		default:
			return all, nil
		}
	}
	return all, nil
}

func (j *journal) send(all []writing) {
	records := make([]record, len(all))
	for i, w := range all {
		records[i] = w.record
	}
	data := make([]byte, 0, parcelBytes(records))
	for _, w := range all {
		data = append(data, w.parcel...)
	}
	msg := nats.NewMsg(subject)
	msg.Header.Set(headerRecords, string(appendRecords(nil, records)))
	msg.Data = data
	ack, err := j.js.PublishMsgAsync(msg, jetstream.WithRetryAttempts(0))
	if err != nil {
		j.settled(sent{all: all}, 0, err)
		return
	}
	j.pending <- sent{ack, all, data}
}

// settle tells the records how they ended, in order.
func (j *journal) settle() {
	defer close(j.done)
	for s := range j.pending {
		select {
		case ack := <-s.ack.Ok():
			j.settled(s, ack.Sequence, nil)
		case err := <-s.ack.Err():
			j.settled(s, 0, err)
		}
	}
}

func (j *journal) settled(s sent, seq uint64, err error) {
	<-j.under
	if err != nil {
		err = fmt.Errorf("writing to the journal: %w", err)
	} else {
		b := bundle{seq: seq, at: uint32(j.now().Unix()), size: int64(len(s.data)), records: make([]record, len(s.all))}
		for i, w := range s.all {
			b.records[i] = w.record
		}
		j.recent.keep(seq, &content{b.records, s.data})
		if !j.clustered {
			j.apply(b)
			j.seen.Store(seq)
		}
	}
	for i, w := range s.all {
		w.then(placeOf(seq, i), err)
	}
}

// content is a bundle's records with their parcels.
type content struct {
	records []record
	data    []byte
}

// parcel gives a record's bytes.
func (c *content) parcel(at int, a boxAddress, id parcelID) ([]byte, bool) {
	if at >= len(c.records) || c.records[at].address != a || c.records[at].id != id || !c.records[at].isParcel() {
		return nil, false
	}
	begin := parcelBytes(c.records[:at])
	end := begin + int64(c.records[at].size())
	if end > int64(len(c.data)) {
		return nil, false
	}
	return c.data[begin:end:end], true
}

// recent are the bundles that were written or read last: most parcels are fetched as soon as they are put.
type recent struct {
	mu    sync.Mutex
	of    map[uint64]*content
	order []uint64
	bytes int
}

const recentBytes = 8 << 20

func (r *recent) get(seq uint64) *content {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.of[seq]
}

func (r *recent) keep(seq uint64, c *content) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(c.data) == 0 || r.of[seq] != nil {
		return
	}
	if r.of == nil {
		r.of = map[uint64]*content{}
	}
	r.of[seq] = c
	r.order = append(r.order, seq)
	for r.bytes += len(c.data); r.bytes > recentBytes && len(r.order) > 1; r.order = r.order[1:] {
		r.bytes -= len(r.of[r.order[0]].data)
		delete(r.of, r.order[0])
	}
}

// bundleOf reads what a journal message says by its headers.
func bundleOf(header nats.Header, seq uint64, at time.Time, size int64) (b bundle, err error) {
	b = bundle{seq: seq, at: uint32(at.Unix()), size: size}
	if b.records, err = parseRecords(header.Get(headerRecords)); err == nil && parcelBytes(b.records) != size {
		err = errRecords
	}
	if err != nil {
		return b, fmt.Errorf("reading the journal: message %d is not a relay's: %w; the folder holds something else", seq, err)
	}
	return b, nil
}
