package partition

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// file is what a pool needs of its temporary file.
type file interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
}

// spool is the one temporary file of a pool, made when it is first needed. Its user writes to a part of it that it reserved.
type spool struct {
	dir     string
	create  func(dir string) (f file, name string, err error)
	written atomic.Int64

	mu     sync.Mutex
	f      file
	src    *source
	name   string // of the file while it has one
	end    int64
	err    error // the first that a write met: every later one fails with it
	closed bool
}

// pen returns a pen for so many bytes of records, which nobody else writes to, and what gives its buffer back.
func (s *spool) pen(bytes int64, width int, pool *Pool) (*pen, func(), error) {
	f, at, err := s.reserve(bytes)
	if err != nil {
		return nil, nil, err
	}
	p := &pen{block: pool.block(), at: at, most: extentWords(width)}
	p.write = func(b []byte) error {
		n, err := f.WriteAt(b, at)
		at += int64(n)
		s.written.Add(int64(n))
		return err
	}
	return p, func() { pool.putBlock(p.block) }, nil
}

func (s *spool) reserve(bytes int64) (file, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, 0, errClosed
	case s.err != nil:
		return nil, 0, s.err
	case s.f == nil:
		if err := s.open(); err != nil {
			s.err = fmt.Errorf("cannot make a temporary file for what does not fit in memory: %w; %s", err, hint())
			return nil, 0, s.err
		}
	}
	at := s.end
	s.end += bytes
	return s.f, at, nil
}

func (s *spool) open() error {
	s.dir = folder(s.dir)
	f, name, err := s.create(s.dir)
	if err != nil {
		return err
	}
	s.f, s.name = f, name
	s.src = &source{f, "the temporary file in " + s.dir}
	return nil
}

// fail says what a failed write means to the user. The first error stands for all.
func (s *spool) fail(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = fmt.Errorf("the temporary file in %s cannot be written: %w; %s", s.dir, err, hint())
	}
	return s.err
}

func hint() string {
	variable := "TMPDIR"
	if runtime.GOOS == "windows" {
		variable = "TMP"
	}
	return "choose a folder with more room by " + variable + ", or allow more memory with --memory"
}

func (s *spool) source() (*source, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	return s.src, nil
}

// close removes the file. What still reads or writes gets an error.
func (s *spool) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.f == nil {
		return nil
	}
	err := s.f.Close()
	if s.name != "" {
		err = errors.Join(err, os.Remove(s.name))
	}
	s.f, s.src, s.name = nil, nil, ""
	return err
}

var errClosed = errors.New("the pool of records is closed")

// Names of temporary files, as os.CreateTemp makes them of the pattern.
const tempPattern = "parcours-spill-*.tmp"

var tempName = regexp.MustCompile(`^parcours-spill-[0-9]+\.tmp$`)

// createTemp makes a file that only its owner can read. Where a file can be used without a name, it has none, so that not even
// a killed process leaves anything; elsewhere its name is returned.
func createTemp(dir string) (file, string, error) {
	f, name, err := createNamed(dir)
	if err == nil && os.Remove(name) == nil {
		name = ""
	}
	return f, name, err
}

func createNamed(dir string) (file, string, error) {
	sweep(dir, time.Now().Add(-24*time.Hour))
	f, err := os.CreateTemp(dir, tempPattern)
	if err != nil {
		return nil, "", err
	}
	return f, f.Name(), nil
}

// sweep removes files of ours that a process left behind when it was killed, unchanged since the given time. Errors do not
// matter: there may be nothing to remove, and another process may be faster.
func sweep(dir string, before time.Time) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if !tempName.MatchString(e.Name()) || !e.Type().IsRegular() {
			continue
		}
		if info, err := e.Info(); err == nil && ours(info) && info.ModTime().Before(before) {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
