package expression

// textNode applies a function of one text.
type textNode struct {
	apply func(string) string
	x     node
	out   scratch
}

func (c *textNode) eval(f *Frame) *Vector {
	x := c.x.eval(f)
	c.out.begin(f.N, x)
	for i := range f.N {
		if !c.out.IsNull(i) {
			c.out.Text[i] = c.apply(x.Text[i])
		}
	}
	return &c.out.Vector
}

// joinNode concatenates.
type joinNode struct {
	l, r node
	out  scratch
}

func (c *joinNode) eval(f *Frame) *Vector {
	l, r := c.l.eval(f), c.r.eval(f)
	c.out.begin(f.N, l, r)
	for i := range f.N {
		if !c.out.IsNull(i) {
			c.out.Text[i] = l.Text[i] + r.Text[i]
		}
	}
	return &c.out.Vector
}

// textTestNode is startsWith, endsWith or contains.
type textTestNode struct {
	test func(s, part string) bool
	l, r node
	out  scratch
}

func (c *textTestNode) eval(f *Frame) *Vector {
	l, r := c.l.eval(f), c.r.eval(f)
	c.out.begin(f.N, l, r)
	for i := range f.N {
		if !c.out.IsNull(i) {
			c.out.Bool[i] = c.test(l.Text[i], r.Text[i])
		}
	}
	return &c.out.Vector
}
