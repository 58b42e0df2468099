package site

import (
	"math"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"parcours/report/i18n"
	"parcours/report/measure"
)

// tg is a message whose wording depends on the length of the period: id.week, id.month or id.quarter.
func (b *builder) tg(id string, args ...any) string { return b.t(id+"."+string(b.grain()), args...) }

// inPeriod is "en octobre 2026", "la semaine du 5 octobre 2026", "au T4 2026".
func (b *builder) inPeriod(p int32) string { return b.tg("period.in", "Period", b.period(p)) }

// ofPeriod is "de septembre 2026", "d’octobre 2026": the vowel decides in French.
func (b *builder) ofPeriod(p int32) string {
	name := b.period(p)
	first, _ := utf8.DecodeRuneInString(name)
	if strings.ContainsRune("aeiouyéè", first) {
		return b.tg("period.of_vowel", "Period", name)
	}
	return b.tg("period.of", "Period", name)
}

func (b *builder) age(n int32) string   { return b.loc.Age(b.grain(), n) }
func (b *builder) int(n int64) string   { return b.loc.Int(n) }
func (b *builder) pct(v float64) string { return b.loc.Pct(v, 1) }

// money writes an amount for a sentence or a key figure: exact below a thousand, rounded to units beyond, compact
// from ten million on.
func (b *builder) money(minor float64) string {
	if math.Abs(minor) >= 1e7*math.Pow10(b.Results.Manifest.Digits) {
		return b.loc.MoneyCompact(minor)
	}
	return b.loc.MoneyAuto(minor)
}

// interval is "[18,5 ; 22,1]" from two written bounds.
func (b *builder) interval(low, high string) string {
	return b.t("interval", "Low", low, "High", high)
}

// pctInterval is "[18,5 % ; 22,1 %]".
func (b *builder) pctInterval(low, high float64) string { return b.interval(b.pct(low), b.pct(high)) }

// named returns a figure of the catalogue; an unknown name is a figure that is not known.
func (b *builder) named(name string) measure.Figure { return b.figures[name] }

// delta is a change as shown under a figure: a sign, a value, against what, and a word for who cannot see the colour.
type delta struct {
	Class   string // good, bad or flat; the mark has the same name
	Text    string
	Against string
	Word    string
	Down    bool // points the mark down
}

// newDelta judges a change: polarity 1 when more is better, −1 when less is better, 0 when neither. flat says that
// the change is not distinguishable from none.
func (b *builder) newDelta(change float64, text, against string, polarity int, flat bool) delta {
	d := delta{Class: "flat", Text: text, Against: against, Down: change < 0}
	switch {
	case flat:
		d.Word = b.t("delta.flat")
	case polarity == 0:
		d.Word = b.t("delta.neutral")
	case (change > 0) == (polarity > 0):
		d.Class, d.Word = "good", b.t("delta.good")
	default:
		d.Class, d.Word = "bad", b.t("delta.bad")
	}
	return d
}

// maxPercent is the relative change from which a factor is clearer than a percentage.
const maxPercent = 5

// changes are the two deltas of a key figure: against the period before, and a year earlier, where known.
func (b *builder) changes(name string, polarity int) []delta {
	var out []delta
	for _, c := range []struct{ suffix, against string }{
		{"_change", b.tg("delta.previous")}, {"_change_year", b.t("delta.year")},
	} {
		f := b.named(name + c.suffix)
		if !f.Known {
			continue
		}
		text, flat := b.loc.SignedPct(f.Value, 1), math.Abs(f.Value) < 0.0005
		if f.Unit == measure.UnitPoints {
			text = b.loc.Points(f.Value, 1)
		}
		switch {
		case flat:
			text = b.t("delta.stable")
		case f.Unit == measure.UnitRate && f.Value >= maxPercent: // more tells nothing: the base was tiny
			text = b.t("delta.times", "Factor", b.loc.Dec(1+f.Value, 1))
		}
		out = append(out, b.newDelta(f.Value, text, c.against, polarity, flat))
	}
	return out
}

// splitUnit separates the digits of a written amount from its currency, so that the unit can be set smaller.
func splitUnit(s string) (before, digits, after string) {
	isDigit := func(r rune) bool { return r >= '0' && r <= '9' }
	first, last := strings.IndexFunc(s, isDigit), strings.LastIndexFunc(s, isDigit)
	if first < 0 {
		return "", s, ""
	}
	before = s[:first]
	for _, sign := range []string{i18n.Minus, "+"} {
		if rest, ok := strings.CutPrefix(before, sign); ok {
			return rest, sign + s[first:last+1], s[last+1:]
		}
	}
	return before, s[first : last+1], s[last+1:]
}

// capital gives a sentence its first capital.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return strings.ToUpper(string(r)) + s[n:]
}

// ratio is a quotient for display of a share; 0 without a whole.
func ratio(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

func itoa(n int32) string { return strconv.Itoa(int(n)) }

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
