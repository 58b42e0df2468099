// Package i18n holds the catalogues and writes numbers, money and dates the way a language does.
package i18n

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

// Locale is one language with its catalogue and the report's currency. It is safe for concurrent use.
type Locale struct {
	tag       string
	localizer *i18n.Localizer
	ids       map[string]bool
	parser    template.Parser
	missing   *missing
	symbols   Symbols
	words     words
	currency  currencyStyle
}

// missing collects what the catalogue could not answer; copies of a locale share it.
type missing struct {
	mu  sync.Mutex
	ids map[string]bool
}

func (m *missing) add(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ids[id] = true
}

// Load reads every i18n/<lang>/*.toml of each layer; a message of a later layer replaces that of an earlier one.
// A layer without a folder for the language is skipped. The error is a *CatalogueError when files have mistakes.
// Without catalogues numbers and money are still written as the language does, dates with English names.
func Load(lang string, layers ...fs.FS) (*Locale, error) {
	tag, err := language.Parse(lang)
	if err != nil {
		return nil, fmt.Errorf("language %q is not a language tag such as \"fr\" or \"en\"", lang)
	}
	messages, err := readLayers(lang, layers)
	if err != nil {
		return nil, err
	}
	bundle := i18n.NewBundle(tag)
	ids := make(map[string]bool, len(messages))
	for _, m := range messages {
		ids[m.ID] = true
	}
	if err := bundle.AddMessages(tag, messages...); err != nil {
		return nil, fmt.Errorf("language %q: %w", lang, err)
	}
	l := &Locale{
		tag: lang, localizer: i18n.NewLocalizer(bundle, lang), ids: ids,
		parser:  &template.TextParser{Option: "missingkey=error"},
		missing: &missing{ids: map[string]bool{}},
		symbols: symbolsOf(tag),
	}
	l.words = l.readWords()
	return l.WithCurrency("EUR", 2), nil
}

// Tag returns the language as it was asked for, "fr".
func (l *Locale) Tag() string { return l.tag }

// Has reports whether the catalogue holds a message.
func (l *Locale) Has(id string) bool { return l.ids[id] }

// Missing returns the ids, sorted, that were asked for and absent, or whose placeholders were not all given.
func (l *Locale) Missing() []string {
	l.missing.mu.Lock()
	defer l.missing.mu.Unlock()
	out := make([]string, 0, len(l.missing.ids))
	for id := range l.missing.ids {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// T returns the message id. The arguments alternate name and value. The argument named Count picks the plural form;
// when it is an integer it is written as the language writes integers. Other values should be texts.
// A missing id is recorded and gives "⟦id⟧".
func (l *Locale) T(id string, args ...any) string {
	c := &i18n.LocalizeConfig{MessageID: id, TemplateParser: l.parser}
	data := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			continue
		}
		data[name] = args[i+1]
		if name == "Count" {
			c.PluralCount, data[name] = l.count(args[i+1])
		}
	}
	c.TemplateData = data
	// A message without plural forms gives its text and an error; an unknown one gives no text.
	text, _ := l.localizer.Localize(c)
	if text == "" {
		l.missing.add(id)
		return "⟦" + id + "⟧"
	}
	return text
}

// count returns the plural operand and the text of a Count; a nil operand means the form "other".
func (l *Locale) count(v any) (operand, text any) {
	switch v := v.(type) {
	case int:
		return v, l.Int(int64(v))
	case int32:
		return v, l.Int(int64(v))
	case int64:
		return v, l.Int(v)
	case float64:
		s := trimZeros(l.Dec(v, 2), l.symbols.Decimal)
		return l.operand(s), s
	case string:
		return l.operand(v), v
	}
	return nil, v
}

// operand reads back a number written by this locale, because the visible decimals decide the plural form.
func (l *Locale) operand(written string) any {
	s := strings.NewReplacer(l.symbols.Group, "", Minus, "", "-", "", "+", "", l.symbols.Decimal, ".").Replace(written)
	if s == "" || strings.Trim(s, "0123456789.") != "" || strings.Count(s, ".") > 1 || strings.HasPrefix(s, ".") {
		return nil
	}
	return s
}
