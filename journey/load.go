package journey

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"slices"

	"parcours/internal/diag"
	"parcours/internal/tomlpos"
)

// Load reads and checks one map. The map is nil when the list has errors. Every mistake is reported, those of shape
// and those of meaning together; only a syntax error stops at the first. The file name gives the language.
func Load(file string, src []byte, opt Options) (*Map, diag.List) {
	l := read(file, src, opt)
	if l.list.HasErrors() {
		return nil, l.list
	}
	return l.m, l.list
}

// read is Load with everything that it knew; the list holds all messages.
func read(file string, src []byte, opt Options) *loader {
	var raw rawMap
	doc, shape := tomlpos.Load(file, src, &raw)
	list := explain(shape, src)
	if doc == nil {
		return &loader{list: list}
	}
	if list.HasErrors() {
		raw = rawMap{}
		if err := doc.Salvage(shape, &raw); err != nil {
			return &loader{list: list}
		}
	}
	l := &loader{doc: doc, raw: &raw, opt: opt, m: &Map{File: file, Channels: map[string]Channel{}}}
	l.stem, l.m.Lang = splitName(file, opt.Languages)
	l.run()
	if !list.HasErrors() {
		// What looks absent may only be misspelt: these warnings wait until the shape is right.
		l.cross()
	}
	list.Append(l.list)
	l.list = list
	return l
}

// LoadAll reads every map that a glob matches, sorted by file name. "achat.toml" serves every language of the site,
// "achat.fr.toml" one; ids must differ between the maps of a language, and versions of one map may differ in words
// only. Maps with errors are left out.
func LoadAll(fsys fs.FS, globs []string, opt Options) ([]*Map, diag.List) {
	var list diag.List
	var loaded []*loader
	for _, file := range match(fsys, globs, &list) {
		if tag := foreign(file, opt.Languages); tag != "" {
			leaveOut(&list, file, tag, opt.Languages)
			continue
		}
		src, err := fs.ReadFile(fsys, file)
		if err != nil {
			list.Errorf(codeFile, diag.Position{File: file}, "cannot read the map: %v", err)
			continue
		}
		l := read(file, src, opt)
		if l.list.HasErrors() {
			list.Append(l.list)
			continue
		}
		loaded = append(loaded, l)
	}
	translations(loaded, opt.Languages)
	var maps []*Map
	for _, l := range loaded {
		list.Append(l.list)
		maps = append(maps, l.m)
	}
	sameMaps(&list, loaded)
	return maps, list
}

// match returns the files of all globs, once each, by name.
func match(fsys fs.FS, globs []string, list *diag.List) []string {
	var files []string
	for _, g := range globs {
		found, err := fs.Glob(fsys, g)
		if err != nil {
			list.Errorf(codeFile, diag.Position{File: g}, "malformed file pattern")
			continue
		}
		if len(found) == 0 {
			list.Add(diag.Diagnostic{
				Severity: diag.Warning, Code: warnNoMatch, Pos: diag.Position{File: g},
				Msg: "no journey map matches", Hint: "paths are relative to site.toml",
			})
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// loader resolves one file.
type loader struct {
	doc  *tomlpos.Doc
	raw  *rawMap
	opt  Options
	m    *Map
	list diag.List
	stem string // name of the file without language and ending

	words     *vocabulary
	places    map[string]place  // touchpoints and stages by id
	personas  map[string]bool   // declared, with whether something uses them
	frictions map[string]int    // index in m.Frictions
	metrics   map[string]bool   // declared, with whether an opportunity uses them
	paths     map[string]string // of frictions and opportunities, by kind and id, for later checks
}

// place is where an id stands on the map.
type place struct {
	stage, touchpoint int // touchpoint −1: the whole stage
}

func (l *loader) run() {
	l.vocabularies()
	l.personasTable()
	l.header()
	l.stages()
	l.feelings()
	l.frictionsTable()
	l.quotes()
	l.metricsTable()
	l.opportunities()
	l.slas()
}

func (l *loader) errorf(code diag.Code, path, hint, format string, args ...any) {
	l.doc.Error(&l.list, code, path, hint, format, args...)
}

func (l *loader) warnf(code diag.Code, path, hint, format string, args ...any) {
	l.doc.Warn(&l.list, code, path, hint, format, args...)
}

// need reports a required text that is given but empty.
func (l *loader) need(path string, t text) string {
	if blank(string(t)) && l.doc.Has(path) && l.isText(path) {
		l.errorf(codeEmpty, path, "", "%q is empty", key(path))
	}
	return string(t)
}

// ranged checks an integer; absent gives def.
func (l *loader) ranged(path string, w whole, lo, hi, def int, meaning string) int {
	if !w.set {
		return def
	}
	if w.n < int64(lo) || w.n > int64(hi) {
		if meaning != "" {
			meaning = " (" + meaning + ")"
		}
		l.errorf(codeRange, path, "", "%s is %d; expected an integer from %d to %d%s", key(path), w.n, lo, hi, meaning)
		return def
	}
	return int(w.n)
}

// word checks a value of a closed list; absent gives def.
func (l *loader) word(path string, t text, allowed []string, def string) string {
	if !l.doc.Has(path) || t == "" && !l.isText(path) {
		return def
	}
	v, ok := closed(string(t), allowed)
	if !ok {
		l.errorf(codeVocabulary, path, closedHint(string(t), allowed), "%s is %q", key(path), string(t))
		return def
	}
	return v
}

// isText reports whether the value is written as a text: a wrong kind has been reported already.
func (l *loader) isText(path string) bool {
	raw := []byte(l.doc.Raw(path))
	return bytes.HasPrefix(raw, []byte(`"`)) || bytes.HasPrefix(raw, []byte(`'`))
}

// texts returns the texts of a list and reports its elements that are none.
func (l *loader) texts(path string, n names) []string {
	for _, i := range n.odd {
		l.errorf(tomlpos.CodeKind, elem(path, i), "put it between quotes", "%q holds something else than a text", key(path))
	}
	var out []string
	for i, s := range n.list {
		if slices.Contains(n.odd, i) {
			continue
		}
		if blank(s) {
			l.errorf(codeEmpty, n.at(path, i), "", "%q holds an empty text", key(path))
			continue
		}
		out = append(out, s)
	}
	return out
}

// at is the path of element i.
func (n names) at(path string, i int) string {
	if n.single {
		return path
	}
	return elem(path, i)
}

func elem(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// key is the last part of a path, as written in the file.
func key(path string) string {
	if i := bytes.LastIndexByte([]byte(path), '.'); i >= 0 {
		path = path[i+1:]
	}
	name, _, _ := bytes.Cut([]byte(path), []byte("["))
	return string(name)
}

func blank(s string) bool { return len(bytes.TrimSpace([]byte(s))) == 0 }

// owner resolves a team id to its name; free text passes as long as no team is declared.
func (l *loader) owner(path string, t text) string {
	teams := l.raw.Teams
	if len(teams) == 0 || t == "" {
		return string(t)
	}
	if name, ok := teams[string(t)]; ok {
		return cmp.Or(string(name), string(t))
	}
	ids := make([]string, 0, len(teams))
	for id, name := range teams {
		if string(name) == string(t) {
			l.errorf(codeTeam, path, fmt.Sprintf("write its key, %q", id), "%q is the name of a team", string(t))
			return ""
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	l.errorf(codeTeam, path, diag.OneOf(string(t), ids), "%q is no team of [teams]", string(t))
	return ""
}
