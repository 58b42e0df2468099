// Package outdir writes a finished site in one step: the folder is made beside its target and swapped in whole, so a
// failed or interrupted build leaves the earlier site byte for byte.
package outdir

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// ManifestName is the file by which parcours knows a folder that it made.
const ManifestName = ".parcours.json"

// Manifest describes a finished site. Files maps each path, with slashes, to the SHA-256 of its content; the
// manifest itself is not in it.
type Manifest struct {
	Schema    int               `json:"schema"`
	Generator string            `json:"generator"`
	AsOf      string            `json:"as_of,omitempty"`
	Inputs    []Input           `json:"inputs"`
	Files     map[string]string `json:"files"`
}

// Input is the fingerprint of one file that the site was made from.
type Input struct {
	File string `json:"file"`
	Hash string `json:"hash"`
}

// ForeignError says that the target holds files that parcours did not write.
type ForeignError struct {
	Dir   string
	Files []string // a few of them; empty when the folder has no manifest at all
}

func (e *ForeignError) Error() string {
	if len(e.Files) == 0 {
		return fmt.Sprintf("%s is not empty and was not made by parcours", e.Dir)
	}
	return fmt.Sprintf("%s holds files that parcours did not write: %s", e.Dir, strings.Join(e.Files, ", "))
}

// Result tells what Write did.
type Result struct {
	Unchanged bool // the folder already had exactly these files; nothing was touched
	Files     int
	Bytes     int64
}

// Write replaces the folder target by files and their manifest. It returns a *ForeignError, and touches nothing, when the
// folder holds anything that parcours did not write. When the context ends before the new folder is complete, the earlier one
// stays and nothing is left beside it.
func Write(ctx context.Context, target string, files map[string][]byte, m Manifest) (Result, error) {
	target, err := resolve(target)
	if err != nil {
		return Result{}, err
	}
	if err := repair(target); err != nil {
		return Result{}, err
	}
	if err := Check(target); err != nil {
		return Result{}, err
	}
	all, err := withManifest(files, m)
	if err != nil {
		return Result{}, err
	}
	r := Result{Files: len(all)}
	for _, b := range all {
		r.Bytes += int64(len(b))
	}
	if same(target, all) {
		r.Unchanged = true
		return r, nil
	}
	staging, err := fill(ctx, target, all)
	if err != nil {
		return Result{}, err
	}
	if err := swap(target, staging); err != nil {
		os.RemoveAll(staging)
		return Result{}, fmt.Errorf("put the new site in place: %w", err)
	}
	return r, nil
}

// resolve returns the folder itself: a link that someone made to it stays, and its folder is swapped.
func resolve(target string) (string, error) {
	abs, err := filepath.Abs(target)
	if err != nil {
		return "", err
	}
	info, err := os.Lstat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return abs, nil
	case err != nil:
		return "", err
	case info.Mode()&fs.ModeSymlink == 0 && !info.IsDir():
		return "", &NotFolderError{Path: target}
	}
	real, err := filepath.EvalSymlinks(abs)
	if errors.Is(err, fs.ErrNotExist) {
		return "", &NotFolderError{Path: target, Link: true}
	}
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(real); err == nil && !info.IsDir() {
		return "", &NotFolderError{Path: target}
	}
	return real, nil
}

// NotFolderError says that the target is a file, or a link that leads nowhere.
type NotFolderError struct {
	Path string
	Link bool
}

func (e *NotFolderError) Error() string {
	if e.Link {
		return e.Path + " is a link to a folder that does not exist"
	}
	return e.Path + " is a file, not a folder"
}

func withManifest(files map[string][]byte, m Manifest) (map[string][]byte, error) {
	all := make(map[string][]byte, len(files)+1)
	m.Schema = 1
	m.Files = make(map[string]string, len(files))
	if m.Inputs == nil {
		m.Inputs = []Input{}
	}
	for name, b := range files {
		if !fs.ValidPath(name) || name == ManifestName {
			return nil, fmt.Errorf("output file %q: not a valid path inside the site", name)
		}
		sum := sha256.Sum256(b)
		m.Files[name] = hex.EncodeToString(sum[:])
		all[name] = b
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, err
	}
	all[ManifestName] = append(text, '\n')
	return all, nil
}

// Check reports whether target may be replaced: absent, empty, or holding only what its manifest lists.
func Check(target string) error {
	entries, err := os.ReadDir(target)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(target, ManifestName))
	if err != nil {
		return &ForeignError{Dir: target}
	}
	var m Manifest
	if json.Unmarshal(text, &m) != nil || m.Files == nil {
		return &ForeignError{Dir: target}
	}
	var foreign []string
	err = filepath.WalkDir(target, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(target, p)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if _, ok := m.Files[name]; !ok && name != ManifestName {
			foreign = append(foreign, name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(foreign) > 0 {
		return &ForeignError{Dir: target, Files: foreign[:min(3, len(foreign))]}
	}
	return nil
}

// same reports whether target holds exactly these files.
func same(target string, files map[string][]byte) bool {
	n := 0
	err := filepath.WalkDir(target, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n++
		rel, _ := filepath.Rel(target, p)
		want, ok := files[filepath.ToSlash(rel)]
		got, err := os.ReadFile(p)
		if err != nil || !ok || !bytes.Equal(got, want) {
			return errors.New("different")
		}
		return nil
	})
	return err == nil && n == len(files)
}

const (
	newPrefix = ".parcours-new-"
	oldPrefix = ".parcours-old-"
)

func sibling(target, prefix string) string {
	return filepath.Join(filepath.Dir(target), prefix+filepath.Base(target)+"-")
}

// repair finishes what a killed run left: an old site without its successor goes back in place, leftovers go away.
func repair(target string) error {
	staged := filepath.Base(sibling(target, newPrefix))
	olds := leftovers(sibling(target, oldPrefix) + staged)
	slices.Sort(olds)
	if _, err := os.Lstat(target); errors.Is(err, fs.ErrNotExist) && len(olds) > 0 {
		last := olds[len(olds)-1]
		if err := os.Rename(last, target); err != nil {
			return fmt.Errorf("restore the earlier site: %w", err)
		}
		olds = olds[:len(olds)-1]
	}
	for _, dir := range olds {
		os.RemoveAll(dir)
	}
	for _, dir := range leftovers(sibling(target, newPrefix)) {
		// A younger one may belong to a build that is running now.
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > 10*time.Minute {
			os.RemoveAll(dir)
		}
	}
	return nil
}

// leftovers lists the folders named prefix and a number, as those of another site, "public-fr" beside "public", are not.
func leftovers(prefix string) []string {
	found, _ := filepath.Glob(globQuote(prefix) + "*")
	return slices.DeleteFunc(found, func(p string) bool {
		rest := strings.TrimPrefix(p, prefix)
		return rest == "" || strings.Trim(rest, "0123456789") != ""
	})
}

func globQuote(s string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(s)
}

// fill writes the files to a new folder beside target. Files that the earlier site already has are linked, so that
// their times do not change.
func fill(ctx context.Context, target string, files map[string][]byte) (staging string, err error) {
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return "", err
	}
	base := sibling(target, newPrefix)
	dir, err := os.MkdirTemp(filepath.Dir(base), filepath.Base(base))
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(dir)
		}
	}()
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names) // the same order of work each time, so that errors repeat
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		if err := put(target, dir, name, files[name]); err != nil {
			return "", err
		}
	}
	return dir, syncPath(dir)
}

func put(target, dir, name string, content []byte) error {
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	earlier := filepath.Join(target, filepath.FromSlash(name))
	if b, err := os.ReadFile(earlier); err == nil && bytes.Equal(b, content) && os.Link(earlier, path) == nil {
		return nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(content); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func syncPath(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	_ = f.Sync() // some file systems cannot sync a folder; its files are synced
	return nil
}

// swap puts staging in the place of target by two renames; repair undoes a stop between them.
func swap(target, staging string) error {
	old := sibling(target, oldPrefix) + filepath.Base(staging)
	err := os.Rename(target, old)
	if errors.Is(err, fs.ErrNotExist) {
		return os.Rename(staging, target)
	}
	if err != nil {
		return err
	}
	if err := os.Rename(staging, target); err != nil {
		return errors.Join(err, os.Rename(old, target))
	}
	os.RemoveAll(old) // the new site is in place; what cannot be removed now is left to the next run
	return nil
}
