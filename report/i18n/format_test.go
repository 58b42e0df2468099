package i18n_test

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"

	"parcours/report/dataset"
	"parcours/report/i18n"
	"parcours/themes"
)

func locale(t testing.TB, lang string) *i18n.Locale {
	t.Helper()
	l, err := i18n.Load(lang, themes.Default())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestNumbersAreWrittenAsTheLanguageDoes(t *testing.T) {
	fr, en := locale(t, "fr"), locale(t, "en")
	for _, c := range []struct{ name, got, want string }{
		{"int fr", fr.Int(1234567), "1\u00a0234\u00a0567"},
		{"int en", en.Int(1234567), "1,234,567"},
		{"negative", fr.Int(-1234), "\u22121\u00a0234"},
		{"smallest", en.Int(math.MinInt64), "\u22129,223,372,036,854,775,808"},
		{"small", fr.Int(999), "999"},
		{"signed", fr.SignedInt(12), "+12"},
		{"signed negative", en.SignedInt(-12), "\u221212"},
		{"signed zero", en.SignedInt(0), "0"},
		{"decimal fr", fr.Dec(3.5, 1), "3,5"},
		{"decimal en", en.Dec(3.5, 1), "3.5"},
		{"decimal pads", en.Dec(3, 2), "3.00"},
		{"half goes away from zero", en.Dec(2.5, 0), "3"},
		{"as does a negative half", en.Dec(-2.5, 0), "\u22123"},
		{"decimal form counts, not the binary one", en.Dec(1.005, 2), "1.01"},
		{"carry", en.Dec(999.96, 1), "1,000.0"},
		{"carry from nothing", en.Dec(0.96, 0), "1"},
		{"no negative zero", fr.Dec(-0.04, 1), "0,0"},
		{"tiny", en.Dec(1e-12, 3), "0.000"},
		{"huge", en.Dec(1e21, 0), "1,000,000,000,000,000,000,000"},
		{"signed decimal", fr.SignedDec(1.25, 1), "+1,3"},
		{"signed zero decimal", fr.SignedDec(0.01, 1), "0,0"},
		{"percent fr", fr.Pct(0.382, 1), "38,2\u00a0%"},
		{"percent en", en.Pct(0.382, 1), "38.2%"},
		{"percent half", en.Pct(0.285, 0), "29%"},
		{"percent of a thousand", fr.Pct(12.5, 0), "1\u00a0250\u00a0%"},
		{"zero percent", fr.Pct(0, 1), "0,0\u00a0%"},
		{"whole percent", en.Pct(1, 0), "100%"},
		{"small percent", en.Pct(0.0004, 1), "0.0%"},
		{"signed percent", fr.SignedPct(-0.082, 1), "\u22128,2\u00a0%"},
		{"signed percent up", en.SignedPct(0.082, 1), "+8.2%"},
		{"points fr", fr.Points(0.005, 1), "+0,5\u00a0pt"},
		{"points en", en.Points(-0.005, 1), "\u22120.5\u00a0pp"},
		{"not a number", fr.Pct(math.NaN(), 1), "–"},
		{"infinite", fr.Dec(math.Inf(1), 1), "–"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %+q, want %+q", c.name, c.got, c.want)
		}
	}
}

func TestMoneyIsWrittenAsTheLanguageDoes(t *testing.T) {
	fr, en := locale(t, "fr"), locale(t, "en")
	for _, c := range []struct{ name, got, want string }{
		{"euro fr", fr.Money(1250), "12,50\u00a0€"},
		{"euro en", en.Money(1250), "€12.50"},
		{"negative fr", fr.Money(-123456), "\u22121\u00a0234,56\u00a0€"},
		{"negative en", en.Money(-123456), "\u2212€1,234.56"},
		{"under one", fr.Money(-5), "\u22120,05\u00a0€"},
		{"smallest", en.Money(math.MinInt64), "\u2212€92,233,720,368,547,758.08"},
		{"round fr", fr.MoneyRound(63932412), "639\u00a0324\u00a0€"},
		{"round en", en.MoneyRound(63932412), "€639,324"},
		{"compact fr", fr.MoneyCompact(63932412), "639,3\u00a0k€"},
		{"compact en", en.MoneyCompact(63932412), "€639.3k"},
		{"compact small", fr.MoneyCompact(421049), "4\u00a0210\u00a0€"},
		{"compact at the edge", en.MoneyCompact(999949), "€9,999"},
		{"compact above the edge", en.MoneyCompact(999950), "€10.0k"},
		{"compact never a thousand thousand", fr.MoneyCompact(99_999_000), "1,0\u00a0M€"},
		{"compact million", en.MoneyCompact(-123_456_789), "\u2212€1.2M"},
		{"compact billion fr", fr.MoneyCompact(250_000_000_000), "2,5\u00a0Md€"},
		{"compact billion en", en.MoneyCompact(250_000_000_000), "€2.5bn"},
		{"signed compact", fr.SignedMoneyCompact(63932412), "+639,3\u00a0k€"},
		{"signed compact en", en.SignedMoneyCompact(63932412), "+€639.3k"},
		{"no money", fr.MoneyRound(0), "0\u00a0€"},
		{"no money, exact", en.Money(0), "€0.00"},
		{"auto small", fr.MoneyAuto(4520), "45,20\u00a0€"},
		{"auto large", fr.MoneyAuto(123456), "1\u00a0235\u00a0€"},
		{"unknown", fr.MoneyCompact(math.NaN()), "–"},
		{"pound", en.WithCurrency("GBP", 2).Money(1250), "£12.50"},
		{"pound fr", fr.WithCurrency("GBP", 2).Money(1250), "12,50\u00a0£"},
		{"dollar", en.WithCurrency("USD", 2).MoneyRound(1250), "$13"},
		{"dollar fr", fr.WithCurrency("USD", 2).MoneyRound(1250), "13\u00a0$"},
		{"yen", en.WithCurrency("JPY", 0).Money(1250), "¥1,250"},
		{"yen fr", fr.WithCurrency("JPY", 0).Money(1250), "1\u00a0250\u00a0¥"},
		{"yen auto", en.WithCurrency("JPY", 0).MoneyAuto(50), "¥50"},
		{"dinar", en.WithCurrency("KWD", 3).Money(1250), "KWD\u00a01.250"},
		{"dinar fr", fr.WithCurrency("KWD", 3).Money(-1250), "\u22121,250\u00a0KWD"},
		{"dinar compact fr", fr.WithCurrency("KWD", 3).MoneyCompact(63932412), "63,9\u00a0k\u00a0KWD"},
		{"dinar compact en", en.WithCurrency("KWD", 3).MoneyCompact(63932412), "KWD\u00a063.9k"},
		{"the first locale keeps its currency", en.Money(1), "€0.01"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %+q, want %+q", c.name, c.got, c.want)
		}
	}
}

func TestDatesAndPeriodsAreWrittenAsTheLanguageDoes(t *testing.T) {
	fr, en := locale(t, "fr"), locale(t, "en")
	var cal dataset.Calendar
	day := dataset.CivilDay(2026, time.October, 31)
	month := cal.PeriodOf(dataset.Month, day)
	quarter := cal.PeriodOf(dataset.Quarter, day)
	week := cal.PeriodOf(dataset.Week, day)
	for _, c := range []struct{ name, got, want string }{
		{"day fr", fr.Day(day), "31 octobre 2026"},
		{"day en", en.Day(day), "31 October 2026"},
		{"first fr", fr.Day(dataset.CivilDay(2026, time.August, 1)), "1er août 2026"},
		{"first en", en.Day(dataset.CivilDay(2026, time.August, 1)), "1 August 2026"},
		{"short fr", fr.DayShort(day), "31 oct. 2026"},
		{"short en", en.DayShort(day), "31 Oct 2026"},
		{"month fr", fr.Period(cal, dataset.Month, month), "octobre 2026"},
		{"month en", en.PeriodShort(cal, dataset.Month, month), "Oct 2026"},
		{"quarter fr", fr.Period(cal, dataset.Quarter, quarter), "T4 2026"},
		{"quarter en", en.PeriodShort(cal, dataset.Quarter, quarter), "Q4 2026"},
		{"week fr", fr.Period(cal, dataset.Week, week), "semaine du 26 octobre 2026"},
		{"week en", en.Period(cal, dataset.Week, week), "week of 26 October 2026"},
		{"week short", fr.PeriodShort(cal, dataset.Week, week), "26 oct. 2026"},
		{"age month", fr.Age(dataset.Month, 1), "M1"},
		{"age week fr", fr.Age(dataset.Week, 4), "S4"},
		{"age week en", en.Age(dataset.Week, 4), "W4"},
		{"age quarter fr", fr.Age(dataset.Quarter, 0), "T0"},
		{"age quarter en", en.Age(dataset.Quarter, 0), "Q0"},
		{"minutes", fr.Minutes(45), "45\u00a0min"},
		{"hours", fr.Minutes(125), "2\u00a0h\u00a005"},
		{"whole hours", en.Minutes(120), "2\u00a0h"},
		{"days", fr.Minutes(3*1440 + 4*60), "3\u00a0j\u00a04\u00a0h"},
		{"shortest", en.Minutes(math.MinInt32), "\u22121,491,308\u00a0d\u00a02\u00a0h"},
		{"number of days", en.Days(45.2), "45\u00a0d"},
		{"list of none", fr.List(nil), ""},
		{"list of one", fr.List([]string{"a"}), "a"},
		{"list of two", en.List([]string{"a", "b"}), "a and b"},
		{"list of three", fr.List([]string{"a", "b", "c"}), "a, b et c"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %+q, want %+q", c.name, c.got, c.want)
		}
	}
}

// The naive reference rounds the shortest decimal form with exact rational arithmetic.
func FuzzRoundingIsExactOnTheDecimalForm(f *testing.F) {
	for _, v := range []float64{0, 0.5, 1.005, 2.675, 999.95, 1e-9, 123456.789, 0.045, 9.5, 0.0949} {
		f.Add(v, uint8(1))
	}
	en, err := i18n.Load("en")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, v float64, d uint8) {
		decimals := int(d % 5)
		if math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > 1e18 {
			return
		}
		exact, _ := new(big.Rat).SetString(strconv.FormatFloat(math.Abs(v), 'f', -1, 64))
		want := exact.FloatString(decimals) // halves away from zero
		if v < 0 && strings.Trim(want, "0.") != "" {
			want = i18n.Minus + want
		}
		if got := strings.ReplaceAll(en.Dec(v, decimals), ",", ""); got != want {
			t.Errorf("%v with %d decimals: got %s, want %s", v, decimals, got, want)
		}
		want = exact.Mul(exact, big.NewRat(100, 1)).FloatString(decimals) + "%"
		if v < 0 && strings.Trim(want, "0.%") != "" {
			want = i18n.Minus + want
		}
		if got := strings.ReplaceAll(en.Pct(v, decimals), ",", ""); got != want {
			t.Errorf("%v as a percentage with %d decimals: got %s, want %s", v, decimals, got, want)
		}
	})
}
