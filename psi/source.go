package psi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// MaxPayload is the longest payload of an item in bytes.
const MaxPayload = 1024

// Item is one item of a set, with what is given to a counterpart that holds
// the same item: a note, a case number, a way to get in touch. A payload is
// empty in a run without payloads.
type Item struct {
	Value   []byte
	Payload []byte
}

// Source is a set that need not be in memory. At returns item i, 0 to Len()-1;
// it must return the same item for the same i as long as the run lasts, and is
// called by one goroutine at a time. What it returns is not kept beyond a chunk.
type Source interface {
	Len() int
	At(i int) (Item, error)
}

// Items is the Source of items without payloads that are in memory.
type Items [][]byte

// Len is the number of items.
func (s Items) Len() int { return len(s) }

// At returns item i.
func (s Items) At(i int) (Item, error) { return Item{Value: s[i]}, nil }

// set is a source in the run's secret order, with decoys among its items.
type set struct {
	source   Source
	order    []int32 // the source's index of every position; decoys from Len() on
	decoyKey []byte
	payload  int // longest payload
}

// newSet reads the source once, refuses what is no set, and orders it by a
// pseudo-random function of the items. Positions then tell nothing of the
// source's order or of which are decoys, and are the same for every order of
// the source. It takes 16 bytes an item while it sorts and 4 afterwards.
func newSet(source Source, pad, payload int, orderKey, decoyKey []byte) (*set, error) {
	n := source.Len()
	if pad == 0 && n == 0 {
		return nil, fmt.Errorf("%w: there are none: a run needs at least one, or decoys", ErrItems)
	}
	if pad != 0 && n > pad {
		return nil, fmt.Errorf("%w: %d are more than the %d that the set is padded to", ErrItems, n, pad)
	}
	size := max(n, pad)
	if size > MaxItems {
		return nil, fmt.Errorf("%w: %d are more than the %d of one run: split them", ErrItems, size, MaxItems)
	}
	s := &set{source: source, order: make([]int32, size), decoyKey: decoyKey, payload: payload}
	keys := make([]orderKeyed, size)
	mac := hmac.New(sha256.New, orderKey)
	var sum [sha256.Size]byte
	for i := range keys {
		item, err := s.at(i)
		if err != nil {
			return nil, err
		}
		mac.Reset()
		mac.Write(item.Value)
		keys[i] = orderKeyed{binary.BigEndian.Uint64(mac.Sum(sum[:0])), int32(i)}
	}
	slices.SortFunc(keys, func(a, b orderKeyed) int { return a.compare(b) })
	for i, k := range keys {
		s.order[i] = k.index
	}
	return s, s.checkDuplicates(keys)
}

// orderKeyed is an item's place in the secret order.
type orderKeyed struct {
	key   uint64
	index int32
}

func (a orderKeyed) compare(b orderKeyed) int {
	switch {
	case a.key < b.key:
		return -1
	case a.key > b.key:
		return 1
	}
	return int(a.index - b.index)
}

// checkDuplicates looks at items of equal keys, which stand side by side: equal
// items always, others once in 2^24 sets of a million.
func (s *set) checkDuplicates(sorted []orderKeyed) error {
	for i := range sorted {
		for j := i + 1; j < len(sorted) && sorted[j].key == sorted[i].key; j++ {
			a, err := s.at(int(sorted[i].index))
			if err != nil {
				return err
			}
			first := string(a.Value)
			b, err := s.at(int(sorted[j].index))
			if err != nil {
				return err
			}
			if first == string(b.Value) {
				return fmt.Errorf("%w: item %d repeats item %d: remove it", ErrItems, sorted[j].index, sorted[i].index)
			}
		}
	}
	return nil
}

func (s *set) size() int { return len(s.order) }

// at returns item i of the source, or the decoy with that number.
func (s *set) at(i int) (Item, error) {
	if i >= s.source.Len() {
		return Item{Value: decoy(s.decoyKey, i)}, nil
	}
	item, err := s.source.At(i)
	if err != nil {
		return Item{}, fmt.Errorf("psi: read item %d: %w", i, err)
	}
	if len(item.Value) == 0 || len(item.Value) > MaxItemBytes {
		return Item{}, fmt.Errorf("%w: item %d has %d bytes, not 1 to %d", ErrItems, i, len(item.Value), MaxItemBytes)
	}
	if len(item.Payload) > s.payload {
		return Item{}, fmt.Errorf("%w: item %d has a payload of %d bytes, this run takes %d", ErrItems, i, len(item.Payload), s.payload)
	}
	return item, nil
}

// decoy is an item that nobody has: 32 bytes that follow from the seed. It goes
// the way of every other item, so no message and no duration tells it apart.
func decoy(key []byte, i int) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(binary.BigEndian.AppendUint32(nil, uint32(i)))
	return mac.Sum(nil)
}

// chunk reads the items at positions lo to hi.
func (s *set) chunk(lo, hi int) ([]Item, error) {
	items := make([]Item, 0, hi-lo)
	for _, i := range s.order[lo:hi] {
		item, err := s.at(int(i))
		if err != nil {
			return nil, err
		}
		items = append(items, Item{Value: slices.Clone(item.Value), Payload: slices.Clone(item.Payload)})
	}
	return items, nil
}

// index is the source's index of the item at a position, -1 for a decoy.
func (s *set) index(position int) int {
	if i := int(s.order[position]); i < s.source.Len() {
		return i
	}
	return -1
}

func values(items []Item) [][]byte {
	out := make([][]byte, len(items))
	for i := range items {
		out[i] = items[i].Value
	}
	return out
}

var errChanged = errors.New("the source gives other items than at the start of the run")
