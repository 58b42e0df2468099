package handoff

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"

	"parcours/report/dataset"
)

// ScoreRow is one customer of a file of scores. Times are in days; X, TX and Age are those of dataset.Customer.
type ScoreRow struct {
	Customer string      `parquet:"customer_id"` // as given in the data
	X        int32       `parquet:"x"`
	TX       int32       `parquet:"t_x_days"`
	Age      int32       `parquet:"age_days"`
	Alive    float64     `parquet:"p_alive"`
	Orders   float64     `parquet:"expected_orders"`
	Value    int64       `parquet:"expected_value_minor"` // discounted
	Currency string      `parquet:"currency,dict"`
	Segment  string      `parquet:"segment,dict"`
	Months   int32       `parquet:"horizon_months"`
	AsOf     dataset.Day `parquet:"as_of,date"`
}

// Form is the form of a file of scores.
type Form string

// The forms.
const (
	Parquet Form = "parquet"
	CSV     Form = "csv"
)

const (
	// scoreGroup is the number of rows of a row group: what the writer holds in memory.
	scoreGroup = 1 << 16
	scoreBatch = 1 << 12
	// scoreMark is the key in the footer by which a file of scores is known.
	scoreMark = "parcours.scores"
)

// Scores writes a file of scores. It names customers, so only its owner may read it.
type Scores struct {
	path   string
	file   *os.File
	buffer *countedBuffer
	rows   rowWriter
	batch  []ScoreRow
}

// rowWriter writes rows in one form.
type rowWriter interface {
	Write([]ScoreRow) (int, error)
	Close() error
}

// CreateScores begins a file beside the path where Close puts it.
func CreateScores(path string, form Form) (*Scores, error) {
	sweep(filepath.Dir(path))
	f, err := os.CreateTemp(filepath.Dir(path), scorePrefix) // readable by its owner only
	if err != nil {
		return nil, err
	}
	s := &Scores{path: path, file: f, batch: make([]ScoreRow, 0, scoreBatch), buffer: &countedBuffer{Writer: bufio.NewWriterSize(f, 1<<20)}}
	switch form {
	case Parquet:
		s.rows = parquet.NewGenericWriter[ScoreRow](s.buffer, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(scoreGroup),
			parquet.KeyValueMetadata(scoreMark, "1"))
	case CSV:
		s.rows = newCSVScores(s.buffer)
	default:
		s.Discard()
		return nil, fmt.Errorf("there is no form %q", form)
	}
	return s, nil
}

// Write adds rows. They go on in batches of one size, since where pages end depends on it.
func (s *Scores) Write(rows []ScoreRow) error {
	for len(rows) > 0 {
		n := min(len(rows), scoreBatch-len(s.batch))
		s.batch, rows = append(s.batch, rows[:n]...), rows[n:]
		if len(s.batch) < scoreBatch {
			return nil
		}
		if err := s.flush(); err != nil {
			return err
		}
	}
	return nil
}

func (s *Scores) flush() error {
	_, err := s.rows.Write(s.batch)
	s.batch = s.batch[:0]
	return err
}

// Close finishes the file and puts it in its place, and returns its size in bytes.
func (s *Scores) Close() (int64, error) {
	err := s.flush()
	if err == nil {
		err = s.rows.Close()
	}
	if err == nil {
		err = s.buffer.Flush()
	}
	if err == nil {
		err = s.file.Sync()
	}
	if err = errors.Join(err, s.file.Close()); err != nil {
		os.Remove(s.file.Name())
		return 0, err
	}
	if err := os.Rename(s.file.Name(), s.path); err != nil {
		os.Remove(s.file.Name())
		return 0, err
	}
	return s.buffer.n, nil
}

// Discard gives the file up. What was in its place stays.
func (s *Scores) Discard() {
	s.file.Close()
	os.Remove(s.file.Name())
}

// countedBuffer knows how much was written.
type countedBuffer struct {
	*bufio.Writer
	n int64
}

func (b *countedBuffer) Write(p []byte) (int, error) {
	n, err := b.Writer.Write(p)
	b.n += int64(n)
	return n, err
}

// scorePrefix begins the names of unfinished files, hidden so that no folder of data includes them.
const scorePrefix = ".parcours-scores-"

// sweep removes what a killed run left. A younger file may belong to one that is running now.
func sweep(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), scorePrefix)
		if !ours || strings.Trim(rest, "0123456789") != "" || !e.Type().IsRegular() {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > time.Hour {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// IsScores reports whether a file may be replaced by scores: it is not there, or holds scores itself.
func IsScores(path string) (ok bool, err error) {
	defer func() {
		if p := recover(); p != nil { // parquet-go panics on some damaged files
			ok, err = false, nil
		}
	}()
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	head := make([]byte, len(csvHeading))
	n, _ := io.ReadFull(f, head)
	if string(head[:n]) == csvHeading {
		return true, nil
	}
	p, err := parquet.OpenFile(f, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return false, nil
	}
	_, ok = p.Lookup(scoreMark)
	return ok, nil
}
