// Package themes embeds the default theme and lays a site's own theme over it, file by file.
package themes

import (
	"embed"
	"errors"
	"io"
	"io/fs"
	"sort"
)

//go:embed all:default
var files embed.FS

// Default returns the embedded theme: templates/, static/ and i18n/ at its root.
func Default() fs.FS {
	sub, err := fs.Sub(files, "default")
	if err != nil {
		return files // unreachable: the name is a valid path
	}
	return sub
}

// Overlay returns a file system in which a file of over hides the file of under with the same path, and folders hold
// the files of both. A nil over is under alone.
func Overlay(over, under fs.FS) fs.FS {
	if over == nil {
		return under
	}
	return overlay{over, under}
}

type overlay struct{ over, under fs.FS }

// Open implements fs.FS. A folder of both lists the files of both.
func (o overlay) Open(name string) (fs.File, error) {
	f, err := o.over.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return o.under.Open(name)
	}
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.IsDir() {
		return f, err
	}
	entries, err := o.ReadDir(name)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &folder{File: f, entries: entries}, nil
}

// folder is an open folder of an overlay.
type folder struct {
	fs.File
	entries []fs.DirEntry // not yet read
}

// ReadDir implements fs.ReadDirFile.
func (d *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		out := d.entries
		d.entries = nil
		return out, nil
	}
	if len(d.entries) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(d.entries))
	out := d.entries[:n]
	d.entries = d.entries[n:]
	return out, nil
}

// ReadFile implements fs.ReadFileFS.
func (o overlay) ReadFile(name string) ([]byte, error) {
	b, err := fs.ReadFile(o.over, name)
	if errors.Is(err, fs.ErrNotExist) {
		return fs.ReadFile(o.under, name)
	}
	return b, err
}

// ReadDir implements fs.ReadDirFS: the entries of both folders, sorted by name.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	upper, errOver := fs.ReadDir(o.over, name)
	if errOver != nil && !errors.Is(errOver, fs.ErrNotExist) {
		return nil, errOver
	}
	lower, errUnder := fs.ReadDir(o.under, name)
	if errOver != nil {
		return lower, errUnder
	}
	if errUnder != nil && !errors.Is(errUnder, fs.ErrNotExist) {
		return nil, errUnder
	}
	return merge(upper, lower), nil
}

func merge(upper, lower []fs.DirEntry) []fs.DirEntry {
	seen := make(map[string]bool, len(upper))
	all := make([]fs.DirEntry, 0, len(upper)+len(lower))
	for _, e := range upper {
		seen[e.Name()] = true
		all = append(all, e)
	}
	for _, e := range lower {
		if !seen[e.Name()] {
			all = append(all, e)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name() < all[j].Name() })
	return all
}

// Layers returns the file systems of an overlay, lowest first, for files that add to each other instead of hiding
// each other: a message of a site's own catalogue replaces that message and no other.
func Layers(fsys fs.FS) []fs.FS {
	if o, ok := fsys.(overlay); ok {
		return append(Layers(o.under), Layers(o.over)...)
	}
	return []fs.FS{fsys}
}
