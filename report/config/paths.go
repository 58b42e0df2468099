package config

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"parcours/internal/diag"
)

// usable checks the form of a path or a glob.
func (c *checker) usable(at, p string) bool {
	switch {
	case strings.TrimSpace(p) == "":
		c.errorf(CodeList, at, "", "%q is an empty path", key(strings.TrimRight(at, "[]0123456789")))
	case strings.Contains(p, "\\"):
		c.errorf(CodePath, at, "write slashes: "+strings.ReplaceAll(p, "\\", "/"), "the path %q has backslashes", p)
	case strings.Contains(p, "://"):
		c.errorf(CodePath, at, "copy the files beside site.toml first", "%q is an address; only local files are read", p)
	case strings.ContainsFunc(p, func(r rune) bool { return r < 0x20 || r == 0x7f }):
		c.errorf(CodePath, at, "", "the path holds a control character")
	case badGlob(p):
		c.errorf(CodePath, at, "every [ needs its ]", "%q is not a valid pattern", p)
	default:
		return true
	}
	return false
}

func badGlob(p string) bool {
	_, err := path.Match(p, "x")
	return err != nil || strings.Count(p, "[") > 0 && !strings.Contains(p, "]")
}

// inside is usable for what belongs to the project: maps, plays, pages, and the files that the site publishes.
func (c *checker) inside(at, p string) bool {
	if !c.usable(at, p) {
		return false
	}
	if path.IsAbs(p) || !filepath.IsLocal(filepath.FromSlash(p)) {
		c.errorf(CodePath, at, "move it into the folder of site.toml", "%q is outside the project", p)
		return false
	}
	return true
}

// globs checks a list of patterns; one that the file gives must match something.
func (c *checker) globs(at string, given []string, fallback string) []string {
	if c.absent(at) || c.bad[at] {
		return []string{fallback}
	}
	var out []string
	for _, i := range c.list(at, given) {
		el := c.element(at, i)
		if !c.inside(el, given[i]) {
			continue
		}
		if c.site.Root != "" && len(c.site.Glob(given[i:i+1])) == 0 {
			c.errorf(CodePath, el, "paths are relative to the folder of site.toml", "no file matches %q", given[i])
			continue // told here, with its line: the readers of maps and plays need not say it again
		}
		out = append(out, given[i])
	}
	return out
}

// Glob returns the files of the project that match the patterns, relative to Root, with slashes, sorted and without
// repeats.
func (s *Site) Glob(patterns []string) []string {
	var out []string
	for _, p := range patterns {
		found, err := fs.Glob(os.DirFS(s.Root), path.Clean(p))
		if err != nil {
			continue // checked by Load
		}
		out = append(out, found...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// output is the folder of the site. It is swapped in whole, so it must not hold anything else of the project.
func (c *checker) output() string {
	at, p := "site.output", c.raw.Site.Output
	if !c.has(at) {
		return defaultOutput
	}
	if !c.usable(at, p) {
		return defaultOutput
	}
	clean := path.Clean(p)
	if clean == "." || clean == "/" || strings.HasSuffix("/"+clean, "/..") || c.holdsRoot(clean) {
		c.errorf(CodePath, at, `the folder is replaced at every build: name one that is only for the site, such as "public"`,
			"the site cannot be written to %q, which holds the project", p)
		return defaultOutput
	}
	for _, own := range []string{".parcours", "themes", c.pagesFolder()} {
		if clean == own || strings.HasPrefix(clean, ".parcours/") || strings.HasPrefix(own, clean+"/") {
			c.errorf(CodePath, at, `the folder is replaced at every build: name one that is only for the site, such as "public"`,
				"the site cannot be written to %q, which holds sources of the project", p)
			return defaultOutput
		}
	}
	return clean
}

// holdsRoot reports whether an absolute folder is the project's or one above it.
func (c *checker) holdsRoot(p string) bool {
	rel, err := filepath.Rel(filepath.FromSlash(p), c.site.Root)
	return path.IsAbs(p) && c.site.Root != "" && err == nil && filepath.IsLocal(rel)
}

func (c *checker) pagesFolder() string {
	if p := c.raw.Site.Pages; p != "" {
		return path.Clean(p)
	}
	return defaultPages
}

// pages is the folder of Markdown pages; the default need not exist.
func (c *checker) pages() string {
	at, p := "site.pages", c.raw.Site.Pages
	if !c.has(at) || !c.inside(at, p) {
		return defaultPages
	}
	if c.site.Root != "" && !c.isDir(p) {
		c.errorf(CodePath, at, c.nearEntry(".", p), "there is no folder %q", p)
	}
	return path.Clean(p)
}

func (c *checker) isDir(rel string) bool {
	if c.site.Root == "" {
		return false
	}
	info, err := os.Stat(filepath.Join(c.site.Root, filepath.FromSlash(rel)))
	return err == nil && info.IsDir()
}

// file checks a file that the site publishes and returns it, or "".
func (c *checker) file(at, p string, extensions ...string) string {
	if !c.has(at) || !c.inside(at, p) {
		return ""
	}
	if ext := strings.ToLower(path.Ext(p)); !slices.Contains(extensions, ext) {
		c.errorf(CodePath, at, "expected a file ending in "+strings.Join(extensions, " or "), "%q cannot be used as %q", p, key(at))
		return ""
	}
	if c.site.Root == "" {
		return path.Clean(p)
	}
	info, err := os.Stat(filepath.Join(c.site.Root, filepath.FromSlash(p)))
	if err != nil || !info.Mode().IsRegular() {
		c.errorf(CodePath, at, c.nearEntry(path.Dir(p), path.Base(p)), "there is no file %q", p)
		return ""
	}
	return path.Clean(p)
}

// nearEntry suggests an entry of a folder of the project.
func (c *checker) nearEntry(dir, name string) string {
	entries, err := os.ReadDir(filepath.Join(c.site.Root, filepath.FromSlash(dir)))
	if err != nil {
		return ""
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return diag.DidYouMean(name, names)
}
