package demo

import (
	"fmt"
	"os"
	"path/filepath"
)

// orderFiles writes order rows, one file a month. A second goroutine encodes and compresses while the simulation
// goes on; rows travel in batches through one channel, so their order does not depend on scheduling.
type orderFiles struct {
	dir   string
	seed  uint64
	cal   *calendar
	batch *orderBatch
	full  chan *orderBatch
	empty chan *orderBatch
	done  chan error
}

// orderBatch is some rows of one month; ids holds the customers that the rows point to.
type orderBatch struct {
	month int
	rows  []orderRow
	ids   []int64
}

const (
	batchRows   = 4096
	batchesKept = 4
)

func newOrderFiles(dir string, seed uint64, cal *calendar) *orderFiles {
	f := &orderFiles{
		dir: filepath.Join(dir, "orders"), seed: seed, cal: cal,
		full: make(chan *orderBatch, batchesKept), empty: make(chan *orderBatch, batchesKept), done: make(chan error, 1),
	}
	for range batchesKept {
		f.empty <- &orderBatch{rows: make([]orderRow, 0, batchRows), ids: make([]int64, 0, batchRows)}
	}
	go func() { f.done <- f.write() }()
	return f
}

// add hands a row over; an error of the writer appears when the files are closed.
func (f *orderFiles) add(o *sale, d int, number int64) error {
	month := int(f.cal.days[d].month)
	if b := f.batch; b != nil && (len(b.rows) == batchRows || b.month != month) {
		f.full <- b
		f.batch = nil
	}
	if f.batch == nil {
		f.batch = <-f.empty
		f.batch.month, f.batch.rows, f.batch.ids = month, f.batch.rows[:0], f.batch.ids[:0]
	}
	b := f.batch
	row := orderRow{
		Order: number, At: f.cal.utc(d, o.second) * micros, Amount: int64(o.amount), Status: statuses[o.status],
		Channel: channels[o.channel], Country: countries[o.where&^mobileBit], Category: categories[o.category],
		Items: int32(o.items), Discount: int64(o.discount), Currency: "EUR",
	}
	if !o.guest {
		b.ids = append(b.ids, customerID(o.customer))
		row.Customer = &b.ids[len(b.ids)-1]
	}
	b.rows = append(b.rows, row)
	return nil
}

func (f *orderFiles) close() error {
	if f.batch != nil {
		f.full <- f.batch
	}
	close(f.full)
	return <-f.done
}

// write runs in its own goroutine. After an error it keeps taking batches, so that the simulation is never blocked.
func (f *orderFiles) write() (err error) {
	var t *table[orderRow]
	month := -1
	if err = f.clear(); err != nil {
		err = fmt.Errorf("clear earlier orders: %w", err)
	}
	for b := range f.full {
		if err == nil && b.month != month {
			if t != nil {
				err = t.close()
			}
			month = b.month
			if err == nil {
				t, err = newTable[orderRow](f.path(month), f.seed)
			}
		}
		if err == nil {
			_, err = t.out.Write(b.rows)
		}
		f.empty <- b
	}
	if t != nil {
		err = firstOf(err, t.close())
	}
	return err
}

func (f *orderFiles) path(month int) string {
	first := civil(f.cal.first)
	return filepath.Join(f.dir, first.AddDate(0, month, 0).Format("2006-01")+".parquet")
}

// clear removes months of an earlier, longer run.
func (f *orderFiles) clear() error {
	old, err := filepath.Glob(filepath.Join(f.dir, "[0-9][0-9][0-9][0-9]-[0-9][0-9].parquet"))
	if err != nil {
		return err
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}
