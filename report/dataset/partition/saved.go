package partition

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// A saved store is a file of
//
//	header   magic, version, words of a record, partitions
//	records  of partition after partition, cut into extents of extentWords and a shorter last one
//	index    records of every partition, 8 bytes each; CRC-32C of every extent, 4 bytes each
//	trailer  bytes of the index; CRC-32C of header, index and those; magic
//
// with all numbers little-endian. Lengths and offsets follow from the number of records, so there is nothing in the file that
// could point to a wrong place.
const (
	savedMagic   = "parcours"
	endMagic     = "done"
	savedVersion = 1
	headerBytes  = len(savedMagic) + 3*4
	trailerBytes = 8 + 4 + len(endMagic)

	// maxParts is the most partitions that Read takes, so that no file makes it allocate much.
	maxParts = 1 << 16
)

// savedName is how errors call a saved store.
const savedName = "the file of records"

// Save writes the store as a file for Read. All writers are flushed before.
func (s *Store) Save(w io.Writer) error { return s.pool.Save(w, s.width, len(s.parts), s.Each) }

// Save writes records as a file for Read: those of each partition as each gives them, whole ones, as Store.Each does.
func (p *Pool) Save(w io.Writer, width, parts int, each func(part int, f func(records []uint64) error) error) error {
	header := binary.LittleEndian.AppendUint32([]byte(savedMagic), savedVersion)
	header = binary.LittleEndian.AppendUint32(header, uint32(width))
	header = binary.LittleEndian.AppendUint32(header, uint32(parts))
	if _, err := w.Write(header); err != nil {
		return err
	}
	index, err := p.saveRecords(w, width, parts, each)
	if err != nil {
		return err
	}
	end := binary.LittleEndian.AppendUint64(index, uint64(len(index)))
	end = binary.LittleEndian.AppendUint32(end, savedSum(header, end))
	_, err = w.Write(append(end, endMagic...))
	return err
}

func savedSum(header, index []byte) uint32 {
	return crc32.Update(crc32.Checksum(header, castagnoli), castagnoli, index)
}

// saveRecords returns the index.
func (p *Pool) saveRecords(w io.Writer, width, parts int, each func(part int, f func(records []uint64) error) error) ([]byte, error) {
	b := p.block()
	defer p.putBlock(b)
	out := pen{block: b, at: int64(headerBytes), most: extentWords(width)}
	out.write = func(b []byte) error {
		_, err := w.Write(b)
		return err
	}
	var counts, sums []byte
	var own []extent
	for part := range parts {
		own = own[:0]
		words := 0
		err := each(part, func(records []uint64) error {
			var err error
			words += len(records)
			own, err = out.add(own, records)
			return err
		})
		if err != nil {
			return nil, err
		}
		counts = binary.LittleEndian.AppendUint64(counts, uint64(words/width))
		for _, e := range own {
			sums = binary.LittleEndian.AppendUint32(sums, e.sum)
		}
	}
	return append(counts, sums...), out.end()
}

// Read opens a saved store of size bytes. Each and Load then read the file, which must stay open and the same; the memory for
// that comes from the pool. A file that Save did not write, or that was cut or changed, is an error here or there, and nothing
// is allocated that is not in proportion to its size.
func Read(r io.ReaderAt, size int64, pool *Pool) (*Store, error) {
	header, index, err := readIndex(r, size)
	if err != nil {
		return nil, err
	}
	width := binary.LittleEndian.Uint32(header[len(savedMagic)+4:])
	parts := binary.LittleEndian.Uint32(header[len(savedMagic)+8:])
	if width < 1 || width > MaxWidth || parts > maxParts || len(index) < int(parts)*8 {
		return nil, errSaved
	}
	s := NewStore(pool, int(width), int(parts))
	s.saved = &source{r, savedName}
	at, sums := int64(headerBytes), index[parts*8:]
	left := uint64(size) / wordBytes / uint64(width) // records that there can be
	for i := range s.parts {
		records := binary.LittleEndian.Uint64(index[i*8:])
		if records > left {
			return nil, errSaved
		}
		left -= records
		if at, sums, err = s.parts[i].locate(int64(records), int(width), at, sums); err != nil {
			return nil, err
		}
	}
	if len(sums) != 0 || at != size-int64(trailerBytes+len(index)) {
		return nil, errSaved
	}
	return s, nil
}

var errSaved = errors.New(savedName + " does not hold what it says")

// readIndex returns the header and the index, checked to be those that were written.
func readIndex(r io.ReaderAt, size int64) (header, index []byte, err error) {
	var ends [headerBytes + trailerBytes]byte
	header, trailer := ends[:headerBytes], ends[headerBytes:]
	if size < int64(len(ends)) {
		return nil, nil, errors.New(savedName + " is too short to be one")
	}
	if err := readAt(r, header, 0); err != nil {
		return nil, nil, err
	}
	if string(header[:len(savedMagic)]) != savedMagic {
		return nil, nil, errors.New(savedName + " is none of parcours")
	}
	if v := binary.LittleEndian.Uint32(header[len(savedMagic):]); v != savedVersion {
		return nil, nil, fmt.Errorf("%s has version %d, this parcours reads version %d", savedName, v, savedVersion)
	}
	if err := readAt(r, trailer, size-int64(trailerBytes)); err != nil {
		return nil, nil, err
	}
	length := binary.LittleEndian.Uint64(trailer)
	// The index has 8 bytes a partition, and 4 for each of their last extents and for each full one of half a block or more.
	most := maxParts*12 + uint64(size)/(blockBytes/2)*4
	if string(trailer[12:]) != endMagic || length > most || length > uint64(size)-uint64(len(ends)) {
		return nil, nil, errors.New(savedName + " is cut off or damaged at its end")
	}
	at := size - int64(trailerBytes) - int64(length)
	index = make([]byte, length)
	if err := readAt(r, index, at); err != nil {
		return nil, nil, err
	}
	if crc32.Update(savedSum(header, index), castagnoli, trailer[:8]) != binary.LittleEndian.Uint32(trailer[8:]) {
		return nil, nil, &DamagedError{savedName, at}
	}
	return header, index, nil
}

func readAt(r io.ReaderAt, b []byte, at int64) error {
	if n, err := r.ReadAt(b, at); n < len(b) {
		return fmt.Errorf("%s cannot be read: %w", savedName, err)
	}
	return nil
}

// locate computes where the records of a partition are, from at on, and takes the sums of their extents.
func (h *held) locate(records int64, width int, at int64, sums []byte) (int64, []byte, error) {
	h.records = records
	words := records * int64(width)
	most := int64(extentWords(width))
	if n := (words + most - 1) / most; n > int64(len(sums)/4) {
		return 0, nil, errSaved
	}
	for words > 0 {
		n := min(words, most)
		h.saved = append(h.saved, extent{at, uint32(n), binary.LittleEndian.Uint32(sums)})
		at += n * wordBytes
		words -= n
		sums = sums[4:]
	}
	return at, sums, nil
}
