package relay

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"
)

// checkAlike puts, repeats and removes at all replicas at once, and then holds the replicas' indexes to each other,
// parcel by parcel: who is asked must not matter.
func checkAlike(t *testing.T, all [replicas]*served, allowed ClientOptions) {
	const mailboxes, rounds = 4, 40
	box := func(i int) Mailbox { return testMailbox(byte(140 + i)) }
	for i := range mailboxes {
		openAtAll(t, all, clientOf(t, all[i%replicas].server.Address().String(), allowed), box(i))
	}
	var work sync.WaitGroup
	for i := range mailboxes {
		work.Go(func() {
			rnd := rand.New(rand.NewPCG(1, uint64(i)))
			at := func() *Client { return all[rnd.IntN(replicas)].client(t) }
			for n := range uint64(rounds) {
				id := uint64(i)<<32 | n
				keepPutting(t, at(), box(i), id)
				if rnd.IntN(3) == 0 {
					keepPutting(t, at(), box(i), id)
				}
				if rnd.IntN(4) > 0 {
					continue
				}
				got, err := at().Fetch(t.Context(), box(i), "", time.Second)
				if err != nil || len(got) == 0 {
					t.Errorf("mailbox %d: %d parcels, %v", i, len(got), err)
					return
				}
				if err := at().Remove(t.Context(), box(i), got[rnd.IntN(len(got))].Cursor); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	work.Wait()
	for i := range mailboxes {
		keepPutting(t, all[i%replicas].client(t), box(i), uint64(i)<<32|rounds) // all before may have been removed
		a, err := parseBoxAddress(box(i).Address())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all[1:] {
			until(t, "the replicas have the same", func() bool { return slices.Equal(all[0].index.list(a, 0), s.index.list(a, 0)) })
		}
		if len(all[0].index.list(a, 0)) == 0 {
			t.Errorf("mailbox %d is empty: nothing was compared", i)
		}
	}
	for r, s := range all[1:] { // all has come by now
		if s.index.parcels.Load() != all[0].index.parcels.Load() || s.index.bytes.Load() != all[0].index.bytes.Load() {
			t.Errorf("replica %d counts %d parcels of %d bytes, replica 1 %d of %d", r+2,
				s.index.parcels.Load(), s.index.bytes.Load(), all[0].index.parcels.Load(), all[0].index.bytes.Load())
		}
	}
}
