package parquetscan

import (
	"path/filepath"

	"parcours/report/dataset"
)

// Reads names the table that a file is or would be part of, "" when there is none. The path is absolute, without links.
func Reads(t dataset.Tables, path string) string {
	for _, table := range tablesOf(&t, "") {
		f := table.files
		for _, p := range f.Paths {
			full := filepath.FromSlash(p.Value)
			if !filepath.IsAbs(full) {
				full = filepath.Join(f.Root, full)
			}
			if finds(filepath.Clean(full), path) {
				return f.Name
			}
			if real, err := filepath.EvalSymlinks(f.Root); err == nil && !filepath.IsAbs(p.Value) && finds(filepath.Join(real, filepath.FromSlash(p.Value)), path) {
				return f.Name
			}
		}
	}
	return ""
}

func finds(pattern, path string) bool { return same(pattern, path) || below(pattern, path) }

// same reports whether a file has the name or matches the pattern, as matches would find it.
func same(pattern, path string) bool {
	if pattern == path {
		return true
	}
	ok, err := filepath.Match(pattern, path)
	return ok && err == nil && (!hidden(filepath.Base(path)) || hidden(filepath.Base(pattern)))
}

// below reports whether a folder of the name or matching the pattern would give the file.
func below(pattern, path string) bool {
	if !parquetName(path) {
		return false
	}
	for at := path; !hidden(filepath.Base(at)); {
		up := filepath.Dir(at)
		if up == at {
			return false
		}
		if at = up; same(pattern, at) {
			return true
		}
	}
	return false
}
