package tally

import "parcours/report/dataset/partition"

// besideTables returns the bytes that the tables other than orders take beside Plan.Memory with so many goroutines: while rows
// are added, while they are counted, which comes after the orders, and while orders are counted that need the sign-ups.
func (p Plan) besideTables(workers int) (adding, counting, signUps int64) {
	// A turn has about its number of records, or one partition. A record of events is gathered, numbered and sorted; one of
	// messages may be a pair of its own. Both have entries in tables that are at most half full and just grew.
	const event, message, signUp = 4 + 16 + 16 + 48, 20 + 24 + 64, 16 + 4 + 32
	gathered := func(rows int64, parts int, each int64) int64 {
		return int64(workers) * each * min(rows/int64(parts)*3/2, turnRecords*9/8)
	}
	if p.Customers > 0 {
		parts := p.PartsOf("orders")
		adding += 2 * partition.Overhead(parts, workers)
		signUps = gathered(p.Customers, parts, signUp)
		counting = max(counting, signUps)
	}
	if p.Messages > 0 {
		adding += 2 * partition.Overhead(p.PartsOf("messages"), workers)
		counting = max(counting, gathered(p.Messages, p.PartsOf("messages"), message))
	}
	if p.Events > 0 {
		adding += 2 * partition.Overhead(p.PartsOf("events"), workers)
		counting = max(counting, gathered(p.Events, p.PartsOf("events"), event))
	}
	return adding, counting, signUps
}
