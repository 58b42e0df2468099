package tally

import "math/bits"

// Records of customers are kept by partition, those of one customer in the same partition of every table with as many.
const (
	partRows = 1 << 16 // rows of a partition: their table fits a core's cache
	maxParts = 1 << 10
)

// partsOf returns the number of partitions for about so many rows: a power of two.
func partsOf(rows int64) int {
	n := min(max(rows/partRows, 1), maxParts)
	return 1 << (bits.Len64(uint64(n)) - 1)
}

// PartsOf returns the number of partitions of the records of a table.
func (p Plan) PartsOf(table string) int {
	if n := p.Parts[table]; n > 0 {
		return n
	}
	switch tableName(table) {
	case messagesTable:
		return wideParts(p.Messages)
	case eventsTable:
		return wideParts(p.Events)
	}
	if n := p.Parts[string(ordersTable)]; n > 0 {
		return n
	}
	return partsOf(max(p.Rows, p.Customers))
}

// partOf returns the partition of a customer, of a number of partitions that is a power of two.
func partOf(k Key, parts int) int { return int(k.spread()>>40) & (parts - 1) }

// wideParts is partsOf for records of which a writer may keep two widths, and with them twice as many chunks that are being
// filled: so the most is half as many.
func wideParts(rows int64) int { return min(partsOf(rows), maxParts/2) }
