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
	skip     int64              // rows before the batch that were not read
	stage    stage
	ready    bool
}

// stage says when a column is read. What no row needs any more is not: a filter or an end of observation spares the other
// columns of whole pages.
type stage uint8

const (
	forFilter stage = iota
	forTime
	forRest
)

// early is a consumer that can tell from the time alone that no row of a batch can be used; it counts them then.
type early interface {
	early(b *batch) bool
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
	stages := b.stages()
	for _, i := range b.used() {
		c := columnReader{index: i, stage: stages[i]}
		if from := b.readers[i]; from.leaf == "" {
			c.constant = t.source.constant(from, b.columns[i].Type)
		} else {
			t.column = from.leaf
			r, err := newReader(t.source.leaf(from.leaf), from.key, g.file, &t.source.file.Metadata().RowGroups[t.group])
			if err != nil {
				return err
			}
			r.share(b.table.files.Name == "orders")
			c.name, c.reader, c.skip = from.leaf, r, t.from
		}
		g.columns = append(g.columns, c)
	}
	t.column = ""
	return nil
}

// stages says when each column is read first.
func (b *binding) stages() []stage {
	out := make([]stage, len(b.columns))
	for i := range out {
		out[i] = forRest
	}
	if i := b.table.index("time"); i >= 0 && b.roles[i] != nil {
		r := b.roles[i]
		if r.column >= 0 {
			out[r.column] = forTime
		} else {
			for _, c := range r.program.Columns() {
				out[c] = forTime
			}
		}
	}
	if b.where != nil {
		for _, c := range b.where.Columns() {
			out[c] = forFilter
		}
	}
	return out
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

// next reads rows [at, at+n) of the group and evaluates filter and roles; nil when no row is left.
func (g *group) next(at int64, n int, c consumer) (*batch, error) {
	b, bind := &g.batch, g.task.source.binding
	b.first = at
	b.frame.N = n
	b.frame.Row = int64(g.task.file)<<40 | (g.task.first + at)
	for i := range g.columns {
		g.columns[i].ready = false
	}
	defer g.pass(n)
	if err := g.read(forFilter, n); err != nil {
		return nil, err
	}
	g.filter(bind, n)
	if len(b.keep) == 0 {
		return nil, nil
	}
	if c, ok := c.(early); ok {
		if err := g.read(forTime, n); err != nil {
			return nil, err
		}
		time := bind.table.index("time")
		b.vals[time] = g.value(bind, time)
		if c.early(b) {
			return nil, nil
		}
	}
	if err := g.read(forRest, n); err != nil {
		return nil, err
	}
	for i := range bind.roles {
		b.vals[i] = g.value(bind, i)
	}
	return b, nil
}

// read reads the columns up to a stage.
func (g *group) read(upTo stage, n int) error {
	for i := range g.columns {
		c := &g.columns[i]
		if c.ready || c.stage > upTo {
			continue
		}
		v := c.constant
		if v == nil {
			g.task.column = c.name
			if err := c.reader.skip(c.skip); err != nil {
				return err
			}
			var err error
			if v, err = c.reader.read(n); err != nil {
				return err
			}
			c.skip = 0
		}
		g.batch.frame.Cols[c.index] = v
		c.ready = true
	}
	g.task.column = ""
	return nil
}

// pass notes which columns the batch did not need.
func (g *group) pass(n int) {
	for i := range g.columns {
		if !g.columns[i].ready {
			g.columns[i].skip += int64(n)
		}
	}
}

// value returns the values of a role in the batch, nil when it has none.
func (g *group) value(bind *binding, i int) *expression.Vector {
	r := bind.roles[i]
	if r == nil || bind.table.roles[i].idle {
		return nil
	}
	v := (*expression.Vector)(nil)
	if r.column >= 0 {
		v = g.batch.frame.Cols[r.column]
	} else {
		v = g.eval(r.program)
	}
	if bind.table.files.Name == "rates" {
		v.Expand(g.batch.frame.N)
	}
	return v
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
