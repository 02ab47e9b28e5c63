package psi

import (
	"runtime"
	"sync"
)

// workBatch is how many items a goroutine takes at a time: enough to make the
// hand-over cheap, few enough to keep all cores busy with a hundred items.
const workBatch = 16

// inBatches calls work for consecutive ranges [lo,hi) of at most size that
// together cover [0,n), on all cores. Results go to slices by index, so the
// outcome does not depend on timing; when ranges fail, the error is that of
// the lowest.
func inBatches(n, size int, work func(lo, hi int) error) error {
	var (
		mu      sync.Mutex
		next    int
		failed  = n
		failure error
		wg      sync.WaitGroup
	)
	take := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		if failure != nil || next >= n {
			return 0, false
		}
		lo := next
		next += size
		return lo, true
	}
	fail := func(lo int, err error) {
		mu.Lock()
		defer mu.Unlock()
		if lo < failed {
			failed, failure = lo, err
		}
	}
	for range min(runtime.GOMAXPROCS(0), (n+size-1)/size) {
		wg.Go(func() {
			for lo, ok := take(); ok; lo, ok = take() {
				if err := work(lo, min(lo+size, n)); err != nil {
					fail(lo, err)
				}
			}
		})
	}
	wg.Wait()
	return failure
}

// forEach calls work for every index below n, on all cores.
func forEach(n int, work func(i int) error) error {
	return inBatches(n, workBatch, func(lo, hi int) error {
		for i := lo; i < hi; i++ {
			if err := work(i); err != nil {
				return err
			}
		}
		return nil
	})
}
