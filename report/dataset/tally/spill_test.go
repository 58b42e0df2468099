package tally

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"parcours/report/dataset"
)

// spillCase is orders that need little or all that a record can hold.
type spillCase struct {
	rows, customers int
	words           int  // Plan.OrderWords
	texts           bool // customers are texts
	plain           bool // nothing but customer, day and amount
	dims            bool
}

func (c spillCase) String() string {
	return fmt.Sprintf("%d rows, %d customers, %d order words, texts %v, plain %v, dims %v", c.rows, c.customers, c.words, c.texts, c.plain, c.dims)
}

// batch returns rows number from up to to; each depends on its number only.
func (c spillCase) batch(from, to int) *OrderRows {
	r := &OrderRows{}
	for i := from; i < to; i++ {
		rng := rand.New(rand.NewPCG(uint64(i), 11))
		who := rng.IntN(c.customers)
		customer := IntKey(int64(who))
		if c.texts {
			customer = KeyOf(fmt.Appendf(nil, "customer %d of the shop", who))
		}
		if !c.plain && rng.IntN(50) == 0 {
			customer = Key{}
		}
		day := dataset.Day(19_000 + rng.IntN(900))
		r.Customer = append(r.Customer, customer)
		r.Day = append(r.Day, day)
		r.Instant = append(r.Instant, int64(day)*86_400_000_000+int64(rng.IntN(1000)))
		r.Amount = append(r.Amount, int64(1+rng.IntN(10_000)))
		order := Key{}
		switch id := int64(rng.IntN(c.rows)); c.words {
		case 1:
			order = IntKey(id)
		case 2:
			order = KeyOf(fmt.Appendf(nil, "order %d", id))
		}
		r.Order = append(r.Order, order)
		if c.plain {
			continue
		}
		if rng.IntN(10) == 0 {
			r.Amount[i-from] *= -1
		}
		r.Refund = append(r.Refund, int64(rng.IntN(20)/19*rng.IntN(500)))
		r.IsRefund = append(r.IsRefund, rng.IntN(20) == 0)
		r.Quantity = append(r.Quantity, int64(rng.IntN(4)))
		if c.dims {
			r.Dim = append(r.Dim, uint32(rng.IntN(30)))
			r.Channel = append(r.Channel, uint32(rng.IntN(5)))
		}
	}
	return r
}

// tally adds all rows, from several goroutines, and finishes.
func (c spillCase) tally(t *testing.T, plan Plan, sinks int) (a *dataset.Aggregates, spilled int64) {
	t.Helper()
	req := dataset.Request{Tables: dataset.Tables{Orders: &dataset.Orders{}}}
	if c.dims {
		req.Dimension = "country"
	}
	plan.OrderWords = c.words
	ta := New(req, plan)
	for i := range 30 {
		ta.Labels().Of(fmt.Sprintf("label %d", i))
	}
	var running sync.WaitGroup
	const step = 1000
	for s := range sinks {
		running.Go(func() {
			o := ta.Orders()
			for from := s * step; from < c.rows; from += sinks * step {
				o.Add(c.batch(from, min(from+step, c.rows)))
			}
			if err := o.Flush(); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	a, err := ta.Finish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	spilled = ta.pool.Spilled()
	if err := ta.Close(); err != nil {
		t.Error(err)
	}
	return a, spilled
}

func TestWhatIsWrittenToTheTemporaryFileIsCountedAlike(t *testing.T) {
	cases := []spillCase{
		{rows: 60_000, customers: 9_000, plain: true},
		{rows: 60_000, customers: 9_000, plain: true, texts: true},
		{rows: 60_000, customers: 20_000, words: 1},
		{rows: 60_000, customers: 20_000, words: 2, texts: true, dims: true},
		{rows: 30_000, customers: 3, words: 1, dims: true},
	}
	if testing.Short() {
		cases = cases[2:4]
	}
	for i, c := range cases {
		t.Run(c.String(), func(t *testing.T) {
			want, spilled := c.tally(t, Plan{Workers: 1}, 1)
			if spilled != 0 {
				t.Errorf("%d bytes were written without a limit", spilled)
			}
			for j, rows := range []int64{0, 1 << 18, 1 << 22} { // in 1, 4 and 64 partitions
				dir := t.TempDir()
				plan := Plan{Rows: rows, Memory: 1 << (20 * (j % 2)), TempDir: dir, Workers: 1 + (i+j)%3}
				got, spilled := c.tally(t, plan, 1+j)
				if spilled == 0 {
					t.Errorf("%+v: nothing was written to the temporary file", plan)
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%+v: the answer differs: %+v, want %+v", plan, got.Totals, want.Totals)
				}
				if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
					t.Errorf("%v left behind, error %v", left, err)
				}
			}
		})
	}
}

// TestAMissingFolderIsAnError has room for the rows in memory but not for what is made of them, or for neither.
func TestAMissingFolderIsAnError(t *testing.T) {
	c := spillCase{rows: 60_000, customers: 40_000, words: 1}
	for _, memory := range []int64{1, 3 << 20} {
		ta := New(dataset.Request{Tables: dataset.Tables{Orders: &dataset.Orders{}}},
			Plan{OrderWords: 1, Memory: memory, TempDir: filepath.Join(t.TempDir(), "none"), Workers: 2})
		o := ta.Orders()
		o.Add(c.batch(0, c.rows))
		err := o.Flush()
		if (err != nil) != (memory == 1) {
			t.Errorf("Flush with %d bytes: error %v", memory, err)
		}
		if err == nil {
			_, err = ta.Finish(t.Context())
		}
		if !errors.Is(err, os.ErrNotExist) || !strings.Contains(fmt.Sprint(err), "--memory") {
			t.Errorf("%d bytes: error %v", memory, err)
		}
		if err := ta.Close(); err != nil {
			t.Error(err)
		}
	}
}
