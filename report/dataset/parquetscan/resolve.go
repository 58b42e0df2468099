package parquetscan

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"parcours/internal/diag"
	"parcours/report/dataset"
)

// The codes of data files.
const (
	CodeNoFile   diag.Code = "PD001" // a path matches nothing or cannot be read
	CodeNotFile  diag.Code = "PD002" // not a Parquet file, truncated or encrypted
	CodeCorrupt  diag.Code = "PD003" // a Parquet file with damaged or unsupported content
	CodeColumn   diag.Code = "PD004" // a role without column, or a column that is missing
	CodeType     diag.Code = "PD005" // a column whose type cannot serve its role
	CodeCurrency diag.Code = "PD006" // rows in another currency
	CodeDropped  diag.Code = "PD007" // too many rows dropped
	CodeAmbig    diag.Code = "PD008" // several columns could serve a role
	CodeEmpty    diag.Code = "PD009" // no row at all
)

// input is one file of a table.
type input struct {
	path       string // to open
	name       string // relative to site.toml, slashes, for messages
	pos        diag.Position
	partitions []partition
	pool       *sync.Pool // of pageMemory
}

// partition is a column that hive-style folders give: month=2026-10/.
type partition struct {
	name, value string
	null        bool
}

// defaultPartition is what hive writes for a null.
const defaultPartition = "__HIVE_DEFAULT_PARTITION__"

// resolve finds the files of a table, in order of name and without repeats.
func resolve(f dataset.Files, l *diag.List) []input {
	var found []input
	seen := map[string]bool{}
	pool := new(sync.Pool)
	for _, p := range f.Paths {
		paths, err := matches(f.Root, p.Value)
		if err != nil {
			l.Add(diag.Diagnostic{Severity: diag.Error, Code: CodeNoFile, Pos: p.Pos, Msg: "cannot read " + p.Value + ": " + reason(err)})
			continue
		}
		if len(paths) == 0 {
			noMatch(f, p, l)
		}
		for _, path := range paths {
			if !seen[path] {
				seen[path] = true
				name := display(f.Root, path, p.Value)
				found = append(found, input{path: path, name: name, pos: p.Pos, partitions: partitions(name), pool: pool})
			}
		}
	}
	slices.SortFunc(found, func(a, b input) int { return strings.Compare(a.name, b.name) })
	return found
}

func noMatch(f dataset.Files, p dataset.Text, l *diag.List) {
	d := diag.Diagnostic{
		Severity: diag.Error, Code: CodeNoFile, Pos: p.Pos, Msg: "no Parquet file matches " + p.Value,
		Hint: "paths are relative to the folder of site.toml; give a file, a pattern such as data/*.parquet, or a folder",
	}
	if f.Name == "" { // given on the command line
		d.Hint = "give a file, a pattern or a folder"
	}
	if f.Optional {
		d.Severity = diag.Warning
	}
	l.Add(d)
}

// matches expands a file, a pattern or a folder.
func matches(root, pattern string) ([]string, error) {
	full := filepath.FromSlash(pattern)
	if !filepath.IsAbs(full) {
		full = filepath.Join(root, full)
	}
	names := []string{full}
	if _, err := os.Stat(full); err != nil {
		if names, err = filepath.Glob(full); err != nil {
			return nil, err
		}
	}
	var out []string
	for _, n := range names {
		if n != full && hidden(filepath.Base(n)) && !hidden(filepath.Base(full)) {
			continue
		}
		info, err := os.Stat(n)
		if err != nil {
			return nil, fmt.Errorf("%s: %s", display(root, n, pattern), reason(err))
		}
		if !info.IsDir() {
			out = append(out, n)
			continue
		}
		inside, err := folder(n)
		if err != nil {
			return nil, err
		}
		out = append(out, inside...)
	}
	return out, nil
}

// folder lists the Parquet files below a folder, leaving out what starts with "_" or ".", as every engine does.
func folder(dir string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != dir && hidden(d.Name()):
			if d.IsDir() {
				return fs.SkipDir
			}
		case !d.IsDir() && parquetName(d.Name()):
			out = append(out, path)
		}
		return nil
	})
	return out, err
}

// hidden names belong to the software that wrote the folder, such as _SUCCESS or .crc files.
func hidden(name string) bool { return strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") }

func parquetName(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".parquet", ".parq", ".pq":
		return true
	}
	return false
}

// display is the name of a file in messages: relative to site.toml unless the setting is absolute.
func display(root, path, setting string) string {
	if rel, err := filepath.Rel(root, path); err == nil && !filepath.IsAbs(filepath.FromSlash(setting)) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(path)
}

func partitions(name string) []partition {
	var out []partition
	parts := strings.Split(name, "/")
	for _, p := range parts[:len(parts)-1] {
		key, value, ok := strings.Cut(p, "=")
		if !ok || key == "" {
			continue
		}
		if plain, err := url.PathUnescape(value); err == nil {
			value = plain
		}
		out = append(out, partition{name: key, value: value, null: value == defaultPartition})
	}
	return out
}

// reason is the cause of a failure of the file system, without the path, which the message names already.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}
