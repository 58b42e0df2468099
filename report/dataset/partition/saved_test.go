package partition_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"parcours/report/dataset/partition"
)

// save returns the file of a store.
func save(t testing.TB, s *partition.Store) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Save(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(file []byte, pool *partition.Pool) (*partition.Store, error) {
	return partition.Read(bytes.NewReader(file), int64(len(file)), pool)
}

func TestASavedStoreIsReadBack(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for i, c := range []struct{ width, parts, records int }{
		{1, 1, 0}, {1, 1, 1}, {2, 256, 1000}, {3, 7, 80_000}, {9, 1, 20_000}, {7, 512, 9_000}, {1, 1, 32768}, {1, 1, 32769}, {128, 3, 700},
	} {
		for _, limit := range []int64{0, 1} {
			pool := partition.NewPool(limit, t.TempDir())
			s := partition.NewStore(pool, c.width, c.parts)
			want := fill(t, s, 1+r.IntN(2), c.records, uint64(i))
			file := save(t, s)
			pool.Close()

			other := partition.NewPool(1, t.TempDir())
			back, err := open(file, other)
			if err != nil {
				t.Fatal(err)
			}
			if back.Width() != c.width || back.Parts() != c.parts {
				t.Errorf("width %d and %d parts, want %v", back.Width(), back.Parts(), c)
			}
			check(t, back, want)
			if again := save(t, back); !bytes.Equal(again, file) {
				t.Errorf("%v: saved again, the file differs", c)
			}
			other.Close()
		}
	}
}

func TestASavedStoreTakesMoreRecords(t *testing.T) {
	pool := partition.NewPool(1, t.TempDir())
	defer pool.Close()
	s := partition.NewStore(pool, 2, 8)
	want := fill(t, s, 1, 5000, 1)
	back, err := open(save(t, s), pool)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range fill(t, back, 2, 30_000, 2) {
		want[i].records += d.records
		want[i].sum += d.sum
	}
	check(t, back, want)
}

// readAll reads a file and all its records.
func readAll(file []byte, pool *partition.Pool) error {
	s, err := open(file, pool)
	if err != nil {
		return err
	}
	for part := range s.Parts() {
		if err := s.Each(part, func([]uint64) error { return nil }); err != nil {
			return err
		}
		if _, err := s.Load(part, nil); err != nil {
			return err
		}
	}
	return nil
}

func TestEveryChangedByteOfASavedStoreIsFound(t *testing.T) {
	pool := partition.NewPool(0, "")
	s := partition.NewStore(pool, 2, 5)
	fill(t, s, 1, 200, 8)
	file := save(t, s)
	for i := range file {
		changed := bytes.Clone(file)
		changed[i] ^= byte(1 + i%255)
		if readAll(changed, pool) == nil {
			t.Errorf("byte %d of %d changed without an error", i, len(file))
		}
	}
	for n := range file {
		if readAll(file[:n], pool) == nil {
			t.Errorf("cut to %d of %d bytes without an error", n, len(file))
		}
	}
	if readAll(append(bytes.Clone(file), 0), pool) == nil || readAll(append([]byte{0}, file...), pool) == nil {
		t.Error("longer without an error")
	}
}

func TestErrorsOfSavedStoresSayWhatIsWrong(t *testing.T) {
	pool := partition.NewPool(0, "")
	s := partition.NewStore(pool, 2, 5)
	fill(t, s, 1, 200, 8)
	file := save(t, s)
	for _, c := range []struct {
		at   int
		want string
	}{
		{0, "is none of parcours"},
		{8, "has version 0, this parcours reads version 1"},
		{100, "is damaged at offset"},
		{len(file) - 1, "is cut off or damaged at its end"},
		{len(file) - 6, "is damaged at offset"},
	} {
		changed := bytes.Clone(file)
		changed[c.at] ^= 1
		if err := readAll(changed, pool); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("byte %d: error %v, want %q", c.at, err, c.want)
		}
	}
	var damaged *partition.DamagedError
	file[20] ^= 1
	if err := readAll(file, pool); !errors.As(err, &damaged) || damaged.Offset != 20 {
		t.Errorf("error %v", err)
	}
}

// huge is a file of zeros with a header and a trailer.
type huge struct {
	size            int64
	header, trailer []byte
}

func (h huge) ReadAt(b []byte, at int64) (int, error) {
	clear(b)
	if at == 0 {
		copy(b, h.header)
	}
	if at+int64(len(b)) == h.size {
		copy(b, h.trailer)
	}
	return len(b), nil
}

func TestAHugeIndexIsNotAllocated(t *testing.T) {
	const size = 1 << 40
	h := huge{size, []byte("parcours\x01\x00\x00\x00\x01\x00\x00\x00\xff\xff\xff\xff"), nil}
	for _, length := range []uint64{size - 36, 1 << 63, 1<<64 - 1, size} {
		h.trailer = append(binary.LittleEndian.AppendUint64(nil, length), "0000done"...)
		if _, err := partition.Read(h, size, partition.NewPool(0, "")); err == nil {
			t.Errorf("an index of %d bytes is no error", length)
		}
	}
}

type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestSaveReturnsErrorsOfTheWriter(t *testing.T) {
	pool := partition.NewPool(0, "")
	s := partition.NewStore(pool, 2, 2)
	fill(t, s, 1, 50_000, 8)
	size := len(save(t, s))
	for _, left := range []int{0, 20, 1 << 18, 1 << 19, size - 1} {
		if err := s.Save(&full{left}); !errors.Is(err, errFull) {
			t.Errorf("error %v with room for %d bytes", err, left)
		}
	}
	if err := s.Save(io.Discard); err != nil {
		t.Error(err)
	}
}

// FuzzRead reads any bytes as a saved store: an error or records, but no panic. To get past the checksum, it is also set
// right.
func FuzzRead(f *testing.F) {
	pool := partition.NewPool(0, "")
	for _, c := range []struct{ width, parts, records int }{{1, 1, 0}, {2, 3, 10}, {9, 2, 30}} {
		s := partition.NewStore(pool, c.width, c.parts)
		fill(f, s, 1, c.records, 1)
		f.Add(save(f, s))
	}
	f.Fuzz(func(_ *testing.T, file []byte) {
		readAll(file, pool)
		n := len(file)
		if n < 36 {
			return
		}
		length := binary.LittleEndian.Uint64(file[n-16:])
		if length > uint64(n-36) {
			return
		}
		table := crc32.MakeTable(crc32.Castagnoli)
		sum := crc32.Update(crc32.Checksum(file[:20], table), table, file[n-16-int(length):n-8])
		file = bytes.Clone(file)
		binary.LittleEndian.PutUint32(file[n-8:], sum)
		readAll(file, pool)
	})
}
