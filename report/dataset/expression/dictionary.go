package expression

// A vector of texts may come as the entries of a dictionary and a code a row: Dict holds the entries, of which some may be
// null, and Codes the entry of each row. Then Text is nil until Expand fills it, and Null tells the null rows as ever. The
// same Dict, by its address, always means the same entries.

// Expand fills Text for n rows of a vector that has only codes.
func (v *Vector) Expand(n int) {
	if v.Codes == nil || v.Text != nil {
		return
	}
	v.texts = grow(v.texts, n)
	for i, code := range v.Codes[:n] {
		v.texts[i] = v.Dict.Text[code]
	}
	v.Text = v.texts
}

// touched says which columns a subexpression reads.
type touched struct {
	any   bool
	other bool // more than one column, or the number of the row
	col   int
}

func (t *touched) add(o touched) {
	switch {
	case !o.any && !o.other:
	case !t.any && !t.other:
		*t = o
	case o.other || t.other || o.col != t.col:
		t.any, t.other = true, true
	}
}

// lift lets a subexpression over a single column of texts be evaluated once an entry of a dictionary instead of once a row.
func (c *checker) lift(t term, of touched) term {
	if t.node == nil || t.lit != nil || !of.any || of.other || c.columns[of.col].Type.Kind != Text {
		return t
	}
	t.node = &liftedNode{x: t.node, col: of.col, out: scratch{Vector: Vector{Type: t.typ}}}
	return t
}

// liftedNode evaluates x, which reads one column only, over the dictionary of the column if it has one. A lifted node inside
// another sees the entries as rows.
type liftedNode struct {
	x     node
	col   int
	dict  *Vector // whose entries are in entry
	entry *Vector // results by entry
	nulls bool    // an entry that is not null gives null
	frame Frame
	out   scratch
}

func (c *liftedNode) eval(f *Frame) *Vector {
	v := f.Cols[c.col]
	if v.Codes == nil {
		return c.x.eval(f)
	}
	out := c.coded(f, v)
	out.Expand(f.N)
	return out
}

// coded returns the results; texts as codes only.
func (c *liftedNode) coded(f *Frame, v *Vector) *Vector {
	c.resolve(f, v)
	codes := v.Codes[:f.N]
	c.out.Text, c.out.Codes = nil, nil
	switch c.out.Type.Kind {
	case Text:
		c.out.Codes, c.out.Dict = codes, c.entry
	case Bool:
		c.out.Bool = pick(c.out.Bool, c.entry.Bool, codes)
	case Float:
		c.out.Float = pick(c.out.Float, c.entry.Float, codes)
	case Null:
		c.out.resize(f.N)
	default:
		c.out.Int = pick(c.out.Int, c.entry.Int, codes)
	}
	c.out.Null = nil
	if c.entry.Null != nil && (c.nulls || v.Null != nil) {
		c.out.nulls = pick(c.out.nulls, c.entry.Null, codes)
		c.out.Null = c.out.nulls
	}
	return &c.out.Vector
}

func pick[T any](to, from []T, codes []int32) []T {
	to = grow(to, len(codes))
	for i, code := range codes {
		to[i] = from[code]
	}
	return to
}

// resolve evaluates x over the entries, once a dictionary.
func (c *liftedNode) resolve(f *Frame, v *Vector) {
	if c.dict == v.Dict {
		return
	}
	n := len(v.Dict.Text)
	c.frame = Frame{N: n, Cols: make([]*Vector, len(f.Cols))}
	c.frame.Cols[c.col] = v.Dict
	r := c.x.eval(&c.frame)
	c.entry = &Vector{Type: c.out.Type}
	switch r.Type.Kind {
	case Bool:
		c.entry.Bool = append(c.entry.Bool, r.Bool[:n]...)
	case Float:
		c.entry.Float = append(c.entry.Float, r.Float[:n]...)
	case Text:
		c.entry.Text = append(c.entry.Text, r.Text[:n]...)
	default:
		c.entry.Int = append(c.entry.Int, r.Int[:n]...)
	}
	c.nulls = false
	if r.Null != nil {
		c.entry.Null = append(c.entry.Null, r.Null[:n]...)
		for i, null := range c.entry.Null {
			c.nulls = c.nulls || null && !v.Dict.IsNull(i)
		}
	}
	c.dict = v.Dict
}
