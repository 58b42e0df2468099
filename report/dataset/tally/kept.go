package tally

import (
	"errors"
	"io"
	"slices"

	"parcours/report/dataset"
	"parcours/report/dataset/partition"
)

// KeptVersion changes when records or Kept mean something else than before.
const KeptVersion = 1

// Kept is what a tally knows of the rows of some files of one table, but for their records, which are in two files: those of
// customers whose key is a small number, and the others.
type Kept struct {
	Table      string
	OrderWords int    // as in Plan
	Widths     [2]int // words of a record
	Parts      int    // partitions
	Labels     []string
	Totals     dataset.Totals // of orders
	Money      int64
	First      dataset.Day
	FirstSale  dataset.Day
	Last       dataset.Day
	Days       []DayRows
	Nobody     int64
	Anonymous  []Anonymous
}

// DayRows is a number of rows of a day.
type DayRows struct {
	Day  dataset.Day
	Rows int64
}

// Anonymous counts the events without customer at a touchpoint, by its number in Labels, on a day.
type Anonymous struct {
	Touchpoint uint32
	Day        dataset.Day
	Rows       int64
}

// KeptTables lists the tables whose rows can be kept for another run.
func KeptTables() []string {
	return []string{string(ordersTable), string(customersTable), string(messagesTable), string(eventsTable)}
}

// restored is what an earlier run kept.
type restored struct {
	Kept
	name   string
	labels []uint32
}

var errKept = errors.New("its records are not those of this table")

// Restore adds the rows of an earlier run, whose Kept and records were saved, under a name for messages. The request must make
// the same records of rows, and no row may be later than its end of observation. It comes before any row is added. The files
// stay open until the tally is finished.
func (t *Tally) Restore(k Kept, name string, records [2]*io.SectionReader) error {
	shelves, err := t.shelves(tableName(k.Table))
	if err != nil {
		return err
	}
	r := &restored{Kept: k, name: name, labels: make([]uint32, len(k.Labels))}
	same := true
	for i, text := range k.Labels {
		r.labels[i] = t.labels.Of(text)
		same = same && r.labels[i] == uint32(i)
	}
	var all [2]*keptRecords
	for i, s := range shelves {
		store, err := partition.Read(records[i], records[i].Size(), t.pool)
		if err != nil {
			return err
		}
		if store.Width() != s.Width() || store.Parts() != k.Parts || k.Parts%s.Parts() != 0 {
			return errKept
		}
		all[i] = &keptRecords{name: name, store: store, labels: r.labels}
		if same {
			all[i].labels = nil
		}
	}
	for _, n := range k.Anonymous {
		if int(n.Touchpoint) >= len(k.Labels) {
			return errKept
		}
	}
	for i, s := range shelves {
		s.kept = append(s.kept, all[i])
	}
	t.kept = append(t.kept, r)
	return nil
}

// shelves returns the records of a table.
func (t *Tally) shelves(table tableName) ([2]*shelf, error) {
	var r *records
	switch table {
	case ordersTable:
		return t.rows.stores, nil
	case customersTable:
		r = t.signUpRecords()
	case messagesTable:
		r = t.messageRecords()
	case eventsTable:
		r = t.eventRecords()
	default:
		return [2]*shelf{}, errKept
	}
	return [2]*shelf{r.short, r.long}, nil
}

// Keep returns what is known of the rows of a table that were added, together with those of some earlier runs by their names.
// It comes after all rows were added and before Finish.
func (t *Tally) Keep(table string, also map[string]bool) (Kept, error) {
	name := tableName(table)
	shelves, err := t.shelves(name)
	if err != nil {
		return Kept{}, err
	}
	k := Kept{
		Table: table, OrderWords: t.plan.OrderWords, Parts: shelves[0].Parts(), Nobody: t.nobody[name],
		First: NoDay, FirstSale: NoDay, Last: NoDay,
	}
	for i, s := range shelves {
		k.Widths[i] = s.Width()
	}
	if name == ordersTable {
		k.Totals, k.Money = t.totals, t.orderMoney
		k.First, k.FirstSale, k.Last = t.first, t.firstSale, t.last
	}
	var days dayCounts
	if own := t.days[name]; own != nil {
		days.merge(own)
	}
	var anonymous sums[int64]
	if name == eventsTable {
		anonymous.merge(&t.anonymous, addCount)
	}
	for _, r := range t.kept {
		if r.Table == table && also[r.name] {
			k.add(r)
			r.addDays(&days)
			r.addAnonymous(&anonymous)
		}
	}
	days.each(func(d dataset.Day, n int64) { k.Days = append(k.Days, DayRows{d, n}) })
	slices.SortFunc(k.Days, func(a, b DayRows) int { return int(a.Day) - int(b.Day) })
	for i, c := range anonymous.cells {
		k.Anonymous = append(k.Anonymous, Anonymous{uint32(c[0]), dataset.Day(int32(c[1])), anonymous.rows[i]})
	}
	if shelves[0].labels != noLabels {
		k.Labels = slices.Clone(t.labels.names.text)
	}
	return k, nil
}

// SaveRecords writes the records that belong to what Keep returns: those of small numbers (0) or of the other customers (1).
func (t *Tally) SaveRecords(table string, kind int, also map[string]bool, w io.Writer) error {
	shelves, err := t.shelves(tableName(table))
	if err != nil {
		return err
	}
	return shelves[kind].save(t.pool, w, also)
}

// add adds the numbers of orders.
func (k *Kept) add(r *restored) {
	k.Totals.RowsRead += r.Totals.RowsRead
	addRows(&k.Totals, &r.Totals)
	k.Money = saturated(k.Money, r.Money)
	k.First, k.FirstSale, k.Last = earlier(k.First, r.First), earlier(k.FirstSale, r.FirstSale), max(k.Last, r.Last)
	k.Nobody += r.Nobody
}

func (r *restored) addDays(to *dayCounts) {
	for _, d := range r.Days {
		to.more(d.Day, d.Rows)
	}
}

func (r *restored) addAnonymous(to *sums[int64]) {
	for _, n := range r.Anonymous {
		*to.at(cell{uint64(r.labels[n.Touchpoint]), uint64(uint32(n.Day))}) += n.Rows
	}
}

// addKept adds the earlier runs to what was added.
func (t *Tally) addKept() {
	for _, r := range t.kept {
		name := tableName(r.Table)
		t.totals.RowsRead += r.Totals.RowsRead
		addRows(&t.totals, &r.Totals)
		t.money = saturated(t.money, r.Money)
		t.first, t.firstSale, t.last = earlier(t.first, r.First), earlier(t.firstSale, r.FirstSale), max(t.last, r.Last)
		t.nobody[name] += r.Nobody
		if len(r.Days) > 0 {
			var days dayCounts
			r.addDays(&days)
			t.seen(name, &days)
		}
		r.addAnonymous(&t.anonymous)
	}
	t.kept = nil
}
