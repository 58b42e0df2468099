package partition

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
)

// blockBytes is the size of reads and writes, and the most that an extent holds, so that it is checked before it is used.
const blockBytes = 1 << 18

// extent is where a file holds records of one partition.
type extent struct {
	offset int64
	words  uint32
	sum    uint32 // CRC-32C of the bytes
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// extentWords is the most words that an extent of records of so many words holds.
func extentWords(width int) int { return blockBytes / wordBytes / width * width }

// DamagedError says that bytes are not those that were written.
type DamagedError struct {
	File   string // "the temporary file in /tmp"
	Offset int64
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("%s is damaged at offset %d", e.File, e.Offset)
}

// source is a file that holds extents.
type source struct {
	io.ReaderAt
	name string
}

// extents calls f with the bytes of every extent of a partition, checked.
func (s *Store) extents(p *held, f func(b []byte) error) error {
	if len(p.spilled)+len(p.saved) == 0 {
		return nil
	}
	b := s.pool.block()
	defer s.pool.putBlock(b)
	if len(p.spilled) > 0 {
		src, err := s.pool.file.source()
		if err != nil {
			return err
		}
		if err := src.each(p.spilled, b, f); err != nil {
			return err
		}
	}
	return s.saved.each(p.saved, b, f)
}

func (s *source) each(extents []extent, buffer []byte, f func(b []byte) error) error {
	for _, e := range extents {
		b := buffer[:int(e.words)*wordBytes]
		switch n, err := s.ReadAt(b, e.offset); {
		case n == len(b): // with io.EOF or without
		case err == io.EOF:
			return &DamagedError{s.name, e.offset + int64(n)}
		default:
			return fmt.Errorf("%s cannot be read: %w", s.name, err)
		}
		if crc32.Checksum(b, castagnoli) != e.sum {
			return &DamagedError{s.name, e.offset}
		}
		if err := f(b); err != nil {
			return err
		}
	}
	return nil
}

// encode fills b with words, and decode words with b.
func encode(b []byte, words []uint64) {
	b = b[:len(words)*wordBytes]
	for i, w := range words {
		binary.LittleEndian.PutUint64(b[i*wordBytes:], w)
	}
}

func decode(words []uint64, b []byte) {
	b = b[:len(words)*wordBytes]
	for i := range words {
		words[i] = binary.LittleEndian.Uint64(b[i*wordBytes:])
	}
}

// pen writes words one after another, in blocks, and sums them up by extent.
type pen struct {
	write func(b []byte) error // whole blocks, but for the last
	block []byte
	n     int   // bytes of block in use
	at    int64 // offset of the next word
	most  int   // words of an extent
}

// add writes records of one partition. It extends the last of the extents while that has room, and there is room only for
// what directly follows it.
func (p *pen) add(extents []extent, words []uint64) ([]extent, error) {
	for len(words) > 0 {
		k := len(extents) - 1
		if k < 0 || int(extents[k].words) == p.most || extents[k].offset+int64(extents[k].words)*wordBytes != p.at {
			extents = append(extents, extent{offset: p.at})
			k++
		}
		e := &extents[k]
		part := words[:min(len(words), p.most-int(e.words), (len(p.block)-p.n)/wordBytes)]
		b := p.block[p.n : p.n+len(part)*wordBytes]
		encode(b, part)
		e.words += uint32(len(part))
		e.sum = crc32.Update(e.sum, castagnoli, b)
		p.n += len(b)
		p.at += int64(len(b))
		words = words[len(part):]
		if p.n == len(p.block) {
			if err := p.end(); err != nil {
				return extents, err
			}
		}
	}
	return extents, nil
}

// end writes what is left.
func (p *pen) end() error {
	b := p.block[:p.n]
	p.n = 0
	if len(b) == 0 {
		return nil
	}
	return p.write(b)
}
