package relay

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func testIndex(q quota, now *time.Time) *index {
	return newIndex(q, time.Hour, time.Minute, func() time.Time { return *now })
}

var roomy = quota{parcels: 100, bytes: 1 << 40, totalBytes: 1 << 40, waiting: 100}

// held is the model of the index: every parcel it should hold, in order.
type held struct {
	address boxAddress
	entry
}

func TestIndexKeepsWhatIsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(1_700_000_000, 0)
		x := testIndex(roomy, &now)
		var model []held
		seq := uint64(0)
		drawBox := func(t *rapid.T) boxAddress {
			return boxAddress{byte(rapid.IntRange(0, 1).Draw(t, "shard")), byte(rapid.IntRange(0, 1).Draw(t, "box"))}
		}
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				a, class := drawBox(t), uint8(rapid.IntRange(0, 3).Draw(t, "class"))
				seq += uint64(rapid.IntRange(1, 3).Draw(t, "step"))
				e := entry{seq, testID(seq), uint32(now.Unix()), class, seq}
				if got, err := x.reserve(a, e.id, class); got || err != nil {
					t.Fatalf("reserve: %v, %v", got, err)
				}
				if rapid.Bool().Draw(t, "fails") {
					x.release(a, class)
					return
				}
				if !x.add(a, e, true) {
					t.Fatal("it was not added")
				}
				model = append(model, held{a, e})
			},
			"put again": func(t *rapid.T) {
				if len(model) == 0 {
					t.Skip("nothing is held")
				}
				h := rapid.SampledFrom(model).Draw(t, "held")
				if got, err := x.reserve(h.address, h.id, h.class); !got || err != nil {
					t.Fatalf("the same id again: held %v, %v", got, err)
				}
			},
			"remove": func(t *rapid.T) {
				a, through := drawBox(t), rapid.Uint64Range(0, seq+1).Draw(t, "through")
				x.removeThrough(a, through)
				model = slices.DeleteFunc(model, func(h held) bool { return h.address == a && h.seq <= through })
			},
			"time passes": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(1, 4000).Draw(t, "seconds")) * time.Second)
				if rapid.Bool().Draw(t, "sweep") {
					x.sweep()
				}
				oldest := now.Add(-time.Hour).Unix()
				model = slices.DeleteFunc(model, func(h held) bool { return int64(h.at) < oldest })
			},
			"": func(t *rapid.T) {
				a, after := drawBox(t), rapid.Uint64Range(0, seq).Draw(t, "after")
				if got, want := x.list(a, after), expected(model, a, after); !slices.Equal(got, want) {
					t.Fatalf("after %d: %v, want %v", after, got, want)
				}
			},
		})
		checkTotals(t, x, model)
	})
}

// expected is what one answer should hold.
func expected(model []held, a boxAddress, after uint64) (want []entry) {
	total := int64(0)
	for _, h := range model {
		if h.address != a || h.seq <= after {
			continue
		}
		if total += h.size(); total > maxAnswerBytes || len(want) == maxAnswerParcels {
			break
		}
		want = append(want, h.entry)
	}
	return want
}

func checkTotals(t *rapid.T, x *index, model []held) {
	x.sweep()
	boxes, bytes := map[boxAddress]bool{}, int64(0)
	for _, h := range model {
		boxes[h.address] = true
		bytes += h.size()
	}
	if x.parcels.Load() != int64(len(model)) || x.bytes.Load() != bytes || x.mailboxes() != len(boxes) {
		t.Fatalf("counts %d parcels, %d bytes, %d mailboxes; want %d, %d, %d",
			x.parcels.Load(), x.bytes.Load(), x.mailboxes(), len(model), bytes, len(boxes))
	}
}

func TestIndexQuotas(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	a, b := boxAddress{1}, boxAddress{2}
	for _, c := range []struct {
		name string
		q    quota
		into boxAddress
		want error
	}{
		{"mailbox's parcels", quota{parcels: 2, bytes: 1 << 30, totalBytes: 1 << 30}, a, errMailboxFull},
		{"mailbox's bytes", quota{parcels: 9, bytes: 3*4096 - 1, totalBytes: 1 << 30}, a, errMailboxFull},
		{"relay's bytes", quota{parcels: 9, bytes: 1 << 30, totalBytes: 3*4096 - 1}, b, errRelayFull},
		{"another mailbox has its own", quota{parcels: 2, bytes: 2 * 4096, totalBytes: 1 << 30}, b, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := testIndex(c.q, &now)
			for n := range uint64(2) { // one that arrived, one on its way: both count
				if _, err := x.reserve(a, testID(n), 0); err != nil {
					t.Fatal(err)
				}
			}
			x.add(a, entry{seq: 1, id: testID(0), at: uint32(now.Unix())}, true)
			if _, err := x.reserve(c.into, testID(2), 0); !errors.Is(err, c.want) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			if c.want == nil {
				return
			}
			x.removeThrough(a, 1)
			if _, err := x.reserve(c.into, testID(2), 0); err != nil {
				t.Errorf("room was made and it still says %v", err)
			}
		})
	}
}

func TestIndexQuotaHoldsUnderConcurrentPuts(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	x := testIndex(quota{parcels: 50, bytes: 1 << 30, totalBytes: 1 << 30}, &now)
	var puts sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for n := range uint64(200) {
		puts.Go(func() {
			if _, err := x.reserve(boxAddress{1}, testID(n), 0); err == nil {
				mu.Lock()
				taken++
				mu.Unlock()
			}
		})
	}
	puts.Wait()
	if taken != 50 {
		t.Errorf("%d parcels were taken, the quota is 50", taken)
	}
}

func TestIndexForgetsMailboxesNobodyUses(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	x := testIndex(roomy, &now)
	for i := range 1000 {
		a := boxAddress{byte(i), byte(i >> 8)}
		x.list(a, 0)
		if _, _, err := x.wait(a, 0); err != nil && i < 100 {
			t.Fatal(err)
		} else if i >= 100 && !errors.Is(err, errTooManyWaiting) {
			t.Fatalf("reader %d: %v, want a refusal", i, err)
		} else if err == nil {
			defer x.leave(a)
		}
	}
	if n := x.mailboxes(); n != 100 {
		t.Errorf("%d mailboxes are remembered, 100 are waited at", n)
	}
}
