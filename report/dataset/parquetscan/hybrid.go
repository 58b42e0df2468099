package parquetscan

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go/encoding/rle"
)

// hybrid reads Parquet's mixture of runs and bit-packed numbers a stretch at a time. A run of some bytes may stand for
// two thousand million numbers, so it must never be decoded as a whole.
type hybrid struct {
	src   []byte
	at    int
	width uint
	// The run that is being read.
	left   int
	packed bool
	value  uint32 // when not packed
	begin  int    // first byte when packed
	done   int    // values read of it when packed
	temp   []byte
}

var errRuns = errors.New("a page is damaged: its runs are cut off")

func newHybrid(src []byte, width uint, temp []byte) hybrid {
	return hybrid{src: src, width: width, temp: temp[:0]}
}

// open begins the next run; false at the end.
func (h *hybrid) open() (bool, error) {
	for h.left == 0 {
		if h.at >= len(h.src) {
			return false, nil
		}
		count, packed, start, end, err := h.run(h.at)
		if err != nil {
			return false, err
		}
		if end > len(h.src) {
			if !packed {
				return false, errRuns
			}
			// Some writers leave out what is not needed of the last group.
			count, end = min(count, (len(h.src)-start)*8/int(h.width)), len(h.src)
		}
		h.left, h.packed, h.begin, h.done, h.at = count, packed, start, 0, end
		if !packed {
			var b [4]byte
			copy(b[:], h.src[start:end])
			h.value = binary.LittleEndian.Uint32(b[:])
		}
	}
	return true, nil
}

// run reads the header of the run at a place: how many numbers it has and where its bytes are.
func (h *hybrid) run(at int) (count int, packed bool, start, end int, err error) {
	u, n := binary.Uvarint(h.src[at:])
	if n <= 0 || u>>1 > 1<<31 {
		return 0, false, 0, 0, errRuns
	}
	start = at + n
	if u&1 == 1 {
		return int(u>>1) * 8, true, start, start + int(u>>1)*int(h.width), nil
	}
	if u == 0 { // an empty run has no value
		return 0, false, start, start, nil
	}
	return int(u >> 1), false, start, start + int(h.width+7)/8, nil
}

// fitting finds the whole runs that are no more than room numbers together.
func (h *hybrid) fitting(room int) (count, end int, err error) {
	end = h.at
	for end < len(h.src) {
		n, _, _, next, err := h.run(end)
		if err != nil {
			return 0, 0, err
		}
		if n > room-count || next > len(h.src) {
			break
		}
		count, end = count+n, next
	}
	return count, end, nil
}

// uniform reports whether the next numbers, at least some, are all the same, and how many they are.
func (h *hybrid) uniform(least int) (value uint32, n int, err error) {
	if h.width == 0 {
		return 0, least, nil
	}
	if ok, err := h.open(); err != nil || !ok || h.packed || h.left < least {
		return 0, 0, err
	}
	return h.value, h.left, nil
}

// skip passes over numbers of the current run.
func (h *hybrid) skip(n int) {
	if h.width > 0 {
		h.left -= n
		h.done += n
	}
}

// pass leaves out the next n numbers.
func (h *hybrid) pass(n int) error {
	if h.width == 0 {
		return nil
	}
	for n > 0 {
		if ok, err := h.open(); err != nil {
			return err
		} else if !ok {
			return errFew
		}
		k := min(n, h.left)
		h.skip(k)
		n -= k
	}
	return nil
}

// levels fills dst; it returns how many there were.
func (h *hybrid) levels(dst []uint8) (int, error) {
	enc := rle.Encoding{BitWidth: int(h.width)}
	return unfold(h, dst, enc.DecodeLevels)
}

// indexes fills dst; it returns how many there were.
func (h *hybrid) indexes(dst []int32) (int, error) {
	enc := rle.Encoding{BitWidth: int(h.width)}
	return unfold(h, dst, enc.DecodeInt32)
}

// unfold fills dst. Whole runs, of which the library decodes eight numbers at once, go to decode.
func unfold[T uint8 | int32](h *hybrid, dst []T, decode func([]T, []byte) ([]T, error)) (int, error) {
	if h.width == 0 {
		clear(dst)
		return len(dst), nil
	}
	n := 0
	whole := func(count int, src []byte) error {
		out, err := decode(dst[n:n:n+count], src)
		if err != nil {
			return plain("a page is damaged", err)
		}
		if len(out) != count {
			return fmt.Errorf("a page is damaged: runs of %d numbers instead of %d", len(out), count)
		}
		copy(dst[n:], out)
		n += count
		return nil
	}
	for n < len(dst) {
		if h.left == 0 {
			count, end, err := h.fitting(len(dst) - n)
			if err != nil {
				return n, err
			}
			if count > 0 {
				if err := whole(count, h.src[h.at:end]); err != nil {
					return n, err
				}
			}
			h.at = end
			if n == len(dst) {
				break
			}
			if ok, err := h.open(); err != nil || !ok {
				return n, err
			}
		}
		k := min(h.left, len(dst)-n)
		switch groups := k / 8; {
		case !h.packed:
			for i := range dst[n : n+k] {
				dst[n+i] = T(h.value)
			}
			n += k
		case groups > 0 && h.done%8 == 0:
			k = groups * 8
			from := h.begin + h.done/8*int(h.width)
			h.temp = binary.AppendUvarint(h.temp[:0], uint64(groups)<<1|1)
			h.temp = append(h.temp, h.src[from:from+groups*int(h.width)]...)
			if err := whole(k, h.temp); err != nil {
				return n, err
			}
		default:
			k = min(k, 8-h.done%8)
			for i := range k {
				dst[n+i] = T(h.number(h.done + i))
			}
			n += k
		}
		h.left -= k
		h.done += k
	}
	return n, nil
}

// number reads one number of a packed run.
func (h *hybrid) number(i int) uint32 {
	bit := i * int(h.width)
	var b [8]byte
	copy(b[:], h.src[h.begin+bit/8:])
	return uint32(binary.LittleEndian.Uint64(b[:])>>(bit%8)) & uint32(1<<h.width-1)
}
