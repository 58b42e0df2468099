package tally

import "slices"

// fewOrders are sorted by insertion, fewRuns by merging.
const (
	fewOrders = 24
	fewRuns   = 8
)

// sortByDay sorts the orders; those of one day may be in any order. Rows most often come in the order of time but for the few
// that another goroutine read, so that there are a few sorted runs.
func (h *history) sortByDay() {
	if len(h.orders) <= fewOrders {
		insertByDay(h.orders)
		return
	}
	h.runs = append(h.runs[:0], 0)
	for i := 1; i < len(h.orders); i++ {
		if h.orders[i].day < h.orders[i-1].day {
			h.runs = append(h.runs, int32(i))
		}
	}
	if len(h.runs) > fewRuns {
		h.sortKeys()
		return
	}
	h.runs = append(h.runs, int32(len(h.orders)))
	for i := 1; i+1 < len(h.runs); i++ {
		h.mergeRuns(int(h.runs[i]), int(h.runs[i+1]))
	}
}

func insertByDay(orders []order) {
	for i := 1; i < len(orders); i++ {
		o := orders[i]
		j := i
		for ; j > 0 && orders[j-1].day > o.day; j-- {
			orders[j] = orders[j-1]
		}
		orders[j] = o
	}
}

// mergeRuns merges the orders before mid, which are sorted, with those from mid to end, from the back.
func (h *history) mergeRuns(mid, end int) {
	h.unsorted = append(h.unsorted[:0], h.orders[mid:end]...)
	left, right := mid-1, len(h.unsorted)-1
	for to := end - 1; right >= 0; to-- {
		if left >= 0 && h.orders[left].day > h.unsorted[right].day {
			h.orders[to] = h.orders[left]
			left--
		} else {
			h.orders[to] = h.unsorted[right]
			right--
		}
	}
}

// sortKeys sorts numbers that tell day and place, which takes half the time of sorting orders.
func (h *history) sortKeys() {
	h.keys = h.keys[:0]
	for i, o := range h.orders {
		h.keys = append(h.keys, uint64(o.day-dayBase)<<32|uint64(i))
	}
	slices.Sort(h.keys)
	h.unsorted = append(h.unsorted[:0], h.orders...)
	for i, k := range h.keys {
		h.orders[i] = h.unsorted[uint32(k)]
	}
}
