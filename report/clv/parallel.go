package clv

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// parallel calls do for 0 … n−1 on all processors. Each call writes to places of its own, so that nothing depends on the
// order in which they end.
func parallel(n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}
