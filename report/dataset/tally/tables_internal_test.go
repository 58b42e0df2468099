package tally

import (
	"context"
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"parcours/report/dataset"
)

func TestSumsAreThoseOfAMap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var a, b sums[int64]
	want := map[cell]int64{}
	for range 20_000 {
		c, n := cell{rng.Uint64N(9), rng.Uint64N(50), rng.Uint64N(7)}, rng.Int64N(100)
		want[c] += n
		if rng.IntN(2) == 0 {
			*a.at(c) += n
		} else {
			*b.at(c) += n
		}
	}
	a.merge(&b, addCount)
	if len(a.rows) != len(want) {
		t.Errorf("got %d rows, want %d", len(a.rows), len(want))
	}
	for i, c := range a.cells {
		if a.rows[i] != want[c] {
			t.Errorf("%v: got %d, want %d", c, a.rows[i], want[c])
		}
	}
	a.reset()
	if n := *a.at(cell{1, 2, 3}); n != 0 || len(a.rows) != 1 {
		t.Errorf("after reset: %d in %d rows", n, len(a.rows))
	}
}

func TestPeopleAreNumberedOnce(t *testing.T) {
	var p people
	if p.find(IntKey(1)) != -1 {
		t.Error("found somebody among nobody")
	}
	for range 2 {
		p.reset()
		for _, times := range []int{1, 2} {
			for i := range int32(5000) {
				if got := p.number(IntKey(int64(7 * i))); got != i {
					t.Fatalf("at time %d customer %d has number %d", times, i, got)
				}
			}
		}
		if p.find(IntKey(7*4999)) != 4999 || p.find(IntKey(1)) != -1 {
			t.Error("find is not number")
		}
	}
}

func TestDaysAreCountedWhereverTheyAre(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	days := []dataset.Day{0, -1, 20_000, 20_001, 20_400, nearFirst, nearFirst - 1, nearFirst + nearDays - 1, nearFirst + nearDays, math.MaxInt32, NoDay + 1}
	var a, b dayCounts
	want := map[dataset.Day]int64{}
	for range 1000 {
		d := days[rng.IntN(len(days))]
		want[d]++
		if rng.IntN(2) == 0 {
			a.add(d)
		} else {
			b.add(d)
		}
	}
	a.add(NoDay)
	a.merge(&b)
	got := map[dataset.Day]int64{}
	a.each(func(d dataset.Day, n int64) { got[d] += n })
	if len(got) != len(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for d, n := range want {
		if got[d] != n {
			t.Errorf("day %d: got %d rows, want %d", d, got[d], n)
		}
	}
	if first, last := a.span(); first != NoDay+1 || last != math.MaxInt32 {
		t.Errorf("got days from %d to %d", first, last)
	}
	if got, want := a.after(20_000), want[20_001]+want[20_400]+want[nearFirst+nearDays-1]+want[nearFirst+nearDays]+want[math.MaxInt32]; got != want {
		t.Errorf("got %d rows later, want %d", got, want)
	}
	var none dayCounts
	if first, last := none.span(); first != NoDay || last != NoDay {
		t.Errorf("no rows are from %d to %d", first, last)
	}
}

func TestPeriodsAreThoseOfTheCalendar(t *testing.T) {
	for _, grain := range []dataset.Grain{dataset.Week, dataset.Month, dataset.Quarter} {
		req := dataset.Request{Grain: grain}
		var days dayCounts
		days.add(100)
		days.add(900)
		p := newPeriods(&req, &days)
		for _, d := range []dataset.Day{NoDay, -40_000, 99, 100, 500, 900, 901, 40_000, math.MaxInt32} {
			if d > -1e6 && d < 1e6 && p.at(d) != req.Calendar.PeriodOf(grain, d) {
				t.Errorf("day %d: got period %d", d, p.at(d))
			}
		}
	}
}

func TestSortingClicksIsSorting(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for n := range 120 {
		events := make([]click, n)
		for i := range events {
			events[i] = click{rng.Int64N(5), dataset.Day(rng.IntN(4)), rng.Uint32N(3)}
		}
		sortClicks(events)
		for i := 1; i < n; i++ {
			if events[i].before(events[i-1]) || events[i].compare(events[i-1]) < 0 {
				t.Fatalf("%v comes before %v", events[i-1], events[i])
			}
		}
	}
}

func TestTurnsShareTheCustomersOfAPartition(t *testing.T) {
	for _, of := range []uint64{1, 2, 5, 48} {
		for i := range int64(1000) {
			in := 0
			for n := range of {
				if (turn{n, of}).has(IntKey(i)) {
					in++
				}
			}
			if in != 1 {
				t.Fatalf("customer %d is in %d of %d turns", i, in, of)
			}
		}
	}
}

func TestPartitionsAreCountedOnceUnlessSomethingFails(t *testing.T) {
	ta := New(dataset.Request{}, Plan{Workers: 3})
	var parts [64]atomic.Int32
	count := func() func(int) error {
		return func(part int) error { parts[part].Add(1); return nil }
	}
	if err := ta.eachPart(t.Context(), len(parts), count); err != nil {
		t.Fatal(err)
	}
	for i := range parts {
		if n := parts[i].Load(); n != 1 {
			t.Errorf("partition %d was counted %d times", i, n)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := ta.eachPart(ctx, len(parts), count); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
	broken := errors.New("broken")
	if err := ta.eachPart(t.Context(), len(parts), func() func(int) error { return func(int) error { return broken } }); !errors.Is(err, broken) {
		t.Errorf("broken: got %v", err)
	}
}

func TestMomentsFitAWord(t *testing.T) {
	for _, x := range []struct {
		instant int64
		day     dataset.Day
		fits    bool
	}{
		{0, 0, true},
		{-1, -1, true},
		{-1, 0, true},
		{1, -1, true},
		{20_000 * dayMicros, 20_001, true},
		{-25_567*dayMicros - 5, -25_568, true},
		{85_000 * dayMicros, 84_999, true},
		{0, 127, true},
		{0, -128, true},
		{0, 128, false},
		{0, -129, false},
		{math.MaxInt64, 0, false},
		{math.MinInt64, math.MinInt32, false},
		{1 << 55, dataset.Day(int64(1) << 55 / dayMicros), false},
	} {
		w, ok := packMoment(x.instant, x.day)
		if ok != x.fits {
			t.Errorf("%+v: fits is %v", x, ok)
		}
		if instant, day := unpackMoment(w); ok && (instant != x.instant || day != x.day) {
			t.Errorf("%+v came back as %d, %d", x, instant, day)
		}
	}
}

func TestPlotsAreThoseOfAMap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, span := range [][2]int32{{-3, 40}, {5, 4}, {0, 100_000}, {math.MinInt32, math.MaxInt32}} {
		p := newPlot[int64](span[0], span[1])
		type key struct {
			n      uint32
			period int32
		}
		want := map[key]int64{}
		for range 20_000 {
			k := key{rng.Uint32N(3000), int32(rng.IntN(60) - 10)}
			if rng.IntN(100) == 0 {
				k.n += math.MaxUint32 / 2
			}
			want[k]++
			*p.at(k.n, k.period)++
		}
		got := map[key]int64{}
		p.each(func(n uint32, period int32, row *int64) {
			if *row != 0 {
				got[key{n, period}] += *row
			}
		})
		if !maps.Equal(got, want) {
			t.Errorf("periods %v: %d rows, want %d", span, len(got), len(want))
		}
	}
}
