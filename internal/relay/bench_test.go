package relay

import (
	"crypto/rand"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkPut measures puts that are synced to the disk before they are answered, by many writers
// each with its own mailbox and connection.
func BenchmarkPut(b *testing.B) {
	for _, size := range []int{SizeClasses[0], SizeClasses[3]} {
		b.Run(sizeName(size), func(b *testing.B) {
			s := startBench(b)
			parcel := make([]byte, size)
			var writers atomic.Uint32
			b.SetBytes(int64(size))
			b.SetParallelism(16)
			b.RunParallel(func(pb *testing.PB) {
				c, m := s.client(b), testMailbox(byte(writers.Add(1)))
				for n := uint64(0); pb.Next(); n++ {
					if err := c.Put(b.Context(), m, testID(n), parcel); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "puts/s")
		})
	}
}

// BenchmarkDelivery measures from the start of a put to the moment a waiting reader has the parcel.
func BenchmarkDelivery(b *testing.B) {
	s := startBench(b)
	writer, reader, m := s.client(b), s.client(b), testMailbox(1)
	parcel := make([]byte, SizeClasses[0])
	arrived := make(chan Cursor)
	go func() {
		defer close(arrived)
		after := Cursor("")
		for range b.N {
			got, err := reader.Fetch(b.Context(), m, after, time.Minute)
			if err != nil || len(got) != 1 {
				b.Errorf("%d parcels, %v", len(got), err)
				return
			}
			after = got[0].Cursor
			arrived <- after
		}
	}()
	var took []time.Duration
	for n := range b.N {
		s.awaitReaders(1)
		begin := time.Now()
		if err := writer.Put(b.Context(), m, testID(uint64(n)), parcel); err != nil {
			b.Fatal(err)
		}
		through, ok := <-arrived
		if !ok {
			b.FailNow()
		}
		took = append(took, time.Since(begin))
		if n%100 == 99 {
			if err := writer.Remove(b.Context(), m, through); err != nil {
				b.Fatal(err)
			}
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
}

// BenchmarkThroughput measures parcels of 1 MiB from writer to reader, both at work at once.
func BenchmarkThroughput(b *testing.B) {
	s := startBench(b)
	writer, reader, m := s.client(b), s.client(b), testMailbox(1)
	parcel := make([]byte, MaxParcel)
	_, _ = rand.Read(parcel)
	b.SetBytes(MaxParcel)
	var work sync.WaitGroup
	work.Go(func() {
		after := Cursor("")
		for left := b.N; left > 0; {
			got, err := reader.Fetch(b.Context(), m, after, time.Minute)
			if err == nil && len(got) > 0 {
				left, after = left-len(got), got[len(got)-1].Cursor
				err = reader.Remove(b.Context(), m, after)
			}
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
	for n := range b.N {
		if err := writer.Put(b.Context(), m, testID(uint64(n)), parcel); err != nil {
			b.Fatal(err)
		}
	}
	work.Wait()
}

// BenchmarkStart measures how fast an open relay reads through the parcels it holds.
func BenchmarkStart(b *testing.B) {
	const held = 5000
	dir := b.TempDir()
	fill(b, dir, held)
	b.ResetTimer()
	for range b.N {
		r, err := Open(b.Context(), Options{Dir: dir})
		if err != nil {
			b.Fatal(err)
		}
		if n := r.index.parcels.Load(); n != held {
			b.Fatalf("%d parcels", n)
		}
		b.StopTimer()
		r.Close()
		b.StartTimer()
	}
	b.ReportMetric(held*float64(b.N)/b.Elapsed().Seconds(), "parcels/s")
}

// fill makes a relay's folder with so many parcels of 4 KiB.
func fill(b *testing.B, dir string, n int) {
	b.Helper()
	r, err := Open(b.Context(), Options{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	putDirect(b, r, n, func(i uint64) boxAddress { return boxAddress{byte(i), byte(i >> 8)} })
}
