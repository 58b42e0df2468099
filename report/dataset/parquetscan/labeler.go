package parquetscan

import (
	"errors"
	"math"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
	"parcours/report/dataset/tally"
)

// added are rows that are in the tally already.
type added struct{}

func (added) deliver(*scan) {}
func (added) done()         {}

// sink is a place of one goroutine to add rows to the tally.
type sink interface{ Flush() error }

// sinkOf returns the worker's sink of a table, however many bindings its files have.
func sinkOf[S sink](w *worker, b *binding, open func() S) S {
	name := b.table.files.Name
	if s, ok := w.sinks[name]; ok {
		return s.(S)
	}
	s := open()
	if w.sinks == nil {
		w.sinks = map[string]sink{}
	}
	w.sinks[name] = s
	return s
}

// flush ends the worker's part of the tally.
func (w *worker) flush() error {
	var failed []error
	for _, s := range w.sinks {
		failed = append(failed, s.Flush())
	}
	return errors.Join(failed...)
}

// labeler turns values into the labels of the tally, and asks it for each text once.
type labeler struct {
	*converter
	all   *tally.Labels
	known map[string]uint32
	sel   []int // memory of dated and need
}

func newLabeler(w *worker, b *binding, unit string) *labeler {
	return &labeler{
		converter: newConverter(w, b, unit), all: w.scan.tally.Labels(), known: map[string]uint32{}, sel: make([]int, 0, batchRows),
	}
}

// number returns the label of a value, 0 for null.
func (l *labeler) number(v *expression.Vector, i int) uint32 { return l.named(l.label(v, i)) }

func (l *labeler) named(text string) uint32 {
	if text == "" {
		return 0
	}
	n, ok := l.known[text]
	if !ok {
		if len(l.known) >= maxLabels {
			clear(l.known)
		}
		n = l.all.Of(text)
		l.known[text] = n
	}
	return n
}

// dated reads the times of a batch and returns the rows with one up to a given end of observation; it counts the others.
func (l *labeler) dated(b *batch) []int {
	l.times(b, "time")
	last := dataset.Day(math.MaxInt32)
	if l.asOf != nil {
		last = *l.asOf
	}
	l.sel = l.sel[:0]
	for _, i := range b.keep {
		if l.verdict[i] == good && l.day[i] <= last || l.timely(b, i) {
			l.sel = append(l.sel, i)
		}
	}
	return l.sel
}

// need returns the chosen rows whose column is not zero, with that column, and counts the others. The rows are from dated.
func need[T comparable](b *batch, reason dataset.Reason, sel []int, column []T) ([]int, []T) {
	var zero T
	kept := 0
	for j, i := range sel {
		if column[j] == zero {
			b.drop(reason, i)
			continue
		}
		sel[kept], column[kept] = i, column[j]
		kept++
	}
	return sel[:kept], column[:kept]
}

// labelsOf writes the labels of chosen rows to out; they are 0 when the role has no column.
func (l *labeler) labelsOf(v *expression.Vector, sel []int, out []uint32, dict *resolved[uint32]) {
	if v == nil {
		clear(out)
		return
	}
	each(v, sel, out, dict, l.number)
}

// optional returns the labels of chosen rows, nil when the role has no column.
func (l *labeler) optional(v *expression.Vector, sel []int, mem []uint32, dict *resolved[uint32]) []uint32 {
	if v == nil {
		return nil
	}
	l.labelsOf(v, sel, mem[:len(sel)], dict)
	return mem[:len(sel)]
}

// each writes what values of chosen rows mean to out, of an entry of a dictionary once.
func each[T any](v *expression.Vector, sel []int, out []T, dict *resolved[T], of func(v *expression.Vector, i int) T) {
	if v.Codes == nil {
		for j, i := range sel {
			out[j] = of(v, i)
		}
		return
	}
	entry := dict.by(v, of)
	for j, i := range sel {
		out[j] = entry[v.Codes[i]]
	}
}
