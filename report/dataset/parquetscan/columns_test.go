package parquetscan

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
	"parcours/report/dataset/tally"
)

// Whole columns must give what single values give.

func TestColumnsOfTimesAgreeWithSingleOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	near := []int64{firstMicro, lastMicro, 0, -1}
	for _, s := range []string{"2024-03-31T01:00:00Z", "2024-10-27T01:00:00Z", "2011-12-30T10:00:00Z", "2024-04-06T15:30:00Z", "2024-11-03T06:00:00Z"} {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		near = append(near, at.UnixMicro())
	}
	zones := []string{"UTC", "Europe/Paris", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kolkata"}
	const n = 512
	instant, day, verdict := make([]int64, n), make([]dataset.Day, n), make([]uint8, n)
	for k := range 600 {
		local, report := zoneOf(t, zones[r.IntN(len(zones))]), zoneOf(t, zones[r.IntN(len(zones))])
		fast, slow := newClock(local, report), newClock(local, report)
		for range 2 {
			v := timesLike(r, near, n, k)
			clean := fast.read(v, n, instant, day, verdict)
			good0 := true
			for i := range n {
				at, d, what := slow.one(v, i)
				if what != verdict[i] || what == good && (at != instant[i] || d != day[i]) {
					t.Fatalf("%v in %v, %+v, %d: got %d %d %d, want %d %d %d", local, report, v.Type, v.Int[i], instant[i], day[i], verdict[i], at, d, what)
				}
				good0 = good0 && what == good
			}
			if clean != good0 {
				t.Fatalf("%+v: clean %v, but all good: %v", v.Type, clean, good0)
			}
		}
	}
}

func timesLike(r *rand.Rand, near []int64, n, k int) *expression.Vector {
	v := &expression.Vector{Type: []expression.Type{{Kind: expression.Time, UTC: true}, {Kind: expression.Time}, {Kind: expression.Day}, {Kind: expression.Int}}[k%4], Int: make([]int64, n)}
	at := near[r.IntN(len(near))]
	for i := range v.Int {
		switch r.IntN(40) {
		case 0:
			at = near[r.IntN(len(near))] + r.Int64N(60*3600e6) - 30*3600e6
		case 1:
			at = []int64{math.MinInt64, math.MaxInt64, firstMicro - 1, firstMicro, lastMicro - 1, lastMicro}[r.IntN(6)]
		case 2:
			at = firstMicro + r.Int64N(lastMicro-firstMicro)
		default:
			if at < lastMicro && at > firstMicro {
				at += r.Int64N(3600e6)
			}
		}
		if v.Int[i] = at; v.Type.Kind == expression.Day {
			v.Int[i] = expression.FloorDiv(at, dayMicros)
		}
	}
	if r.IntN(2) == 0 {
		v.Null = make([]bool, n)
		for i := range v.Null {
			v.Null[i] = r.IntN(9) == 0
		}
	}
	return v
}

func TestColumnsOfAmountsAgreeWithSingleOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	const n = 256
	mem, verdict := make([]int64, n), make([]uint8, n)
	for k := range 4000 {
		v := amountsLike(r, n, k)
		digits := r.IntN(5)
		clear(verdict)
		got := minors(v, n, digits, mem, verdict)
		for i := range n {
			want, ok := minorOf(v, i, digits)
			if ok != (verdict[i] == good) || ok && got[i] != want {
				t.Fatalf("%+v, %d digits, %v or %v: got %d %d, want %d %v", v.Type, digits, v.Int[i], v.Float[i], got[i], verdict[i], want, ok)
			}
		}
	}
}

func amountsLike(r *rand.Rand, n, k int) *expression.Vector {
	v := &expression.Vector{Int: make([]int64, n), Float: make([]float64, n)}
	v.Type = []expression.Type{{Kind: expression.Float}, {Kind: expression.Int}, {Kind: expression.Decimal, Scale: r.IntN(7)}, {Kind: expression.Text}}[k%4]
	edges := []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, 5e-324, 9e13, 9.1e13, 9e15, 9.1e15, 1 << 50, 1 << 52, 1 << 53, 1.005, 2.675, 0.285, 1e-9}
	for i := range n {
		x := float64(r.Int64N(2e7)-1e7) / 100
		switch r.IntN(6) {
		case 0: // near a half
			x = (float64(r.Int64N(2e6)-1e6) + 0.5) / math.Pow10(r.IntN(5))
			for range r.IntN(4) {
				x = math.Nextafter(x, math.Inf(1-2*r.IntN(2)))
			}
		case 1:
			x = r.NormFloat64() * math.Pow10(r.IntN(20))
		case 2:
			x = edges[r.IntN(len(edges))]
		case 3:
			x = float64(r.IntN(1000)) * 0.335
		}
		v.Float[i] = x
		v.Int[i] = int64(r.Uint64()) >> r.IntN(64)
		v.Text = append(v.Text, strconv.FormatFloat(x, 'g', -1, 64))
		if r.IntN(9) == 0 {
			v.Int[i] = []int64{math.MinInt64, math.MaxInt64, maxMinor, maxMinor + 1, -maxMinor, 5, -5, 15, 25, -25}[r.IntN(10)]
		}
	}
	return v
}

func TestColumnsOfKeysAgreeWithSingleOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	c := &converter{labels: map[string]string{}}
	texts := []string{"", " ", "17850", "17850.0", " 17850.0 ", "C00001234", "é", " é", "a.0", ".0", "-3", "0.0", "\u00a0a", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "a long identifier of a customer"}
	floats := []float64{0, math.Copysign(0, -1), 17850, -3, 12.5, 1e15, 1 << 53, 1 << 60, math.NaN(), math.Inf(1), 1e300}
	const n = 64
	for k := range 400 {
		v := &expression.Vector{Type: []expression.Type{{Kind: expression.Int}, {Kind: expression.Float}, {Kind: expression.Text}, {Kind: expression.Decimal, Scale: r.IntN(4)}, {Kind: expression.Day}, {Kind: expression.Bool}, {Kind: expression.Null}}[k%7]}
		var sel []int
		for i := range n {
			v.Int, v.Bool = append(v.Int, int64(r.Uint64())>>r.IntN(64)/1000*1000), append(v.Bool, r.IntN(2) == 0)
			v.Float, v.Text = append(v.Float, floats[r.IntN(len(floats))]), append(v.Text, texts[r.IntN(len(texts))])
			if v.Type.Kind == expression.Day {
				v.Int[i] = int64(r.IntN(30000))
			}
			if r.IntN(3) > 0 {
				sel = append(sel, i)
			}
		}
		if r.IntN(2) == 0 {
			v.Null = make([]bool, n)
			for i := range v.Null {
				v.Null[i] = r.IntN(5) == 0
			}
		}
		got := make([]tally.Key, n)
		nulls := c.keys(v, sel, got, &resolved[tally.Key]{})
		for j, i := range sel {
			if want := single(v, i); got[j] != want {
				t.Fatalf("%+v: %v, want %v", v.Type, got[j], want)
			}
			if got[j].Null() && !nulls {
				t.Fatalf("%+v: null, but said not to be", v.Type)
			}
		}
	}
}

// single is the key of a value by the rules alone.
func single(v *expression.Vector, i int) tally.Key {
	switch {
	case v.IsNull(i), v.Type.Kind == expression.Null, v.Type.Kind == expression.Float && math.IsNaN(v.Float[i]):
		return tally.Key{}
	case v.Type.Kind == expression.Text:
		return tally.KeyOf([]byte(canonical(v.Text[i])))
	}
	return tally.KeyOf(v.AppendText(nil, i))
}

func TestFixedBytesAreTextsInHexadecimal(t *testing.T) {
	data := []byte("\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f")
	for _, c := range []struct {
		width int
		uuid  bool
		want  []string
	}{
		{16, true, []string{"6ba7b810-9dad-11d1-80b4-00c04fd430c8", "00010203-0405-0607-0809-0a0b0c0d0e0f"}},
		{16, false, []string{"6ba7b8109dad11d180b400c04fd430c8", "000102030405060708090a0b0c0d0e0f"}},
		{3, false, []string{"6ba7b8", "109dad"}},
		{0, false, []string{"", ""}},
	} {
		got := make([]string, 2)
		hexTexts(got, data, c.width, c.uuid)
		if !slices.Equal(got, c.want) {
			t.Errorf("%d bytes: %q, want %q", c.width, got, c.want)
		}
	}
}
