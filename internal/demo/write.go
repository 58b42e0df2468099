package demo

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// rowGroup bounds the rows of a row group: what a scanner hands to one core, and what the writer keeps in memory.
const rowGroup = 500_000

// table writes rows of one type to a Parquet file.
type table[T any] struct {
	file  *os.File
	buf   *bufio.Writer
	out   *parquet.GenericWriter[T]
	batch []T
	rows  int64
}

// newTable creates the file, and its folder when needed.
func newTable[T any](path string, seed uint64) (*table[T], error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	buf := bufio.NewWriterSize(f, 1<<18)
	return &table[T]{file: f, buf: buf, out: parquet.NewGenericWriter[T](buf, settings(seed)...), batch: make([]T, 0, 1024)}, nil
}

// settings name the author outright: the library would put its own build there, and the bytes would change with it.
func settings(seed uint64) []parquet.WriterOption {
	return []parquet.WriterOption{
		parquet.CreatedBy("parcours", "1", "demo"),
		parquet.KeyValueMetadata("synthetic", "fictional shop; no row describes a person"),
		parquet.KeyValueMetadata("seed", strconv.FormatUint(seed, 10)),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest, Concurrency: 1}),
		parquet.MaxRowsPerRowGroup(rowGroup),
		parquet.PageBufferSize(1 << 18),
		parquet.DataPageStatistics(false),
	}
}

func (t *table[T]) add(row T) error {
	t.batch = append(t.batch, row)
	if len(t.batch) < cap(t.batch) {
		return nil
	}
	return t.flush()
}

func (t *table[T]) flush() error {
	_, err := t.out.Write(t.batch)
	t.rows += int64(len(t.batch))
	t.batch = t.batch[:0]
	return err
}

// close ends the file; it must be called also after an error.
func (t *table[T]) close() error {
	err := t.flush()
	for _, step := range []func() error{t.out.Close, t.buf.Flush, t.file.Close} {
		if e := step(); err == nil {
			err = e
		}
	}
	return err
}

// writeTable writes a whole table at once, in the order of rows, which convert turns into rows of the file.
func writeTable[R, T any](path string, seed uint64, rows []R, convert func(R) T) error {
	t, err := newTable[T](path, seed)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := t.add(convert(r)); err != nil {
			return firstOf(err, t.close())
		}
	}
	return t.close()
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
