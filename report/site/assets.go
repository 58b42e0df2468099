package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"path"
	"sort"
	"strings"
)

// loadAssets copies static/ of the theme to assets/, each file under a name that carries the hash of its content, so
// that a host may cache it for ever. Fonts come first: the style sheets name them.
func (s *shared) loadAssets(theme fs.FS) error {
	s.assets = map[string]string{}
	var names []string
	err := fs.WalkDir(theme, "static", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return err
	}
	sort.Slice(names, func(i, j int) bool {
		ci, cj := path.Ext(names[i]) == ".css", path.Ext(names[j]) == ".css"
		return ci != cj && cj || ci == cj && names[i] < names[j]
	})
	for _, name := range names {
		content, err := fs.ReadFile(theme, name)
		if err != nil {
			return err
		}
		s.addAsset(strings.TrimPrefix(name, "static/"), content)
	}
	return nil
}

// addAsset stores a file under assets/ and returns its path in the site.
func (s *shared) addAsset(name string, content []byte) string {
	if path.Ext(name) == ".css" {
		content = s.rewriteURLs(content)
	}
	out := "assets/" + hashedName(name, content)
	s.files[out] = content
	s.assets[name] = out
	return out
}

// hashedName turns "fonts/a.woff2" into "fonts/a.1f2e3d4c5b.woff2"; texts of licences keep their name.
func hashedName(name string, content []byte) string {
	ext := path.Ext(name)
	if ext == ".txt" || ext == "" {
		return name
	}
	sum := sha256.Sum256(content)
	return strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
}

// rewriteURLs replaces url("fonts/x.woff2") of a style sheet by the hashed name.
func (s *shared) rewriteURLs(css []byte) []byte {
	for name, out := range s.assets {
		css = bytes.ReplaceAll(css, []byte(`url("`+name+`")`), []byte(`url("`+strings.TrimPrefix(out, "assets/")+`")`))
	}
	return css
}

// asset is the path in the site of a file under static/ of the theme; "" when the theme has none.
func (b *builder) asset(name string) string { return b.assets[name] }
