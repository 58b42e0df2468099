package parquetscan

import "sync"

// schedule hands out tasks. Every worker has a stretch of neighbours of its own, so that what it collects stays in the order
// of the files, which is most often that of time; when it is through, it takes from the end of the longest stretch.
type schedule struct {
	mu        sync.Mutex
	next, end []int // by worker
}

func newSchedule(tasks, workers int) *schedule {
	s := &schedule{}
	for n := range workers {
		s.next, s.end = append(s.next, tasks*n/workers), append(s.end, tasks*(n+1)/workers)
	}
	return s
}

// take returns the next task of a worker, false when none is left.
func (s *schedule) take(worker int) (task int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next[worker] < s.end[worker] {
		s.next[worker]++
		return s.next[worker] - 1, true
	}
	longest := 0
	for n := range s.next {
		if s.end[n]-s.next[n] > s.end[longest]-s.next[longest] {
			longest = n
		}
	}
	if s.next[longest] == s.end[longest] {
		return 0, false
	}
	s.end[longest]--
	return s.end[longest], true
}
