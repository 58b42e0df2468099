package journey

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"parcours/internal/diag"
)

// splitName takes the language from "achat.fr.toml", "" when the name gives none of the site's. What stands between
// two dots is a language only when the site has it: "achat.v2.toml" is the map "achat.v2" in every language.
func splitName(file string, langs []string) (stem, lang string) {
	stem = strings.TrimSuffix(path.Base(file), ".toml")
	if i := strings.LastIndexByte(stem, '.'); i > 0 && slices.Contains(langs, stem[i+1:]) {
		return stem[:i], stem[i+1:]
	}
	return stem, ""
}

// foreign returns the language that a file name asks for and that the site does not have, "" when there is none.
func foreign(file string, langs []string) string {
	stem := strings.TrimSuffix(path.Base(file), ".toml")
	i := strings.LastIndexByte(stem, '.')
	if i <= 0 || len(stem)-i-1 != 2 || len(langs) == 0 || slices.Contains(langs, stem[i+1:]) {
		return ""
	}
	tag := stem[i+1:]
	if _, err := language.ParseBase(tag); err != nil {
		return ""
	}
	return tag
}

// leaveOut says that a file is not read: shown in a language that it is not written in, it would be a mistake.
func leaveOut(list *diag.List, file, tag string, langs []string) {
	list.Add(diag.Diagnostic{
		Severity: diag.Warning, Code: warnLanguage, Pos: diag.Position{File: file},
		Msg:  fmt.Sprintf("the site has no language %q: the map is left out", tag),
		Hint: "languages of the site: " + strings.Join(langs, ", ") + "; a name without a language serves all of them",
	})
}

// InLanguage returns one version of every map, in the order of their first files: the one written in lang, else the
// one for every language, else the one written in def, else the first.
func InLanguage(maps []*Map, lang, def string) []*Map {
	rank := func(m *Map) int {
		switch m.Lang {
		case lang:
			return 0
		case "":
			return 1
		case def:
			return 2
		}
		return 3
	}
	at := map[string]int{}
	var out []*Map
	for _, m := range maps {
		i, ok := at[m.ID]
		switch {
		case !ok:
			at[m.ID] = len(out)
			out = append(out, m)
		case rank(m) < rank(out[i]):
			out[i] = m
		}
	}
	return out
}

// sameMaps reports two maps with one id that would be shown in one language.
func sameMaps(list *diag.List, loaded []*loader) {
	first := map[string][]*Map{}
	for _, l := range loaded {
		m := l.m
		for _, old := range first[m.ID] {
			if old.Lang != m.Lang && old.Lang != "" && m.Lang != "" {
				continue
			}
			hint := "give one of the two another id in [journey]"
			if old.Lang != m.Lang {
				hint = "a file name without a language serves all of them: add one, as in " + languageHint(old, m)
			}
			list.Add(diag.Diagnostic{
				Severity: diag.Error, Code: codeSameMap, Pos: m.Pos, Msg: fmt.Sprintf("the map %q already exists", m.ID), Hint: hint,
				Related: []diag.Related{{Pos: old.Pos, Msg: "first map with this id"}},
			})
			break
		}
		first[m.ID] = append(first[m.ID], m)
	}
}

// languageHint names the file without a language as if it had one.
func languageHint(a, b *Map) string {
	if a.Lang != "" {
		a = b
	}
	return strings.TrimSuffix(path.Base(a.File), ".toml") + ".fr.toml"
}

// translations compares the versions of each map with the one that counts, that of the site's first language, and
// drops the warnings that they repeat.
func translations(loaded []*loader, langs []string) {
	order := func(l *loader) int { return slices.Index(langs, l.m.Lang) }
	byID := map[string]*loader{}
	for _, l := range loaded {
		if top := byID[l.m.ID]; top == nil || order(l) < order(top) {
			byID[l.m.ID] = l
		}
	}
	for _, l := range loaded {
		if top := byID[l.m.ID]; top != l && top.m.Lang != l.m.Lang {
			l.list = repeated(l.list, top.list)
			l.drift(top)
		}
	}
}

// repeated is a list without the warnings that another version of the map gives at the same key.
func repeated(list, other diag.List) diag.List {
	type key struct {
		code diag.Code
		path string
	}
	given := map[key]bool{}
	for _, d := range other.Sorted() {
		given[key{d.Code, d.Pos.Path}] = true
	}
	var out diag.List
	for _, d := range list.Sorted() {
		if d.Severity == diag.Error || !given[key{d.Code, d.Pos.Path}] {
			out.Add(d)
		}
	}
	return out
}
