package tally

// ReadInTurns makes partitions of orders with more records than n be read in turns.
func (t *Tally) ReadInTurns(n int) { t.turn = n }
