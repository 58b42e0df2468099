package i18n

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"parcours/internal/diag"
	"parcours/internal/tomlpos"
)

// The codes of this package.
const (
	CodeMessage     diag.Code = "PT101" // a message that is neither a text nor a table of plural forms
	CodePlaceholder diag.Code = "PT102" // braces that are not a placeholder {{.Name}}
)

// CatalogueError lists every mistake of the catalogues of one language.
type CatalogueError struct{ Diagnostics diag.List }

// Error returns the mistakes, one a line.
func (e *CatalogueError) Error() string {
	var lines []string
	for _, d := range e.Diagnostics.Sorted() {
		lines = append(lines, d.String())
	}
	return strings.Join(lines, "\n")
}

// forms are the keys of a message; description is a note to translators.
var forms = []string{"description", "few", "many", "one", "other", "two", "zero"}

// placeholder is all that a message may contain of the template language: messages come from themes and projects.
var placeholder = regexp.MustCompile(`\{\{\s*\.([A-Z][A-Za-z0-9]*)\s*\}\}`)

// readLayers returns the messages of a language sorted by id.
func readLayers(lang string, layers []fs.FS) ([]*i18n.Message, error) {
	byID := map[string]*i18n.Message{}
	var l diag.List
	for _, layer := range layers {
		if layer == nil {
			continue
		}
		dir := path.Join("i18n", lang)
		entries, err := fs.ReadDir(layer, dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading catalogues: %w", err)
		}
		for _, e := range entries {
			if e.IsDir() || path.Ext(e.Name()) != ".toml" {
				continue
			}
			file := path.Join(dir, e.Name())
			src, err := fs.ReadFile(layer, file)
			if err != nil {
				return nil, fmt.Errorf("reading catalogues: %w", err)
			}
			for _, m := range parse(&l, lang, file, src) {
				byID[m.ID] = m
			}
		}
	}
	if l.HasErrors() {
		return nil, &CatalogueError{l}
	}
	out := make([]*i18n.Message, 0, len(byID))
	for _, m := range byID {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b *i18n.Message) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// spacesOf puts the no-break spaces that a language wants where translators type plain ones: in French before high
// punctuation and inside guillemets. Everywhere U+202F becomes U+00A0.
func spacesOf(lang string) *strings.Replacer {
	pairs := []string{"\u202f", NBSP}
	if lang == "fr" || strings.HasPrefix(lang, "fr-") {
		for _, mark := range []string{":", ";", "!", "?", "»", "%", "€"} {
			pairs = append(pairs, " "+mark, NBSP+mark)
		}
		pairs = append(pairs, "« ", "«"+NBSP)
	}
	return strings.NewReplacer(pairs...)
}

// parse reads one catalogue and adds its mistakes to the list.
func parse(l *diag.List, lang, file string, src []byte) []*i18n.Message {
	var tables map[string]any
	doc, mistakes := tomlpos.Load(file, src, &tables)
	l.Append(mistakes)
	if doc == nil || mistakes.HasErrors() {
		return nil
	}
	r := reader{doc: doc, list: l, spaces: spacesOf(lang)}
	r.table("", tables)
	return r.out
}

type reader struct {
	doc    *tomlpos.Doc
	list   *diag.List
	spaces *strings.Replacer
	out    []*i18n.Message
}

// table reads a table that groups messages: [nav.title] and [nav-title] are both accepted, the former is "nav.title".
func (r *reader) table(id string, t map[string]any) {
	keys := make([]string, 0, len(t))
	for k := range t {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		child := k
		if id != "" {
			child = id + "." + k
		}
		switch v := t[k].(type) {
		case string:
			r.message(&i18n.Message{ID: child, Other: v}, child)
		case map[string]any:
			if isMessage(v) {
				r.forms(child, v)
			} else {
				r.table(child, v)
			}
		default:
			r.doc.Error(r.list, CodeMessage, child, `write [`+child+`] with other = "…"`, "message %q is not a text", child)
		}
	}
}

// isMessage tells a table of plural forms from a group of messages.
func isMessage(t map[string]any) bool {
	for k, v := range t {
		if _, ok := v.(map[string]any); !ok && slices.Contains(forms, k) {
			return true
		}
	}
	return false
}

func (r *reader) forms(id string, t map[string]any) {
	m := &i18n.Message{ID: id}
	targets := map[string]*string{
		"description": &m.Description, "zero": &m.Zero, "one": &m.One, "two": &m.Two,
		"few": &m.Few, "many": &m.Many, "other": &m.Other,
	}
	keys := make([]string, 0, len(t))
	for k := range t {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		target, known := targets[k]
		text, isText := t[k].(string)
		switch {
		case !known:
			r.doc.Error(r.list, CodeMessage, id+"."+k, diag.DidYouMean(k, forms), "unknown plural form %q in [%s]", k, id)
		case !isText:
			r.doc.Error(r.list, CodeMessage, id+"."+k, "", "the form %q of message %q is not a text", k, id)
		default:
			*target = text
		}
	}
	if m.Other == "" {
		r.doc.ErrorAt(r.list, CodeMessage, r.doc.KeyPos(id), `add other = "…"`, "message %q has no form \"other\"", id)
	}
	r.message(m, id)
}

// message keeps a message whose braces are all placeholders.
func (r *reader) message(m *i18n.Message, at string) {
	for _, form := range []*string{&m.Zero, &m.One, &m.Two, &m.Few, &m.Many, &m.Other} {
		*form = r.spaces.Replace(*form)
		f := *form
		if rest := placeholder.ReplaceAllString(f, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
			r.doc.ErrorAt(r.list, CodePlaceholder, r.doc.KeyPos(at), "placeholders are written {{.Name}}",
				"message %q has braces that are not a placeholder", m.ID)
			return
		}
	}
	r.out = append(r.out, m)
}
