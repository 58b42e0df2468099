package parquetscan

import "sync"

// schedule hands out tasks. Every worker has a stretch of neighbours of its own, so that what it collects stays in the order
// of the files, which is most often that of time; when it is through, it takes the later half of the longest stretch.
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
	left := s.end[longest] - s.next[longest]
	if left == 0 {
		return 0, false
	}
	half := s.end[longest] - (left+1)/2
	s.next[worker], s.end[worker], s.end[longest] = half+1, s.end[longest], half
	return half, true
}
