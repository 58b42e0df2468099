package parquetscan

import (
	"parcours/report/dataset/expression"
	"parcours/report/dataset/tally"
)

// only makes a consumer read the rows of the customers of the pass.
func (p *pass) only(next func(*worker, *binding) consumer) func(*worker, *binding) consumer {
	return func(w *worker, b *binding) consumer {
		inner := next(w, b)
		if !b.has("customer") {
			return inner
		}
		c := &passed{pass: p, next: inner, converter: newConverter(w, b, "")}
		if b.table.files.Name == "orders" {
			c.names = p.place()
		}
		return c
	}
}

// passed hands the rows of the customers of a pass on.
type passed struct {
	pass *pass
	next consumer
	*converter
	names spellings
	kept  []int
}

func (c *passed) consume(b *batch) rows {
	v := c.val(b, "customer")
	v.Expand(b.frame.N)
	c.kept = c.kept[:0]
	for _, i := range b.keep {
		k := c.key(v, i)
		if k.Null() || !c.pass.has(k) {
			continue
		}
		c.kept = append(c.kept, i)
		if c.names != nil {
			c.note(k, v, i)
		}
	}
	b.keep = c.kept
	return c.next.consume(b)
}

// note remembers an identifier as the file has it. Integers are in their keys, and so are most others.
func (c *passed) note(k tally.Key, v *expression.Vector, i int) {
	if v.Type.Kind == expression.Int {
		return
	}
	c.buf = v.AppendText(c.buf[:0], i)
	if text, ok := k.Text(); ok && text == string(c.buf) {
		c.names.see(k, "")
		return
	}
	c.names.see(k, string(c.buf))
}
