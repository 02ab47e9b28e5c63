package relay

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"
)

// resident is this process's memory in MiB, and the most it was, as the system counts it.
func resident(b *testing.B) (now, peak float64) {
	b.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("the system does not tell a process's memory in /proc/self/status")
	}
	for line := range strings.Lines(string(text)) {
		var kib float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kib); n == 1 {
			now = kib / 1024
		}
		if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kib); n == 1 {
			peak = kib / 1024
		}
	}
	return now, peak
}

// BenchmarkSmallParcels measures parcels of 4 KiB from writers to readers over TLS, each put synced
// and each parcel fetched and removed, sixteen mailboxes at once.
func BenchmarkSmallParcels(b *testing.B) {
	const pairs = 16
	s := startBench(b)
	parcel := make([]byte, SizeClasses[0])
	var work sync.WaitGroup
	b.ResetTimer()
	for i := range pairs {
		share, m := (b.N+i)/pairs, testMailbox(byte(i))
		work.Go(func() {
			c := s.client(b)
			for n := range share {
				if err := c.Put(b.Context(), m, testID(uint64(n)), parcel); err != nil {
					b.Error(err)
					return
				}
			}
		})
		work.Go(func() { takeAll(b, s.client(b), m, share) })
	}
	work.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "parcels/s")
}

// takeAll fetches and removes so many parcels.
func takeAll(b *testing.B, c *Client, m Mailbox, left int) {
	for after := Cursor(""); left > 0; {
		got, err := c.Fetch(b.Context(), m, after, time.Minute)
		if err == nil && len(got) > 0 {
			left, after = left-len(got), got[len(got)-1].Cursor
			err = c.Remove(b.Context(), m, after)
		}
		if err != nil {
			b.Error(err)
			return
		}
	}
}

// BenchmarkMailboxes measures the memory of a relay that holds as many mailboxes as the benchmark has
// rounds (-benchtime 1000000x), each with a parcel of 4 KiB. They are put without a sync, which takes
// no memory.
func BenchmarkMailboxes(b *testing.B) {
	r, err := Open(b.Context(), Options{Dir: b.TempDir(), unsynced: true})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	before, _ := resident(b)
	b.ResetTimer()
	putDirect(b, r, b.N, func(n uint64) (a boxAddress) {
		binary.BigEndian.PutUint64(a[:], n*0x9e3779b97f4a7c15) // spreads over the shards
		binary.BigEndian.PutUint64(a[8:], n)
		return a
	})
	b.StopTimer()
	if n := r.index.mailboxes(); n != b.N {
		b.Fatalf("%d mailboxes", n)
	}
	debug.FreeOSMemory()
	now, peak := resident(b)
	b.ReportMetric(now, "MiB-held")
	b.ReportMetric(peak, "MiB-peak")
	b.ReportMetric((now-before)*(1<<20)/float64(b.N), "B/mailbox")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "puts/s")
}

// BenchmarkFlat passes as many parcels as the benchmark has rounds (-benchtime 1000000x) through a relay
// that never holds more than 4,096, and compares its memory after three tenths of them, when ids of parcels that
// are gone have begun to be forgotten, and at the end.
func BenchmarkFlat(b *testing.B) {
	r, err := Open(b.Context(), Options{Dir: b.TempDir(), unsynced: true})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	var early float64
	b.ResetTimer()
	const held = 4096
	for done := 0; done < b.N; done += held {
		epoch := byte(done / held / 16) // a mailbox takes 16 rounds, then another comes
		a := boxAddress{byte(done / held), epoch}
		putDirect(b, r, min(held, b.N-done), func(uint64) boxAddress { return a })
		entries := r.index.list(a, 0)
		for len(entries) > 0 {
			through := entries[len(entries)-1].seq
			if err := r.remove(b.Context(), a, through); err != nil {
				b.Fatal(err)
			}
			entries = r.index.list(a, through)
		}
		if early == 0 && done >= b.N/10*3 {
			debug.FreeOSMemory()
			early, _ = resident(b)
		}
	}
	b.StopTimer()
	debug.FreeOSMemory()
	now, peak := resident(b)
	b.ReportMetric(early, "MiB-at-30%")
	b.ReportMetric(now, "MiB-at-end")
	b.ReportMetric(peak, "MiB-peak")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "parcels/s")
}

// putDirect puts parcels of 4 KiB straight into a relay's journal, many on their way at once.
func putDirect(b testing.TB, r *Relay, n int, box func(uint64) boxAddress) {
	b.Helper()
	parcel := make([]byte, SizeClasses[0])
	var wait sync.WaitGroup
	gate := make(chan struct{}, 256)
	for i := range uint64(n) {
		gate <- struct{}{}
		wait.Go(func() {
			defer func() { <-gate }()
			if _, err := r.put(context.Background(), box(i), testID(i), 0, parcel); err != nil {
				b.Error(err)
			}
		})
	}
	wait.Wait()
}
