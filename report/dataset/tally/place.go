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

// places says in which partition the rows of a customer are.
type places struct {
	parts int
	base  uint64 // small ids are counted from here
	dense uint64 // ids from base to here, exclusive, are partitioned by range; 0: all by hash
	shift uint   // of the range of a partition
}

// newPlaces partitions by range where ids are known to be dense: neighbours, who most often came at about the same time,
// are then in one partition, and no table is needed to number them. What is known of the ids may be wrong; it costs time then.
func newPlaces(parts int, ids Range, rows int64) places {
	p := places{parts: parts}
	if ids.Least > ids.Most || ids.Least == 0 && ids.Most == 0 {
		return p
	}
	p.base = uint64(ids.Least)
	width := uint64(ids.Most) - uint64(ids.Least)
	if width >= uint64(max(rows, 0)) || width >= 1<<32 {
		return p
	}
	for width>>p.shift >= uint64(parts) {
		p.shift++
	}
	p.dense = width + 1
	return p
}

// of returns the partition of a customer.
func (p *places) of(k Key) int {
	if id := k[1] - p.base; k[0] == 1 && id < p.dense {
		return int(id >> p.shift)
	}
	return partOf(k, p.parts)
}

// small returns the number of a customer from the base, if it has 32 bits.
func (p *places) small(k Key) (uint32, bool) {
	id := k[1] - p.base
	return uint32(id), k[0] == 1 && id < 1<<32
}
