package parquetscan

import (
	"strings"

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
		return &passed{pass: p, next: inner, converter: newConverter(w, b, ""), orders: b.table.files.Name == "orders"}
	}
}

// passed hands the rows of the customers of a pass on.
type passed struct {
	pass *pass
	next consumer
	*converter
	orders bool
}

// passedRows are rows on their way to the tally, with the identifiers in them.
type passedRows struct {
	rows
	pass  *pass
	keys  []tally.Key
	given []string
}

func (r *passedRows) deliver(s *scan) {
	for i, k := range r.keys {
		r.pass.see(k, r.given[i])
	}
	r.rows.deliver(s)
}

func (c *passed) consume(b *batch) rows {
	v := c.val(b, "customer")
	out := &passedRows{pass: c.pass}
	kept := b.keep[:0]
	for _, i := range b.keep {
		k := c.key(v, i)
		if k.Null() || k.Share(c.pass.of) != c.pass.index {
			continue
		}
		kept = append(kept, i)
		if c.orders {
			out.keys, out.given = append(out.keys, k), append(out.given, c.given(v, i))
		}
	}
	b.keep = kept
	out.rows = c.next.consume(b)
	return out
}

// given returns an identifier as the file has it, right after its key was made; "" when the key tells it.
func (c *passed) given(v *expression.Vector, i int) string {
	if v.Type.Kind == expression.Text && v.Text[i] != string(c.buf) {
		return strings.Clone(v.Text[i])
	}
	if len(c.buf) > tally.KeyBytes {
		return string(c.buf)
	}
	return ""
}
