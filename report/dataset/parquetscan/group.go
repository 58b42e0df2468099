package parquetscan

import (
	"errors"
	"os"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
)

// group reads the bound columns of the rows of one task.
type group struct {
	task       *task
	file       *os.File
	columns    []columnReader
	evaluators map[*expression.Program]*expression.Evaluator
	batch      batch
	all        []int // every row of a batch
	kept, left []int
}

// columnReader fills one column of the frames.
type columnReader struct {
	index    int // in binding.columns
	name     string
	reader   *reader
	constant *expression.Vector // partitions and absent columns
}

// open opens the columns that the binding uses.
func (g *group) open() error {
	t, b := g.task, g.task.source.binding
	var err error
	if g.file, err = os.Open(t.source.path); err != nil {
		return errors.New("cannot open it: " + reason(err))
	}
	g.batch = batch{task: t, vals: make([]*expression.Vector, len(b.roles))}
	g.batch.frame.Cols = make([]*expression.Vector, len(b.columns))
	g.all = make([]int, batchRows)
	for i := range g.all {
		g.all[i] = i
	}
	for _, i := range b.used() {
		from := b.readers[i]
		if from.leaf == "" {
			g.columns = append(g.columns, columnReader{index: i, constant: t.source.constant(from, b.columns[i].Type)})
			continue
		}
		t.column = from.leaf
		r, err := t.reader(t.source.leaf(from.leaf), from.key, g.file)
		if err != nil {
			return err
		}
		r.share(b.table.files.Name == "orders")
		g.columns = append(g.columns, columnReader{index: i, name: from.leaf, reader: r})
	}
	t.column = ""
	return nil
}

func (g *group) close() {
	for _, c := range g.columns {
		if c.reader != nil {
			c.reader.close()
		}
	}
	if g.file != nil {
		g.file.Close()
	}
}

// next reads rows [at, at+n) of the group and evaluates filter and roles.
func (g *group) next(at int64, n int) (*batch, error) {
	b, bind := &g.batch, g.task.source.binding
	b.first = at
	b.frame.N = n
	b.frame.Row = int64(g.task.file)<<40 | (g.task.first + at)
	for _, c := range g.columns {
		v := c.constant
		if v == nil {
			g.task.column = c.name
			var err error
			if v, err = c.reader.read(n); err != nil {
				return nil, err
			}
		}
		b.frame.Cols[c.index] = v
	}
	g.task.column = ""
	g.filter(bind, n)
	for i, r := range bind.roles {
		switch {
		case r == nil || bind.table.roles[i].idle:
			b.vals[i] = nil
			continue
		case r.column >= 0:
			b.vals[i] = b.frame.Cols[r.column]
		default:
			b.vals[i] = g.eval(r.program)
		}
		if bind.table.files.Name == "rates" {
			b.vals[i].Expand(n)
		}
	}
	return b, nil
}

func (g *group) eval(p *expression.Program) *expression.Vector {
	e := g.evaluators[p]
	if e == nil {
		e = p.Evaluator()
		g.evaluators[p] = e
	}
	return e.Eval(&g.batch.frame)
}

// filter lists the rows for which the filter is true and counts the others.
func (g *group) filter(bind *binding, n int) {
	b := &g.batch
	if bind.where == nil {
		b.keep = g.all[:n]
		return
	}
	g.kept, g.left = grow(g.kept, n), grow(g.left, n)
	v := g.eval(bind.where)
	kept, left := 0, 0
	switch {
	case v.Type.Kind != expression.Bool:
		left = copy(g.left, g.all[:n])
	default:
		for i, yes := range v.Bool[:n] {
			if v.IsNull(i) {
				yes = false
			}
			k := 0
			if yes {
				k = 1
			}
			g.kept[kept], g.left[left] = i, i
			kept += k
			left += 1 - k
		}
	}
	b.keep = g.kept[:kept]
	if left > 0 {
		g.task.quality.addAll(dataset.Filtered, g.task.group, b.first, g.left[:left])
	}
}

// used lists the columns that filter and roles read.
func (b *binding) used() []int {
	need := make([]bool, len(b.columns))
	mark := func(p *expression.Program) {
		if p != nil {
			for _, i := range p.Columns() {
				need[i] = true
			}
		}
	}
	mark(b.where)
	for i, r := range b.roles {
		if r == nil || b.table.roles[i].idle {
			continue
		}
		if r.column >= 0 {
			need[r.column] = true
		}
		mark(r.program)
	}
	var out []int
	for i, n := range need {
		if n {
			out = append(out, i)
		}
	}
	return out
}

func (o *opened) leaf(name string) leaf {
	for _, l := range o.leaves {
		if l.name == name {
			return l
		}
	}
	return leaf{}
}

// constant is the column of a partition, or of a column that this file lacks.
func (o *opened) constant(from binds, t expression.Type) *expression.Vector {
	v := &expression.Vector{Type: t}
	resize(v, batchRows)
	null, text := true, ""
	for _, p := range o.partitions {
		if p.name == from.partition && from.partition != "" {
			null, text = p.null, p.value
		}
	}
	if null {
		v.Null = make([]bool, batchRows)
		for i := range v.Null {
			v.Null[i] = true
		}
		return v
	}
	for i := range v.Text {
		v.Text[i] = text
	}
	return v
}
