package partition

import (
	"io"
	"time"
)

// SetFile makes a pool use other temporary files.
func (p *Pool) SetFile(create func(dir string) (File, error)) {
	p.file.create = func(dir string) (file, string, error) {
		f, err := create(dir)
		return f, "", err
	}
}

// KeepName makes a pool behave as where an open file keeps its name.
func (p *Pool) KeepName() {
	p.file.create = func(dir string) (file, string, error) { return createNamed(dir) }
}

// File is what a pool needs of its temporary file.
type File interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
}

// Sweep removes stale files.
func Sweep(dir string, before time.Time) { sweep(dir, before) }

// BlockBytes is the size of a read or write.
const BlockBytes = blockBytes
