package partition_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parcours/report/dataset/partition"
)

var errFull = errors.New("no space left on device")

// disk is a temporary file in memory, of limited size.
type disk struct {
	mu     sync.Mutex
	b      []byte
	size   int
	writes []int
	closed int
}

func (d *disk) WriteAt(b []byte, at int64) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if int(at)+len(b) > d.size {
		return 0, errFull
	}
	if need := int(at) + len(b); need > len(d.b) {
		d.b = append(d.b, make([]byte, need-len(d.b))...)
	}
	d.writes = append(d.writes, len(b))
	return copy(d.b[at:], b), nil
}

func (d *disk) ReadAt(b []byte, at int64) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if int(at) > len(d.b) {
		return 0, io.EOF
	}
	n := copy(b, d.b[at:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (d *disk) Close() error {
	d.closed++
	return nil
}

func (d *disk) use(p *partition.Pool) {
	p.SetFile(func(string) (partition.File, error) { return d, nil })
}

func TestAFullDiskIsAnErrorOfFlushAndEach(t *testing.T) {
	for _, size := range []int{0, 1 << 18, 1<<19 + 3, 1 << 20} {
		d := &disk{size: size}
		pool := partition.NewPool(1, "/some/folder")
		d.use(pool)
		s := partition.NewStore(pool, 2, 16)
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				w := s.Writer()
				for i := range 200_000 {
					w.Room(i % 16)[0] = 1
				}
				known := w.Err()
				err := w.Flush()
				if !errors.Is(err, errFull) || known == nil {
					t.Errorf("error %v, %v before", err, known)
				}
				for _, part := range []string{"/some/folder", "no space left on device", "TMP", "--memory"} {
					if !strings.Contains(fmt.Sprint(err), part) {
						t.Errorf("error %q does not name %s", err, part)
					}
				}
			})
		}
		wg.Wait()
		if err := s.Each(1, func([]uint64) error { return nil }); !errors.Is(err, errFull) {
			t.Errorf("Each: error %v", err)
		}
		if _, err := s.Load(1, nil); !errors.Is(err, errFull) {
			t.Errorf("Load: error %v", err)
		}
		if err := s.Save(io.Discard); !errors.Is(err, errFull) {
			t.Errorf("Save: error %v", err)
		}
		if pool.Used() != 0 {
			t.Errorf("%d bytes in use after errors", pool.Used())
		}
		for range 2 {
			if err := pool.Close(); err != nil || d.closed != 1 {
				t.Errorf("error %v, closed %d times", err, d.closed)
			}
		}
	}
}

func TestWritesAreLarge(t *testing.T) {
	d := &disk{size: 1 << 30}
	pool := partition.NewPool(12<<20, "")
	d.use(pool)
	s := partition.NewStore(pool, 3, 64)
	check(t, s, fill(t, s, 2, 500_000, 3))
	small, large := 0, 0
	for _, n := range d.writes {
		if n == partition.BlockBytes {
			large++
		} else {
			small++
		}
	}
	if large < 4*small {
		t.Errorf("%d writes of a block, %d shorter ones", large, small)
	}
}

// TestAFinishedStoreMakesRoomUntilItIsRead fills the memory with one store, then needs it for another.
func TestAFinishedStoreMakesRoomUntilItIsRead(t *testing.T) {
	for _, read := range []bool{false, true} {
		d := &disk{size: 1 << 30}
		pool := partition.NewPool(8<<20, "")
		d.use(pool)
		first, second := partition.NewStore(pool, 2, 16), partition.NewStore(pool, 3, 64)
		want := fill(t, first, 1, 380_000, 1)
		if read {
			check(t, first, want)
		}
		before := len(d.writes)
		wantSecond := fill(t, second, 1, 200_000, 2)
		small := 0
		for _, n := range d.writes[before:] {
			if n < partition.BlockBytes {
				small++
			}
		}
		if writes := len(d.writes) - before; writes == 0 || !read && small > writes/4 {
			t.Errorf("read before: %v; %d writes, %d of them small", read, writes, small)
		}
		var wg sync.WaitGroup
		wg.Go(func() { check(t, first, want) })
		wg.Go(func() { check(t, second, wantSecond) })
		wg.Wait()
		if most := 8<<20 + partition.Overhead(16, 1) + partition.Overhead(64, 1); pool.Peak() > most {
			t.Errorf("peak of %d bytes, more than %d", pool.Peak(), most)
		}
	}
}

func TestNoMoreIsWrittenThanMustBe(t *testing.T) {
	const limit = 8 << 20
	d := &disk{size: 1 << 30}
	pool := partition.NewPool(limit, "")
	d.use(pool)
	s := partition.NewStore(pool, 4, 128)
	check(t, s, fill(t, s, 1, 450_000, 3))
	must := s.Total()*4*8 - limit
	if n := pool.Spilled(); n < must-partition.Overhead(128, 1) || n > must+5<<20 {
		t.Errorf("%d bytes written where %d are beyond the limit", n, must)
	}
}

func TestEveryChangedByteOfTheTemporaryFileIsFound(t *testing.T) {
	d := &disk{size: 1 << 30}
	pool := partition.NewPool(1, "folder")
	d.use(pool)
	s := partition.NewStore(pool, 1, 3)
	check(t, s, fill(t, s, 1, 100, 3))
	for i := range d.b {
		d.b[i] ^= 1 << (i % 8)
		bad, offset := 0, int64(-1)
		for part := range s.Parts() {
			var damaged *partition.DamagedError
			err := s.Each(part, func([]uint64) error { return nil })
			_, again := s.Load(part, nil)
			if (err == nil) != (again == nil) {
				t.Errorf("byte %d: %v from Each, %v from Load", i, err, again)
			}
			if errors.As(err, &damaged) {
				bad, offset = bad+1, damaged.Offset
				if want := fmt.Sprintf("the temporary file in folder is damaged at offset %d", offset); err.Error() != want {
					t.Errorf("error %q, want %q", err, want)
				}
			}
		}
		if bad != 1 || offset > int64(i) {
			t.Errorf("byte %d: %d partitions damaged, offset %d", i, bad, offset)
		}
		d.b[i] ^= 1 << (i % 8)
	}
	d.b = d.b[:len(d.b)-1]
	var errs error
	for part := range s.Parts() {
		errs = errors.Join(errs, s.Each(part, func([]uint64) error { return nil }))
	}
	if errs == nil || !strings.Contains(errs.Error(), "is damaged at offset") {
		t.Errorf("cut off: error %v", errs)
	}
}

func TestAFolderThatIsNotThere(t *testing.T) {
	pool := partition.NewPool(1, filepath.Join(t.TempDir(), "none"))
	w := partition.NewStore(pool, 2, 1).Writer()
	for i := range 100_000 {
		w.Room(0)[0] = uint64(i)
	}
	if err := w.Flush(); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "none") || !strings.Contains(err.Error(), "--memory") {
		t.Errorf("error %v", err)
	}
	if err := pool.Close(); err != nil {
		t.Error(err)
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	for _, named := range []bool{false, true} {
		for _, flush := range []bool{false, true} {
			dir := t.TempDir()
			pool := partition.NewPool(1, dir)
			if named {
				pool.KeepName()
			}
			s := partition.NewStore(pool, 2, 4)
			w := s.Writer()
			for i := range 100_000 {
				w.Room(i % 4)[0] = uint64(i)
			}
			if pool.Spilled() == 0 {
				t.Error("nothing was written")
			}
			if flush {
				if err := w.Flush(); err != nil {
					t.Error(err)
				}
			}
			if entries, _ := os.ReadDir(dir); named && len(entries) == 1 {
				info, err := entries[0].Info()
				if err != nil || info.Mode().Perm() != 0o600 && os.PathSeparator == '/' {
					t.Errorf("mode %v, error %v", info.Mode(), err)
				}
			} else if named || len(entries) != 0 {
				t.Errorf("files %v while it is used, named: %v", entries, named)
			}
			for range 2 {
				if err := pool.Close(); err != nil {
					t.Error(err)
				}
			}
			empty(t, dir)
			if flush {
				if err := s.Each(0, func([]uint64) error { return nil }); err == nil {
					t.Error("what was written is read after Close")
				}
				continue
			}
			for i := range 100_000 {
				w.Room(i % 4)[0] = uint64(i)
			}
			if w.Flush() == nil {
				t.Error("records are written after Close")
			}
			empty(t, dir)
		}
	}
}

func TestCloseOfAnUnusedPool(t *testing.T) {
	dir := t.TempDir()
	pool := partition.NewPool(1, dir)
	s := partition.NewStore(pool, 2, 4)
	if err := s.Writer().Flush(); err != nil {
		t.Error(err)
	}
	check(t, s, make([]digest, 4))
	for range 2 {
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	}
	empty(t, dir)
}

func TestOnlyStaleFilesOfOursAreRemoved(t *testing.T) {
	dir := t.TempDir()
	old, now := time.Now().Add(-48*time.Hour), time.Now()
	stay := map[string]time.Time{
		"parcours-spill-12.tmp": now, "parcours-spill-.tmp": old, "parcours-spill-1x.tmp": old, "parcours-spill-1.tmp.bak": old,
		"my-parcours-spill-1.tmp": old, "orders.parquet": old, "parcours-spill-1.TMP": old,
	}
	make := func(name string, at time.Time) {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	for name, at := range stay {
		make(name, at)
	}
	make("parcours-spill-123456789.tmp", old)
	if err := os.MkdirAll(filepath.Join(dir, "parcours-spill-5.tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("orders.parquet", filepath.Join(dir, "parcours-spill-6.tmp")); err != nil {
		t.Skip(err)
	}
	partition.Sweep(dir, now.Add(-24*time.Hour))
	if _, err := os.Lstat(filepath.Join(dir, "parcours-spill-123456789.tmp")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the stale file is still there: %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != len(stay)+2 {
		t.Errorf("%d files stayed, want %d; error %v", len(entries), len(stay)+2, err)
	}
}
