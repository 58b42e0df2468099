package tally

import "sync"

// names gives texts small numbers; 0 is the empty text.
type names struct {
	code map[string]uint32
	text []string
}

func newNames() *names { return &names{code: map[string]uint32{"": 0}, text: []string{""}} }

// of returns the number of a text. It keeps a copy, since the text may point into a batch that is used again.
func (n *names) of(s string) uint32 {
	if c, ok := n.code[s]; ok {
		return c
	}
	c := uint32(len(n.text))
	s = string(append([]byte(nil), s...))
	n.code[s] = c
	n.text = append(n.text, s)
	return c
}

// smaller returns the smaller of two texts by their numbers, a text being better than none: an order whose lines
// disagree gets the same value in any order of rows.
func (n *names) smaller(a, b uint32) uint32 {
	if a == 0 || b != 0 && n.text[b] < n.text[a] {
		return b
	}
	return a
}

// labelAt returns entry i of an optional column.
func labelAt(column []uint32, i int) uint32 {
	if column == nil {
		return 0
	}
	return column[i]
}

// Labels gives texts small numbers, the same for all goroutines; 0 is the empty text.
type Labels struct {
	mu    sync.Mutex
	names *names
}

// Of returns the number of a text.
func (l *Labels) Of(text string) uint32 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.names.of(text)
}
