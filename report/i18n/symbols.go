package i18n

import (
	"slices"
	"strings"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// The characters that CLDR and browsers disagree about are fixed here, so that a table, a chart label laid out at
// build time and a live tooltip show the same bytes.
const (
	NBSP  = "\u00a0" // never U+202F: most text faces lack it and it would be measured a full em wide
	Minus = "\u2212"
)

// unknown is written for a value that is not a number.
const unknown = "–"

// Symbols are the signs with which a language writes numbers.
type Symbols struct {
	Group   string `json:"group"`
	Decimal string `json:"decimal"`
	Percent string `json:"percent"` // with its space: "\u00a0%" in French
}

// Signs are all that the browser's formatters need to write what this locale writes.
type Signs struct {
	Symbols
	Minus   string    `json:"minus"`
	Unknown string    `json:"unknown"`
	Points  string    `json:"points"` // after a number of percentage points, with its space
	Days    string    `json:"days"`   // after a number of days, with its space
	Digits  int       `json:"digits"` // minor digits of the currency
	Before  string    `json:"before"` // before an amount
	After   [4]string `json:"after"`  // after an amount in units, thousands, millions, billions
}

// Signs returns the signs of the locale and of its currency.
func (l *Locale) Signs() Signs {
	w := l.words
	return Signs{
		Symbols: l.symbols, Minus: Minus, Unknown: unknown, Points: NBSP + w.points, Days: NBSP + w.days,
		Digits: l.currency.digits, Before: l.currency.prefix,
		After: [4]string{l.after(""), l.after(w.thousand), l.after(w.million), l.after(w.billion)},
	}
}

// symbolsOf asks x/text how the language writes a known number. Languages with their own digits get Western digits.
func symbolsOf(tag language.Tag) Symbols {
	p := message.NewPrinter(tag)
	s := Symbols{Group: ",", Decimal: ".", Percent: "%"}
	written := plain(p.Sprint(number.Decimal(1234567.5)))
	group, rest, ok1 := between(written, "1", "234")
	_, decimal, ok2 := strings.Cut(rest, "567")
	decimal, ok3 := strings.CutSuffix(decimal, "5")
	if ok1 && ok2 && ok3 {
		s.Group, s.Decimal = group, decimal
	}
	if percent, ok := strings.CutPrefix(plain(p.Sprint(number.Percent(0.5))), "50"); ok {
		s.Percent = percent
	}
	return s
}

func between(s, before, after string) (found, rest string, ok bool) {
	s, ok = strings.CutPrefix(s, before)
	if !ok {
		return "", "", false
	}
	return strings.Cut(s, after)
}

// plain replaces every kind of no-break or narrow space.
func plain(s string) string {
	return strings.NewReplacer("\u202f", NBSP, "\u2009", NBSP, " ", NBSP).Replace(s)
}

// currencyStyle says where the symbol goes.
type currencyStyle struct {
	symbol string
	prefix string // the symbol before the number, with its space; "" when it comes after
	digits int
}

// symbolFirst are the languages that write €12; the others write 12 €.
var symbolFirst = []string{"en", "he", "hi", "ja", "ko", "nl", "th", "zh"}

// WithCurrency returns the same locale for another currency: an ISO 4217 code and its number of minor digits
// (EUR 2, JPY 0, KWD 3). An unknown code is written as it is.
func (l *Locale) WithCurrency(code string, digits int) *Locale {
	tag := language.Make(l.tag)
	symbol := code
	if unit, err := currency.ParseISO(code); err == nil {
		// One currency a report: the short symbol cannot be mistaken for another country's.
		symbol = message.NewPrinter(tag).Sprint(currency.NarrowSymbol(unit))
	}
	c := currencyStyle{symbol: symbol, digits: min(max(digits, 0), 6)}
	base, _ := tag.Base()
	if slices.Contains(symbolFirst, base.String()) {
		c.prefix = symbol
		if len(symbol) > 0 && isLetter(symbol[len(symbol)-1]) {
			c.prefix += NBSP
		}
	}
	out := *l
	out.currency = c
	return &out
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
