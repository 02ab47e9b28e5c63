package release

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// onAll does n pieces of work on all processors, in no order, and returns when all are done. Each of its
// workers calls start once, for what it shares with nobody, and then what start gave for one piece after
// the other. A piece may read what others read and writes only what is its own.
func onAll(n int, start func() (do func(i int))) {
	var next atomic.Int64
	var running sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		running.Go(func() {
			do := start()
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	running.Wait()
}
