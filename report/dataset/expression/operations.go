package expression

import "math"

// notNode negates; null stays null.
type notNode struct {
	x   node
	out scratch
}

func (c *notNode) eval(f *Frame) *Vector {
	x := c.x.eval(f)
	c.out.begin(f.N, x)
	if x.Type.Kind == Null {
		return &c.out.Vector
	}
	for i, b := range x.Bool[:f.N] {
		c.out.Bool[i] = !b
	}
	return &c.out.Vector
}

// logicNode is three-valued: false and null is false, true or null is true.
type logicNode struct {
	or   bool
	l, r node
	out  scratch
}

func (c *logicNode) eval(f *Frame) *Vector {
	l, r := c.l.eval(f), c.r.eval(f)
	c.out.begin(f.N)
	for i := range f.N {
		nullL, nullR := l.IsNull(i), r.IsNull(i)
		switch {
		case !nullL && l.Bool[i] == c.or, !nullR && r.Bool[i] == c.or:
			c.out.Bool[i] = c.or
		case nullL || nullR:
			c.out.setNull(i, f.N)
		default:
			c.out.Bool[i] = !c.or
		}
	}
	return &c.out.Vector
}

// isNullNode is x == nil, or x != nil; never null itself.
type isNullNode struct {
	x    node
	want bool
	out  scratch
}

func (c *isNullNode) eval(f *Frame) *Vector {
	x := c.x.eval(f)
	c.out.begin(f.N)
	for i := range f.N {
		c.out.Bool[i] = x.IsNull(i) == c.want
	}
	return &c.out.Vector
}

// pickNode is cond ? args[0] : args[1], where a null condition is false; without cond it is the first argument
// that is not null.
type pickNode struct {
	cond node
	args []node
	vals []*Vector
	out  scratch
}

func (c *pickNode) eval(f *Frame) *Vector {
	c.vals = c.vals[:0]
	for _, a := range c.args {
		c.vals = append(c.vals, a.eval(f))
	}
	var cond *Vector
	if c.cond != nil {
		cond = c.cond.eval(f)
	}
	c.out.begin(f.N)
	for i := range f.N {
		from := c.choose(cond, i)
		if from == nil {
			c.out.setNull(i, f.N)
			continue
		}
		switch c.out.Type.Kind {
		case Bool:
			c.out.Bool[i] = from.Bool[i]
		case Float:
			c.out.Float[i] = from.Float[i]
		case Text:
			c.out.Text[i] = from.Text[i]
		default:
			c.out.Int[i] = from.Int[i]
		}
	}
	return &c.out.Vector
}

// choose returns the vector that gives row i, nil for null.
func (c *pickNode) choose(cond *Vector, i int) *Vector {
	if cond != nil {
		v := c.vals[1]
		if !cond.IsNull(i) && cond.Bool[i] {
			v = c.vals[0]
		}
		if v.IsNull(i) {
			return nil
		}
		return v
	}
	for _, v := range c.vals {
		if !v.IsNull(i) {
			return v
		}
	}
	return nil
}

// negateNode changes the sign; the one integer without opposite becomes null.
type negateNode struct {
	x   node
	out scratch
}

func (c *negateNode) eval(f *Frame) *Vector {
	x := c.x.eval(f)
	c.out.begin(f.N, x)
	if c.out.Type.Kind == Float {
		for i, v := range x.Float[:f.N] {
			c.out.Float[i] = -v
		}
		return &c.out.Vector
	}
	for i, v := range x.Int[:f.N] {
		c.out.Int[i] = -v
		if v == math.MinInt64 {
			c.out.setNull(i, f.N)
		}
	}
	return &c.out.Vector
}

// floatNode is arithmetic on floats; division by zero is null.
type floatNode struct {
	op   byte
	l, r node
	out  scratch
}

func (c *floatNode) eval(f *Frame) *Vector {
	l, r := c.l.eval(f), c.r.eval(f)
	c.out.begin(f.N, l, r)
	a, b, out := l.Float[:f.N], r.Float[:f.N], c.out.Float[:f.N]
	switch c.op {
	case '+':
		for i := range out {
			out[i] = a[i] + b[i]
		}
	case '-':
		for i := range out {
			out[i] = a[i] - b[i]
		}
	case '*':
		for i := range out {
			out[i] = a[i] * b[i]
		}
	case '/':
		for i := range out {
			if b[i] == 0 {
				c.out.setNull(i, f.N)
				continue
			}
			out[i] = a[i] / b[i]
		}
	}
	return &c.out.Vector
}

// intNode is exact arithmetic on integers and on decimals of fitting scales; what does not fit is null.
type intNode struct {
	op   byte
	l, r node
	out  scratch
}

func (c *intNode) eval(f *Frame) *Vector {
	l, r := c.l.eval(f), c.r.eval(f)
	c.out.begin(f.N, l, r)
	a, b, out := l.Int[:f.N], r.Int[:f.N], c.out.Int[:f.N]
	for i := range out {
		v, ok := int64(0), true
		switch c.op {
		case '+':
			v, ok = add(a[i], b[i])
		case '-':
			v = a[i] - b[i]
			ok = (v < a[i]) == (b[i] > 0)
		case '*':
			v, ok = mul(a[i], b[i])
		case '%':
			if ok = b[i] != 0; ok {
				v = a[i] % b[i]
			}
		}
		out[i] = v
		if !ok {
			c.out.setNull(i, f.N)
		}
	}
	return &c.out.Vector
}
