package demo

// queue holds what is due on a later day, in the order in which it was put, with memory in proportion to what is
// waiting: a day is a list of fixed-size chunks, and the chunks of a finished day serve the days to come.
type queue[T any] struct {
	days [][]*chunk[T]
	free []*chunk[T]
}

const chunkSize = 256

type chunk[T any] struct {
	n    int
	item [chunkSize]T
}

func newQueue[T any](days int) *queue[T] { return &queue[T]{days: make([][]*chunk[T], days)} }

// put adds an item to a day; one beyond the last day never comes.
func (q *queue[T]) put(day int, item T) {
	if day >= len(q.days) {
		return
	}
	list := q.days[day]
	if len(list) == 0 || list[len(list)-1].n == chunkSize {
		list = append(list, q.chunk())
		q.days[day] = list
	}
	c := list[len(list)-1]
	c.item[c.n] = item
	c.n++
}

func (q *queue[T]) chunk() *chunk[T] {
	if n := len(q.free); n > 0 {
		c := q.free[n-1]
		q.free = q.free[:n-1]
		c.n = 0
		return c
	}
	return new(chunk[T])
}

// take calls f for every item of a day and forgets the day. f may put items on later days only.
func (q *queue[T]) take(day int, f func(*T)) {
	for _, c := range q.days[day] {
		for i := range c.n {
			f(&c.item[i])
		}
		q.free = append(q.free, c)
	}
	q.days[day] = nil
}
