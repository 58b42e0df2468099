package tally

import (
	"parcours/report/dataset"
	"parcours/report/dataset/partition"
)

// Parts returns the number of partitions of the records of orders.
func (t *Tally) Parts() int { return t.parts }

// Spilled returns the bytes that went to the temporary file.
func (t *Tally) Spilled() int64 { return t.pool.Spilled() }

// historyBytes is about what a row of Cells and Calibration takes while customers are added up by history, all goroutines and
// the rows themselves included.
const historyBytes = 400

// Beside returns the bytes that a tally takes beside Plan.Memory with so many goroutines: while rows are added, and while
// customers are counted, when one partition of each goroutine is brought together.
func (p Plan) Beside(req dataset.Request, workers int) (adding, counting int64) {
	parts := p.PartsOf("orders")
	adding, others, signUps := p.besideTables(workers)
	adding += partition.Overhead(parts, workers)
	l := layoutOf(req.WithDefaults(), p, false)
	// A record, its number, and a customer's entries in tables that are at most half full; partitions differ in size.
	row := int64(8*l.width + 4 + 48)
	counting = 3*partition.Overhead(parts, workers) + int64(workers)*row*(p.Rows/int64(parts))*3/2
	return adding, max(counting+signUps, others, historyBytes*min(p.Rows, int64(req.WithDefaults().MaxCells)))
}
