package parquetscan

import (
	"slices"
	"testing"
)

func TestEveryTaskIsTakenOnce(t *testing.T) {
	for tasks := range 20 {
		for workers := 1; workers < 6; workers++ {
			s := newSchedule(tasks, workers)
			var all []int
			for n, busy := 0, workers; busy > 0; n++ {
				busy = 0
				for w := range workers {
					for range 1 + w { // some are faster
						if i, ok := s.take(w); ok {
							all = append(all, i)
							busy++
						}
					}
				}
			}
			slices.Sort(all)
			if len(all) != tasks || len(slices.Compact(all)) != tasks {
				t.Errorf("%d tasks, %d workers: took %v", tasks, workers, all)
			}
		}
	}
}

func TestOneWorkerKeepsTheOrder(t *testing.T) {
	s := newSchedule(5, 1)
	for want := range 5 {
		if got, _ := s.take(0); got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	}
}
