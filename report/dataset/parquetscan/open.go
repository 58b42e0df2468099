package parquetscan

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// The sizes of one read from disk, for small and for large files.
const (
	smallBuffer = 1 << 15
	largeBuffer = 1 << 20
)

// bufferFor keeps folders of many small files from needing a large buffer for every column.
func bufferFor(size int64) int {
	if size < 8*largeBuffer {
		return smallBuffer
	}
	return largeBuffer
}

// opened is a file whose footer has been read and checked. The file itself is closed; tasks open it again.
type opened struct {
	input
	size   int64
	hash   string // SHA-256 of footer and size
	file   *parquet.File
	leaves []leaf
}

// open reads and checks the footer of a file. Every error is a sentence about the file.
func open(in input) (o *opened, err error) {
	f, err := os.Open(in.path)
	if err != nil {
		return nil, errors.New("cannot open it: " + reason(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, errors.New("cannot read it: " + reason(err))
	}
	if info.IsDir() {
		return nil, errors.New("it is a folder")
	}
	o, err = openReader(f, info.Size())
	if err != nil {
		return nil, err
	}
	o.input = in
	if len(o.leaves) > 0 && in.pool != nil {
		o.leaves[0].memories.pool = in.pool
	}
	return o, nil
}

// openReader is open for any reader. A panic of the decoder means a damaged footer.
func openReader(r io.ReaderAt, size int64) (o *opened, err error) {
	defer func() {
		if p := recover(); p != nil {
			o, err = nil, fmt.Errorf("its footer is damaged: %v", p)
		}
	}()
	footer, err := readFooter(r, size)
	if err != nil {
		return nil, err
	}
	file, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(bufferFor(size)), parquet.FileReadMode(parquet.ReadModeSync))
	if err != nil {
		return nil, plain("its footer cannot be read", err)
	}
	sum := sha256.Sum256(binary.LittleEndian.AppendUint64(footer, uint64(size)))
	o = &opened{size: size, hash: hex.EncodeToString(sum[:]), file: file}
	if err := o.checkFooter(size - int64(len(footer)) - 8); err != nil {
		return nil, err
	}
	o.leaves = leavesOf(file)
	shared := &memories{pool: new(sync.Pool), buffer: bufferFor(size)}
	for i := range o.leaves {
		o.leaves[i].memories = shared
	}
	return o, nil
}

// readFooter reads the bytes of the footer after checking that they can be there.
func readFooter(r io.ReaderAt, size int64) ([]byte, error) {
	if size == 0 {
		return nil, errors.New("it is empty: not a Parquet file")
	}
	if size < 12 {
		return nil, errors.New("it is too short to be a Parquet file")
	}
	var head [4]byte
	var tail [8]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return nil, errors.New("cannot read it: " + reason(err))
	}
	if _, err := r.ReadAt(tail[:], size-8); err != nil && err != io.EOF {
		return nil, errors.New("cannot read it: " + reason(err))
	}
	switch {
	case string(head[:]) == "PARE" || string(tail[4:]) == "PARE":
		return nil, errors.New("it is encrypted, which is not supported: export it without encryption")
	case string(head[:]) != "PAR1":
		return nil, errors.New("it is not a Parquet file" + lookalike(head[:]))
	case string(tail[4:]) != "PAR1":
		return nil, errors.New("it is cut off: the Parquet footer is missing; was the export or the copy interrupted?")
	}
	length := int64(binary.LittleEndian.Uint32(tail[:4]))
	if length == 0 || length > size-12 {
		return nil, fmt.Errorf("its footer is damaged: it claims %d bytes in a file of %d", length, size)
	}
	footer := make([]byte, length)
	if _, err := r.ReadAt(footer, size-8-length); err != nil {
		return nil, errors.New("cannot read it: " + reason(err))
	}
	n, err := skimStruct(footer, 0)
	if err != nil {
		return nil, fmt.Errorf("its footer is damaged: %w", err)
	}
	if n != len(footer) {
		return nil, errors.New("its footer is signed or has trailing bytes, which is not supported: export it without encryption")
	}
	if err := checkShape(footer); err != nil {
		return nil, fmt.Errorf("its footer is damaged or beyond what is supported: %w", err)
	}
	return footer, nil
}

// lookalike names what a file probably is instead.
func lookalike(head []byte) string {
	switch {
	case string(head) == "PK\x03\x04":
		return " but a spreadsheet or a zip archive: export the table as Parquet"
	case head[0] == 0x1f && head[1] == 0x8b:
		return " but a gzip archive: unpack it first"
	case string(head[:3]) == "ORC" || string(head) == "Obj\x01":
		return " but ORC or Avro: export the table as Parquet"
	case strings.IndexFunc(string(head), func(r rune) bool { return r < 32 || r > 126 }) < 0:
		return " but text, perhaps CSV or JSON: export the table as Parquet"
	}
	return ""
}

// maxRows is more than any file has. Runs make a row of nulls cost almost no bytes, so a footer cannot be held to the size of
// its file.
const maxRows = 1 << 36

// checkFooter refuses counts, offsets and sizes that the file cannot have, before anything is allocated for them.
func (o *opened) checkFooter(dataEnd int64) error {
	meta := o.file.Metadata()
	if meta.EncryptionAlgorithm.Value != nil {
		return errors.New("it is encrypted, which is not supported: export it without encryption")
	}
	leaves := len(o.file.Root().Columns())
	total := int64(0)
	for i := range meta.RowGroups {
		g := &meta.RowGroups[i]
		if g.NumRows < 0 || g.NumRows > math.MaxInt32 {
			return fmt.Errorf("row group %d is damaged: it claims %d rows", i, g.NumRows)
		}
		if leaves > 0 && len(g.Columns) == 0 {
			return fmt.Errorf("row group %d is damaged: it has no columns", i)
		}
		if total += g.NumRows; total > maxRows {
			return fmt.Errorf("its footer is damaged: it claims more than %d rows", int64(maxRows))
		}
		for j := range g.Columns {
			if err := checkChunk(&g.Columns[j], dataEnd); err != nil {
				return fmt.Errorf("row group %d, column %s: %w", i, strings.Join(g.Columns[j].MetaData.PathInSchema, "."), err)
			}
		}
	}
	meta.NumRows = total // some writers leave it at 0
	return nil
}

// dictionarySlack is what old writers left out of the size of a column chunk: the header of its dictionary page
// (PARQUET-816). Reading stops after the last value, so the bytes that follow do no harm.
const dictionarySlack = 100

func checkChunk(c *format.ColumnChunk, dataEnd int64) error {
	m := &c.MetaData
	start, size := chunkStart(m), m.TotalCompressedSize
	switch {
	case c.CryptoMetadata.Value != nil:
		return errors.New("it is encrypted, which is not supported")
	case c.FilePath != "":
		return errors.New("its data are in another file, which is not supported")
	case size < 0 || m.TotalUncompressedSize < 0 || m.NumValues < 0:
		return errors.New("damaged: negative size")
	case m.NumValues > 0 && (start < 4 || size == 0 || start > dataEnd || size > dataEnd-start):
		return fmt.Errorf("damaged: its %d bytes at %d lie outside the file", size, start)
	}
	if size > 0 {
		m.TotalCompressedSize = min(size+dictionarySlack, dataEnd-start)
	}
	return nil
}

// chunkStart is where the pages of a column chunk begin.
func chunkStart(m *format.ColumnMetaData) int64 {
	if m.DictionaryPageOffset != 0 {
		return m.DictionaryPageOffset
	}
	return m.DataPageOffset
}

// plain makes an error of the library readable: one line, ours first.
func plain(what string, err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	if strings.HasSuffix(text, "missing required field: 2:FIELD<BINARY>") {
		text = "its metadata have a key without a value, which is not supported"
	}
	return errors.New(what + ": " + strings.TrimPrefix(text, "parquet: "))
}
