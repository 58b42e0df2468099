package btyd

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// chunk is the number of items that are summed in one go.
const chunk = 4096

// chunked sums over n items in parallel: add sets the sums of the items [from, to). Chunks are fixed and their sums are
// added in order, so the bits do not depend on the number of processors.
func chunked(n, width int, add func(from, to int, sum []float64)) []float64 {
	chunks := (n + chunk - 1) / chunk
	parts := make([]float64, chunks*width)
	var next atomic.Int64
	work := func() {
		for {
			i := int(next.Add(1)) - 1
			if i >= chunks {
				return
			}
			add(i*chunk, min((i+1)*chunk, n), parts[i*width:(i+1)*width])
		}
	}
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), chunks) - 1 {
		group.Go(work)
	}
	work()
	group.Wait()
	sum := make([]float64, width)
	for i, v := range parts {
		sum[i%width] += v
	}
	return sum
}
