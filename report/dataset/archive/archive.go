// Package archive keeps what was made of input files in a folder of immutable segments, for runs that find those files
// unchanged.
//
// What a segment means is its owner's business: it is some sections of bytes, checked by whoever reads them, and a description,
// which is checked here. A segment is written under another name and is there, whole, or not at all.
package archive

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A segment is a file of magic, sections one after another, the description, and a trailer: the sizes of sections and
// description, their number, CRC-32C of description and trailer, magic. All numbers are little-endian, of 64 bits but for the
// checksum of 32.
const (
	magic      = "parcours rows 1\n"
	suffix     = ".rows"
	unfinished = ".tmp-"

	maxSections    = 16
	maxDescription = 1 << 30
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ErrDamaged says that a file is no segment, or was cut or changed.
var ErrDamaged = errors.New("it is damaged")

// Segment is an open segment.
type Segment struct {
	Name        string
	Bytes       int64
	Description []byte
	sections    []int64 // sizes
	file        *os.File
}

// Section returns the bytes of a section, none when there is no such section. It holds until Close.
func (s *Segment) Section(i int) *io.SectionReader {
	at := int64(len(magic))
	for n, size := range s.sections {
		if n == i {
			return io.NewSectionReader(s.file, at, size)
		}
		at += size
	}
	return io.NewSectionReader(s.file, at, 0)
}

// Close closes the file.
func (s *Segment) Close() error { return s.file.Close() }

// Names lists the segments of a folder in the order of names; a folder that is not there has none.
func Names(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if e.Type().IsRegular() && strings.HasSuffix(e.Name(), suffix) && !strings.HasPrefix(e.Name(), unfinished) {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// Open opens a segment and reads its description. What is no whole segment is ErrDamaged.
func Open(dir, name string) (*Segment, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	s := &Segment{Name: name, file: f}
	if err := s.read(); err != nil {
		f.Close()
		return nil, err
	}
	return s, nil
}

const tailBytes = 8 + 4 + len(magic) // number of sections, checksum, magic

func (s *Segment) read() error {
	info, err := s.file.Stat()
	if err != nil {
		return err
	}
	s.Bytes = info.Size()
	var head [len(magic)]byte
	var tail [tailBytes]byte
	if s.Bytes < int64(len(head)+len(tail)) {
		return ErrDamaged
	}
	if err := s.at(head[:], 0); err != nil {
		return err
	}
	if err := s.at(tail[:], s.Bytes-int64(tailBytes)); err != nil {
		return err
	}
	n := binary.LittleEndian.Uint64(tail[:])
	if string(head[:]) != magic || string(tail[12:]) != magic || n > maxSections {
		return ErrDamaged
	}
	sizes := make([]byte, 8*(n+1))
	end := s.Bytes - int64(tailBytes+len(sizes))
	if end < int64(len(magic)) {
		return ErrDamaged
	}
	if err := s.at(sizes, end); err != nil {
		return err
	}
	left := uint64(end) - uint64(len(magic))
	for i := range int(n) {
		size := binary.LittleEndian.Uint64(sizes[8*i:])
		if size > left {
			return ErrDamaged
		}
		left -= size
		s.sections = append(s.sections, int64(size))
	}
	if binary.LittleEndian.Uint64(sizes[8*n:]) != left || left > maxDescription {
		return ErrDamaged
	}
	s.Description = make([]byte, left)
	if err := s.at(s.Description, end-int64(left)); err != nil {
		return err
	}
	if checksum(s.Description, sizes, tail[:8]) != binary.LittleEndian.Uint32(tail[8:]) {
		return ErrDamaged
	}
	return nil
}

func (s *Segment) at(b []byte, offset int64) error {
	if n, err := s.file.ReadAt(b, offset); n < len(b) {
		return err
	}
	return nil
}

func checksum(parts ...[]byte) uint32 {
	sum := uint32(0)
	for _, p := range parts {
		sum = crc32.Update(sum, castagnoli, p)
	}
	return sum
}

// Draft is a segment that is being written.
type Draft struct {
	dir   string
	file  *os.File
	sizes []byte
	n     uint64
	at    int64
	err   error
}

// Create begins a segment in a folder, which is made when it is not there. Both can be read by their owner alone.
func Create(dir string) (*Draft, error) {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return nil, err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(dir, unfinished) // of mode 0600
	if err != nil {
		return nil, err
	}
	d := &Draft{dir: dir, file: f}
	d.write([]byte(magic))
	return d, nil
}

func (d *Draft) write(b []byte) {
	if d.err == nil {
		_, d.err = d.file.Write(b)
		d.at += int64(len(b))
	}
}

// Write adds to the section.
func (d *Draft) Write(b []byte) (int, error) {
	n, err := d.file.Write(b)
	d.at += int64(n)
	return n, err
}

// Section writes the next section.
func (d *Draft) Section(write func(w io.Writer) error) error {
	if d.err != nil {
		return d.err
	}
	from := d.at
	if d.err = write(d); d.err != nil {
		return d.err
	}
	d.sizes = binary.LittleEndian.AppendUint64(d.sizes, uint64(d.at-from))
	d.n++
	return nil
}

// Describe writes the description; nothing can be added then.
func (d *Draft) Describe(description []byte) error {
	d.write(description)
	sizes := binary.LittleEndian.AppendUint64(d.sizes, uint64(len(description)))
	count := binary.LittleEndian.AppendUint64(nil, d.n)
	sum := checksum(description, sizes, count)
	d.write(sizes)
	d.write(binary.LittleEndian.AppendUint32(count, sum))
	d.write([]byte(magic))
	if err := d.file.Close(); d.err == nil {
		d.err = err
	}
	return d.err
}

// Publish puts the segment in its place, under a name without suffix.
func (d *Draft) Publish(name string) error {
	if d.err != nil {
		return d.err
	}
	return os.Rename(d.file.Name(), filepath.Join(d.dir, name+suffix))
}

// Discard takes away what was written, unless it was published.
func (d *Draft) Discard() {
	d.file.Close()
	os.Remove(d.file.Name())
}

// Name returns the name of the file of a segment.
func Name(name string) string { return name + suffix }

// Remove takes segments away, and what a killed process left unfinished long ago.
func Remove(dir string, names []string) error {
	var failed []error
	for _, n := range names {
		if err := os.Remove(filepath.Join(dir, n)); err != nil && !errors.Is(err, os.ErrNotExist) {
			failed = append(failed, err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		failed = append(failed, err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && strings.HasPrefix(e.Name(), unfinished) && time.Since(info.ModTime()) > 24*time.Hour {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
	return errors.Join(failed...)
}
