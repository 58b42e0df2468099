package partition_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"

	"parcours/report/dataset/partition"
)

// digest is a sum of hashes of records, which does not depend on their order.
type digest struct {
	records int64
	sum     uint64
}

func (d *digest) add(record []uint64) {
	h := uint64(len(record))
	for _, w := range record {
		h = (h ^ w) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	d.records++
	d.sum += h
}

// fill adds records from so many writers at once and returns what each partition should have.
func fill(t testing.TB, s *partition.Store, writers, records int, seed uint64) []digest {
	t.Helper()
	want := make([]digest, s.Parts())
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			got := make([]digest, s.Parts())
			w := s.Writer()
			for range records {
				part := r.IntN(s.Parts())
				if r.IntN(3) == 0 {
					part /= 7 // some are much larger
				}
				var room []uint64
				if r.IntN(4) > 0 {
					room = w.Try(part)
				}
				if room == nil {
					room = w.Room(part)
				}
				if len(room) != s.Width() || cap(room) != s.Width() {
					t.Errorf("room of %d words, capacity %d, want %d", len(room), cap(room), s.Width())
				}
				for j := range room {
					room[j] = r.Uint64()
				}
				got[part].add(room)
			}
			if err := w.Flush(); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			for p, d := range got {
				want[p].records += d.records
				want[p].sum += d.sum
			}
		})
	}
	wg.Wait()
	return want
}

// check compares what Each and Load give with what was added.
func check(t testing.TB, s *partition.Store, want []digest) {
	t.Helper()
	var into []uint64
	var total int64
	for part := range want {
		var each, load digest
		err := s.Each(part, func(records []uint64) error {
			if len(records) == 0 || len(records)%s.Width() != 0 {
				t.Errorf("partition %d: %d words at once with records of %d", part, len(records), s.Width())
			}
			for r := range slices.Chunk(records, s.Width()) {
				each.add(r)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if into, err = s.Load(part, into); err != nil {
			t.Fatal(err)
		}
		for r := range slices.Chunk(into, s.Width()) {
			load.add(r)
		}
		if each != want[part] || load != want[part] || s.Records(part) != want[part].records {
			t.Fatalf("partition %d: each %v, load %v, %d records, want %v", part, each, load, s.Records(part), want[part])
		}
		total += each.records
	}
	if s.Total() != total {
		t.Errorf("total %d, want %d", s.Total(), total)
	}
}

func empty(t testing.TB, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Errorf("%s was left behind", e.Name())
	}
}

func TestRecordsInAreRecordsOut(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	limits := []int64{0, 1, 1 << 15, 1 << 19, 1 << 21, 3<<20 + 5}
	rounds := 40
	if testing.Short() {
		rounds = 8
	}
	for i := range rounds {
		width, parts, writers := 1+r.IntN(9), 1+r.IntN(1024), 1+r.IntN(4)
		if i%3 == 0 {
			parts = 1 + r.IntN(8)
		}
		limit, records := limits[i%len(limits)], r.IntN(120_000)
		name := fmt.Sprintf("%d words, %d parts, %d writers, %d records, limit %d", width, parts, writers, records, limit)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			pool := partition.NewPool(limit, dir)
			s := partition.NewStore(pool, width, parts)
			want := fill(t, s, writers, records, uint64(i))
			check(t, s, want)
			if most := limit + partition.Overhead(parts, writers); limit > 0 && pool.Peak() > most {
				t.Errorf("peak of %d bytes, more than %d", pool.Peak(), most)
			}
			bytes := s.Total() * int64(width) * 8
			if limit == 0 && pool.Spilled() != 0 || limit == 1 && bytes > 0 && pool.Spilled() < bytes {
				t.Errorf("%d of %d bytes written with a limit of %d", pool.Spilled(), bytes, limit)
			}
			empty(t, dir)
			for p := range parts {
				s.Free(p)
			}
			if pool.Used() != 0 || s.Total() != 0 {
				t.Errorf("%d bytes in use for %d records once all is freed", pool.Used(), s.Total())
			}
			if err := pool.Close(); err != nil {
				t.Error(err)
			}
			empty(t, dir)
		})
	}
}

func TestStoresShareAPool(t *testing.T) {
	dir := t.TempDir()
	pool := partition.NewPool(4<<20, dir)
	defer pool.Close()
	widths := []int{2, 3, 7}
	want := make([][]digest, len(widths))
	stores := make([]*partition.Store, len(widths))
	var wg sync.WaitGroup
	for i, width := range widths {
		stores[i] = partition.NewStore(pool, width, 64)
		wg.Go(func() { want[i] = fill(t, stores[i], 2, 70_000, uint64(i)) })
	}
	wg.Wait()
	if pool.Spilled() == 0 {
		t.Error("nothing was written to the temporary file")
	}
	for i := range widths {
		wg.Go(func() { check(t, stores[i], want[i]) })
	}
	wg.Wait()
	if most := int64(4<<20) + 3*partition.Overhead(64, 2); pool.Peak() > most {
		t.Errorf("peak of %d bytes, more than %d", pool.Peak(), most)
	}
}

func TestPartitionsAreReadAndFreedAtTheSameTime(t *testing.T) {
	pool := partition.NewPool(1<<20, t.TempDir())
	defer pool.Close()
	s := partition.NewStore(pool, 3, 32)
	want := fill(t, s, 2, 200_000, 5)
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for part := worker; part < s.Parts(); part += 4 {
				var got digest
				words, err := s.Load(part, nil)
				if err != nil {
					t.Error(err)
				}
				for r := range slices.Chunk(words, 3) {
					got.add(r)
				}
				if got != want[part] {
					t.Errorf("partition %d: %v, want %v", part, got, want[part])
				}
				s.Free(part)
			}
		})
	}
	wg.Wait()
}

func TestMemoryIsUsedAgain(t *testing.T) {
	pool := partition.NewPool(0, "")
	var peak int64
	for i := range 5 {
		s := partition.NewStore(pool, 2, 16)
		fill(t, s, 1, 100_000, 9)
		for part := range s.Parts() {
			s.Free(part)
		}
		if i == 0 {
			peak = pool.Peak()
		}
	}
	if pool.Peak() != peak {
		t.Errorf("peak of %d bytes, %d after the first store", pool.Peak(), peak)
	}
}

func TestRoomDoesNotAllocate(t *testing.T) {
	pool := partition.NewPool(0, "")
	w := partition.NewStore(pool, 2, 4).Writer()
	if n := testing.AllocsPerRun(1000, func() { w.Room(1)[0] = 1 }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestEachStopsAtTheFirstError(t *testing.T) {
	for _, limit := range []int64{0, 1} {
		pool := partition.NewPool(limit, t.TempDir())
		s := partition.NewStore(pool, 1, 1)
		fill(t, s, 1, 10_000, 3)
		stop := errors.New("stop")
		calls := 0
		err := s.Each(0, func([]uint64) error { calls++; return stop })
		if !errors.Is(err, stop) || calls != 1 {
			t.Errorf("error %v after %d calls", err, calls)
		}
		pool.Close()
	}
}
