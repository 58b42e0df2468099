package expression

import (
	"strings"
	"testing"

	"parcours/internal/diag"
)

// sample are the columns of most tests, with four rows; the last is null everywhere.
var sample = []Column{
	{Name: "qty", Type: Type{Kind: Int}},
	{Name: "price", Type: Type{Kind: Float}},
	{Name: "total", Type: Type{Kind: Decimal, Scale: 2}},
	{Name: "status", Type: Type{Kind: Text}},
	{Name: "paid", Type: Type{Kind: Bool}},
	{Name: "day", Type: Type{Kind: Day}},
	{Name: "at", Type: Type{Kind: Time}},
	{Name: "tags", Type: Type{Kind: Opaque, Name: "inside a list or map"}},
	{Name: "Customer ID", Type: Type{Kind: Int}},
	{Name: "ship.country", Type: Type{Kind: Text}},
}

func sampleFrame() *Frame {
	null := []bool{false, false, false, true}
	v := func(i int) Vector { return Vector{Type: sample[i].Type, Null: null} }
	qty, price, total, status, paid, day, at, id, country := v(0), v(1), v(2), v(3), v(4), v(5), v(6), v(8), v(9)
	qty.Int = []int64{3, -1, 0, 99}
	price.Float = []float64{0.335, 2.5, -4, 99}
	total.Int = []int64{1050, -5, 30, 99}
	status.Text = []string{"Paid ", "refunded", "", "x"}
	paid.Bool = []bool{true, false, true, true}
	day.Int = []int64{14975, 0, -1, 99} // 2011-01-01, 1970-01-01, 1969-12-31
	at.Int = []int64{14975 * 86400e6, 86399e6, -1, 99}
	id.Int = []int64{7, 8, 9, 99}
	country.Text = []string{"FR", "fr", "BE", "x"}
	return &Frame{N: 4, Row: 10, Cols: []*Vector{&qty, &price, &total, &status, &paid, &day, &at, nil, &id, &country}}
}

func evaluate(t *testing.T, src string) []string {
	t.Helper()
	p, l := Compile(src, diag.Position{}, sample)
	if p == nil {
		t.Fatalf("%s: %v", src, l.Sorted())
	}
	v := p.Evaluator().Eval(sampleFrame())
	if v.Type.Kind != p.Type().Kind {
		t.Errorf("%s: type %v, values %v", src, p.Type(), v.Type)
	}
	out := make([]string, 4)
	for i := range out {
		out[i] = v.Format(i)
	}
	return out
}

func TestExpressionsEvaluateWithNullsOfSQL(t *testing.T) {
	for src, want := range map[string]string{
		`qty + 1`:                           "4 0 1 nil",
		`qty * 2 - -1`:                      "7 -1 1 nil",
		`-qty`:                              "-3 1 0 nil",
		`qty * price`:                       "1.0050000000000001 -2.5 0 nil",
		`qty * 0.1`:                         "0.3 -0.1 0 nil",
		`qty / 2`:                           "1.5 -0.5 0 nil",
		`1 / qty`:                           "0.3333333333333333 -1 nil nil",
		`7 % qty`:                           "1 0 nil nil",
		`total + 0.005`:                     "10.505 -0.045 0.305 nil",
		`total * total`:                     "110.25 0.0025 0.09 nil",
		`total == 10.5`:                     "true false false nil",
		`total >= 0.3`:                      "true false true nil",
		`total in [10.5, 0.3, 0.301]`:       "true false true nil",
		`qty in [3, 0]`:                     "true false true nil",
		`qty not in [3, 0]`:                 "false true false nil",
		`qty in [3.5]`:                      "false false false nil",
		`status in ["refunded", ""]`:        "false true true nil",
		`day in ["2011-01-01"]`:             "true false false nil",
		`price in [2.5, -4]`:                "false true true nil",
		`qty > 0 and price > 0`:             "true false false nil",
		`qty > 0 or nil`:                    "true nil nil nil",
		`qty > 0 and nil`:                   "nil false false nil",
		`not paid`:                          "false true false nil",
		`!paid || paid`:                     "true true true nil",
		`paid == true`:                      "true false true nil",
		`qty == nil`:                        "false false false true",
		`nil != status`:                     "true true true false",
		`status startsWith "re"`:            "false true false nil",
		`status contains "fun"`:             "false true false nil",
		`status not contains "fun"`:         "true false true nil",
		`status endsWith " "`:               "true false false nil",
		`lower(trim(status)) + "!"`:         "paid! refunded! ! nil",
		`upper(status)`:                     "PAID  REFUNDED  nil",
		`length(status)`:                    "5 8 0 nil",
		`abs(qty)`:                          "3 1 0 nil",
		`abs(price)`:                        "0.335 2.5 4 nil",
		`round(price)`:                      "0 3 -4 nil",
		`round(price, 2)`:                   "0.34 2.5 -4 nil",
		`round(total, 1)`:                   "10.5 -0.1 0.3 nil",
		`coalesce(qty, 5)`:                  "3 -1 0 5",
		`qty ?? 0.5`:                        "3 -1 0 0.5",
		`coalesce(nil, status, "none")`:     "Paid  refunded  none",
		`paid ? qty : total`:                "3 -0.05 0 nil",
		`paid == nil ? "?" : "!"`:           "! ! ! ?",
		`qty > 0 ? "more" : nil`:            "more nil nil nil",
		`string(qty) + "-" + string(total)`: "3-10.5 -1--0.05 0-0.3 nil",
		`string(day) + "/" + string(at)`:    "2011-01-01/2011-01-01T00:00:00 1970-01-01/1970-01-01T23:59:59 1969-12-31/1969-12-31T23:59:59.999999 nil",
		`int("12") + int(2.9) + int(total)`: "24 14 14 nil",
		`float("1.5") + float("x")`:         "nil nil nil nil",
		`day >= date("1970-01-01")`:         "true true false nil",
		`day >= "1970-01-01"`:               "true true false nil",
		`at < "1970-01-02"`:                 "false true true nil",
		`at == day`:                         "true false false nil",
		`date(at)`:                          "2011-01-01 1970-01-01 1969-12-31 nil",
		`date("2008-03-20")`:                "2008-03-20 2008-03-20 2008-03-20 2008-03-20",
		`row()`:                             "10 11 12 13",
		`col("Customer ID")`:                "7 8 9 nil",
		`ship.country`:                      "FR fr BE nil",
		`col("ship.country") == "FR"`:       "true false false nil",
		`9223372036854775807 + qty`:         "nil 9223372036854775806 9223372036854775807 nil",
		`9223372036854775807 * qty`:         "nil -9223372036854775807 0 nil",
		`total < 9223372036854775807`:       "true true true nil",
		`(qty | abs()) > 0`:                 "true true false nil",
		`if qty > 0 { "a" } else { "b" }`:   "a b b b",
		`5 < 3`:                             "false false false false",
		`"abc" contains "b"`:                "true true true true",
		`1 in [1, 2]`:                       "true true true true",
		`nil`:                               "nil nil nil nil",
		`price != price`:                    "false false false nil",
		`-1.5`:                              "-1.5 -1.5 -1.5 -1.5",
		`0.1 + 0.2 == 0.3`:                  "true true true true",
		`date(status)`:                      "nil nil nil nil",
		`total * 0.000000001 * 0.00000001`:  "0.000000000000000105 -0.0000000000000000005 0.0000000000000000030000000000000002 nil",
		`qty > 0 and not (status startsWith 'Pa')`: "false false false nil",
	} {
		if got := strings.Join(evaluate(t, src), " "); got != want {
			t.Errorf("%s\n got %s\nwant %s", src, got, want)
		}
	}
}

func TestMistakesAreReportedAllAtOnceAtTheirPlace(t *testing.T) {
	type place struct{ col, length int }
	for _, test := range []struct {
		src  string
		code diag.Code
		at   []place
		hint string
	}{
		{`qtty > 0 and statsu == 'x'`, CodeUnknown, []place{{11, 4}, {24, 6}}, `did you mean "qty"?`},
		{`qty > 'a' or paid > 1`, CodeType, []place{{15, 1}, {29, 1}}, ""},
		{`status + 1`, CodeType, []place{{18, 1}}, "float(x)"},
		{`tags == 1`, CodeType, []place{{11, 4}}, ""},
		{`qty = 1`, CodeSyntax, []place{{15, 1}}, `compare with "=="`},
		{`qty >`, CodeSyntax, []place{{15, 1}}, ""},
		{`lowr(status)`, CodeUnknown, []place{{11, 4}}, `did you mean "lower"?`},
		{`status matches "a.*"`, CodeLimits, []place{{18, 7}}, "contains"},
		{`filter([1], # > 0)`, CodeUnknown, []place{{11, 6}}, ""},
		{`[1,2]`, CodeLimits, []place{{11, 1}}, ""},
		{`qty in status`, CodeLimits, []place{{18, 6}}, ""},
		{`let x = 1; x`, CodeLimits, []place{{15, 1}}, ""},
		{`qty[0]`, CodeLimits, []place{{14, 1}}, ""},
		{`1..5`, CodeLimits, []place{{12, 2}}, ""},
		{`{"a": 1}`, CodeLimits, []place{{11, 1}}, ""},
		{`date("x")`, CodeType, []place{{11, 4}}, "date("},
		{`round(qty, 99)`, CodeType, []place{{22, 2}}, ""},
		{`paid < paid`, CodeType, []place{{16, 1}}, ""},
		{`qty < nil`, CodeType, []place{{15, 1}}, "x == nil"},
		{`day > 5`, CodeType, []place{{15, 1}}, "2026-10-31"},
		{`coalesce(qty, status)`, CodeType, []place{{11, 8}}, ""},
		{`price % 2`, CodeType, []place{{17, 1}}, ""},
		{`now()`, CodeUnknown, []place{{11, 3}}, ""},
		{`env("HOME")`, CodeUnknown, []place{{11, 3}}, ""},
	} {
		at := diag.Position{File: "site.toml", Line: 3, Col: 10, Len: len([]rune(test.src)) + 2}
		p, l := Compile(test.src, at, sample)
		if p != nil {
			t.Errorf("%s: accepted", test.src)
			continue
		}
		got := l.Sorted()
		if len(got) != len(test.at) {
			t.Errorf("%s: %v", test.src, got)
			continue
		}
		for i, d := range got {
			if d.Code != test.code || d.Pos.Line != 3 || d.Pos.Col != test.at[i].col || d.Pos.Len != test.at[i].length {
				t.Errorf("%s: got %s at %d+%d, want %s at %v: %s", test.src, d.Code, d.Pos.Col, d.Pos.Len, test.code, test.at[i], d)
			}
		}
		if !strings.Contains(got[0].Hint, test.hint) {
			t.Errorf("%s: hint %q lacks %q", test.src, got[0].Hint, test.hint)
		}
	}
}

func TestAFilterMustBeTrueOrFalse(t *testing.T) {
	if p, l := CompileFilter("qty", diag.Position{}, sample); p != nil || l.Sorted()[0].Code != CodeResult {
		t.Error(l.Sorted())
	}
	if p, _ := CompileFilter("paid", diag.Position{}, sample); p == nil {
		t.Error("a boolean column is a filter")
	}
}

func TestPositionsInEscapedTextCoverTheWholeValue(t *testing.T) {
	at := diag.Position{File: "site.toml", Line: 3, Col: 10, Len: 40}
	_, l := Compile(`nope == "x"`, at, sample)
	if got := l.Sorted()[0].Pos; got != at {
		t.Errorf("got %+v", got)
	}
}

func TestDeepOrLongSourcesAreRefused(t *testing.T) {
	for _, src := range []string{strings.Repeat("(", 4000) + "1" + strings.Repeat(")", 4000), strings.Repeat("not ", 1000) + "qt", strings.Repeat("1+", 3000) + "1"} {
		if p, l := Compile(src, diag.Position{}, sample); p != nil || !l.HasErrors() {
			t.Errorf("%.10s… accepted", src)
		}
	}
}

func TestAnEvaluatorServesBatchesOfDifferentSizes(t *testing.T) {
	p, _ := Compile(`coalesce(qty, 7) + 1 > 2 ? status : "none"`, diag.Position{}, sample)
	e := p.Evaluator()
	for _, n := range []int{2, 4, 1, 3} {
		f := sampleFrame()
		f.N = n
		v := e.Eval(f)
		want := []string{"Paid ", "none", "none", "nil"}
		for i := range n {
			if got := v.Format(i); got != want[i] {
				t.Errorf("%d rows, row %d: %s", n, i, got)
			}
		}
	}
}

func TestRoundTakesNearHalvesForHalves(t *testing.T) {
	for _, test := range []struct {
		x      float64
		digits int
		want   int64
	}{
		{1.005, 2, 101},
		{-1.005, 2, -101},
		{3 * 0.335, 2, 101},
		{2.675, 2, 268},
		{0.5, 0, 1},
		{-0.5, 0, -1},
		{0.49999, 0, 0},
		{1e14 + 0.25, 0, 1e14},
		{1e14 + 0.5, 0, 1e14 + 1},
		{4503599627370497, 0, 4503599627370497},
		{8e15, 2, 8e17},
		{0.285, 2, 29},
		{1.0049, 2, 100},
	} {
		if got, ok := Round(test.x, test.digits); !ok || got != test.want {
			t.Errorf("Round(%v, %d) = %d, want %d", test.x, test.digits, got, test.want)
		}
	}
	if _, ok := Round(1e17, 2); ok {
		t.Error("1e19 does not fit")
	}
}

func TestMomentsAreReadFromText(t *testing.T) {
	const day = 20757 * int64(86400e6) // 2026-10-31
	for s, want := range map[string]Moment{
		"2026-10-31":                    {Micro: day, DayOnly: true},
		"20261031":                      {Micro: day, DayOnly: true},
		"2026-10-31 08:30":              {Micro: day + 30600e6},
		"2026-10-31T08:30:01.25":        {Micro: day + 30601e6 + 250000},
		"2026-10-31T08:30:01Z":          {Micro: day + 30601e6, Zoned: true},
		"2026-10-31 08:30:01 UTC":       {Micro: day + 30601e6, Zoned: true},
		"2026-10-31T08:30:01+02:00":     {Micro: day + 30601e6 - 7200e6, Zoned: true},
		"2026-10-31 08:30:01.123-0530":  {Micro: day + 30601e6 + 123000 + 19800e6, Zoned: true},
		" 2026-10-31 08:30:01+02 ":      {Micro: day + 30601e6 - 7200e6, Zoned: true},
		"2026-10-31 08:30:01.123456789": {Micro: day + 30601e6 + 123456},
	} {
		if got, ok := ParseMoment(s); !ok || got != want {
			t.Errorf("%q: %+v %v, want %+v", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "2026", "2026-13-01", "2026-02-29", "2026-10-31X", "2026-10-31 25:00", "2026-10-31 08:30:01 Paris", "31/10/2026", "2026-10-31 08:30+", "20261301"} {
		if m, ok := ParseMoment(s); ok {
			t.Errorf("%q read as %+v", s, m)
		}
	}
}
