package parquetscan

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/expression"
)

// use is what a role needs of its column.
type use uint8

const (
	useLabel  use = iota // any value, as text
	useKey               // an identifier: every digit counts
	useTime              // date, timestamp, text or epoch
	useNumber            // number or text
	useMetric            // a column, else the constant itself
)

// role is one role of a table.
type role struct {
	name     string // as in site.toml
	column   *dataset.Column
	use      use
	required bool
	idle     bool // checked and shown, but no aggregate needs its values
}

// table is one table of the request.
type table struct {
	files    dataset.Files
	roles    []role
	consumer func(*worker, *binding) consumer
	sources  []*source
	kept     bool // its rows are kept for the next run
}

// source is an opened file with the binding of its columns.
type source struct {
	*opened
	*binding
	kept *keptFile // what was kept of it, when it is not read; nil: it is
}

// binding says how the files of one schema give the roles of their table. It is immutable.
type binding struct {
	table   *table
	columns []expression.Column // values, then identifiers, then partitions, then absent ones
	readers []binds             // how to read each column
	where   *expression.Program
	roles   []*bound // by index of table.roles, nil when the table has no such column
}

// binds says where a column of a binding comes from: a leaf, a partition, or nowhere.
type binds struct {
	leaf      string // name of the leaf, "" none
	key       bool
	partition string
}

// bound is a role's column or expression.
type bound struct {
	column  int // −1: program
	program *expression.Program
	typ     expression.Type
}

// keySuffix marks the identifier form of a column; no name of a file contains it.
const keySuffix = "\x00key"

// columnsOf lists what the expressions of a file may name. Columns that only other files of the table have are null.
func columnsOf(o *opened, union []expression.Column) ([]expression.Column, []binds) {
	var cols []expression.Column
	var from []binds
	have := map[string]bool{}
	put := func(c expression.Column, b binds) {
		if !have[c.Name] {
			have[c.Name] = true
			cols, from = append(cols, c), append(from, b)
		}
	}
	for _, l := range o.leaves {
		if !l.void() {
			put(expression.Column{Name: l.name, Type: l.typ}, binds{leaf: l.name})
		}
	}
	for _, l := range o.leaves {
		if l.key != l.typ {
			put(expression.Column{Name: l.name + keySuffix, Type: l.key, Hidden: true}, binds{leaf: l.name, key: true})
		}
	}
	for _, p := range o.partitions {
		put(expression.Column{Name: p.name, Type: expression.Type{Kind: expression.Text}}, binds{partition: p.name})
	}
	for _, c := range union {
		put(c, binds{})
	}
	return cols, from
}

// void columns hold nothing but nulls, by their type.
func (l *leaf) void() bool { return l.typ.Kind == expression.Null }

// union lists the columns of all files of a table, the first file's type winning; a type that says nothing wins last.
func union(files []*opened) []expression.Column {
	var out []expression.Column
	seen := map[string]bool{}
	for _, o := range files {
		cols, _ := columnsOf(o, nil)
		for _, c := range cols {
			if !seen[c.Name] {
				seen[c.Name] = true
				out = append(out, c)
			}
		}
	}
	for _, o := range files {
		for _, l := range o.leaves {
			if l.void() && !seen[l.name] {
				seen[l.name] = true
				out = append(out, expression.Column{Name: l.name, Type: l.typ})
			}
		}
	}
	return out
}

// names lists columns as the user knows them.
func names(cols []expression.Column) []string {
	var out []string
	for _, c := range cols {
		if !c.Hidden {
			out = append(out, c.Name)
		}
	}
	return out
}

// choose fills the roles that are not set with columns found by their aliases.
func (t *table) choose(all []expression.Column, l *diag.List) {
	list := names(all)
	for _, r := range t.roles {
		if r.column.Set() || r.column.Disabled {
			continue
		}
		column, candidates := lookup(t.files.Name, r, all)
		switch {
		case column != "":
			r.column.Value = column
		case candidates != nil:
			t.ambiguous(r, candidates, l)
		case r.required:
			t.missing(r, list, l)
		}
	}
}

// lookup finds the column of a role among those whose type can serve it: by its aliases, and for a time that has none of
// them the only date or timestamp there is.
func lookup(table string, r role, columns []expression.Column) (column string, candidates []string) {
	var fitting, dated []expression.Column
	for _, c := range columns {
		if suitable(r.use, c.Type) {
			fitting = append(fitting, c)
		}
		if c.Type.Kind == expression.Day || c.Type.Kind == expression.Time {
			dated = append(dated, c)
		}
	}
	column, candidates = dataset.FindRole(table, r.name, names(fitting))
	if column == "" && candidates == nil && r.name == "time" && len(dated) == 1 {
		return dated[0].Name, nil
	}
	return column, candidates
}

func (t *table) ambiguous(r role, candidates []string, l *diag.List) {
	d := diag.Diagnostic{
		Severity: diag.Error, Code: CodeAmbig, Pos: t.files.Pos,
		Msg:  fmt.Sprintf("several columns could be the %s of [data.%s]: %s", r.name, t.files.Name, strings.Join(candidates, ", ")),
		Hint: fmt.Sprintf("name one: %s = %q", r.name, candidates[0]),
	}
	if !r.required {
		d.Severity = diag.Warning
		d.Hint += fmt.Sprintf(", or none: %s = false", r.name)
	}
	l.Add(d)
}

func (t *table) missing(r role, columns []string, l *diag.List) {
	hint := expression.ColumnHint(r.name, columns)
	if product := priceTimesQuantity(columns); r.name == "amount" && product != "" {
		hint = fmt.Sprintf("perhaps amount = %q", product)
	}
	l.Add(diag.Diagnostic{
		Severity: diag.Error, Code: CodeColumn, Pos: t.files.Pos,
		Msg: fmt.Sprintf("no column is known as the %s of [data.%s]; write %s = \"…\" with a column or an expression", r.name, t.files.Name, r.name), Hint: hint,
	})
}

// priceTimesQuantity is the amount of a line-level export, "" when the columns are not there.
func priceTimesQuantity(columns []string) string {
	quantity, _ := dataset.FindRole("orders", "quantity", columns)
	if quantity == "" {
		return ""
	}
	for _, c := range columns {
		switch strings.ToLower(strings.NewReplacer("_", "", " ", "").Replace(c)) {
		case "price", "unitprice", "prix", "prixunitaire", "pu":
			return reference(quantity) + " * " + reference(c)
		}
	}
	return ""
}

// reference writes a column name as an expression.
func reference(name string) string {
	for i, r := range name {
		letter := r == '_' || (r|0x20 >= 'a' && r|0x20 <= 'z')
		if !letter && (i == 0 || r < '0' || r > '9') {
			return fmt.Sprintf("col(%q)", name)
		}
	}
	return name
}

// bind resolves the roles over the columns of one file. which names the file in messages, "" when all files agree.
func (t *table) bind(o *opened, all []expression.Column, which string, l *diag.List) *binding {
	b := &binding{table: t, roles: make([]*bound, len(t.roles))}
	b.columns, b.readers = columnsOf(o, all)
	if t.files.Where.Set() {
		p, errs := expression.CompileFilter(t.files.Where.Value, t.files.Where.Pos, b.columns)
		l.Append(in(errs, which))
		b.where = p
		if p != nil {
			b.needs(t.files.Where, "the filter", o, p.Columns(), l)
		}
	}
	for i, r := range t.roles {
		if r.column.Set() {
			b.roles[i] = b.role(r, o, which, l)
		}
	}
	return b
}

// in adds the file to messages about its columns.
func in(l diag.List, which string) diag.List {
	if which == "" {
		return l
	}
	var out diag.List
	for _, d := range l.Sorted() {
		d.Msg += " (in " + which + ")"
		out.Add(d)
	}
	return out
}

func (b *binding) find(name string) int {
	return slices.IndexFunc(b.columns, func(c expression.Column) bool { return c.Name == name })
}

// role binds one role: a column of that very name, else an expression.
func (b *binding) role(r role, o *opened, which string, l *diag.List) *bound {
	name := r.column.Value
	i := b.find(name)
	if i < 0 && r.use == useMetric && wording(name) {
		p, _ := expression.Compile("'"+name+"'", r.column.Pos, nil)
		return &bound{column: -1, program: p, typ: expression.Type{Kind: expression.Text}}
	}
	if i < 0 {
		p, errs := expression.Compile(name, r.column.Pos, b.columns)
		if p == nil && unreadable(errs) && reference(name) != name && !strings.ContainsAny(name, `'"()+-*/<>=,.`) {
			errs = diag.List{} // a name with spaces: say that the column is unknown instead of why it is no expression
			errs.Add(diag.Diagnostic{Severity: diag.Error, Code: CodeColumn, Pos: r.column.Pos, Msg: fmt.Sprintf("unknown column %q", name), Hint: expression.ColumnHint(name, names(b.columns))})
		}
		l.Append(in(errs, which))
		if p == nil {
			return nil
		}
		if r.required {
			b.needs(r.column.Text, "the "+r.name, o, p.Columns(), l)
		}
		return b.suits(r, &bound{column: -1, program: p, typ: p.Type()}, which, l)
	}
	if r.required {
		b.needs(r.column.Text, "the "+r.name, o, []int{i}, l)
	}
	if r.use == useKey {
		if k := b.find(name + keySuffix); k >= 0 && b.readers[k].leaf != "" { // another file's is no help
			i = k
		}
	}
	return b.suits(r, &bound{column: i, typ: b.columns[i].Type}, which, l)
}

// unreadable reports whether a text is no expression at all, rather than one with a mistake.
func unreadable(l diag.List) bool {
	return !slices.ContainsFunc(l.Sorted(), func(d diag.Diagnostic) bool { return d.Code != expression.CodeSyntax })
}

// wording reports whether a setting can only be a constant or the name of a column: letters, digits, spaces, hyphens.
func wording(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != ' ' && r != '-' && r != '_'
	}) < 0
}

// needs reports columns that this file lacks although other files of the table have them, unless the expression
// provides for nulls or the file holds nothing that could be missed.
func (b *binding) needs(t dataset.Text, what string, o *opened, columns []int, l *diag.List) {
	if strings.Contains(t.Value, "coalesce") || strings.Contains(t.Value, "??") || strings.Contains(t.Value, "nil") {
		return
	}
	if o.file.NumRows() == 0 {
		return
	}
	pos := t.Pos
	if pos.IsZero() {
		pos = b.table.files.Pos
	}
	for _, i := range columns {
		if b.readers[i] != (binds{}) || o.hasVoid(b.columns[i].Name) {
			continue
		}
		own, _ := columnsOf(o, nil)
		l.Add(diag.Diagnostic{
			Severity: diag.Error, Code: CodeColumn, Pos: pos,
			Msg: fmt.Sprintf("%s needs column %q, which %s lacks", what, b.columns[i].Name, o.name), Hint: expression.ColumnHint(b.columns[i].Name, names(own)),
		})
	}
}

// hasVoid reports whether a file has a column of this name that holds nothing but nulls.
func (o *opened) hasVoid(name string) bool {
	return slices.ContainsFunc(o.leaves, func(l leaf) bool { return l.name == name && l.void() })
}

// suitable reports whether values of a type can serve a use.
func suitable(u use, t expression.Type) bool {
	switch k := t.Kind; u {
	case useTime:
		return k == expression.Day || k == expression.Time || k == expression.Text || k == expression.Null || t.Numeric()
	case useNumber:
		return t.Numeric() || k == expression.Text || k == expression.Null
	}
	return t.Kind != expression.Opaque
}

// suits checks that the type of a column can serve its role.
func (b *binding) suits(r role, v *bound, which string, l *diag.List) *bound {
	good := suitable(r.use, v.typ)
	hint := map[use]string{useTime: "it must be a date, a timestamp, a text such as 2026-10-31, or seconds since 1970", useNumber: "it must be a number"}[r.use]
	if good {
		return v
	}
	pos := r.column.Pos
	if pos.IsZero() {
		pos = b.table.files.Pos
	}
	var errs diag.List
	errs.Add(diag.Diagnostic{
		Severity: diag.Error, Code: CodeType, Pos: pos,
		Msg: fmt.Sprintf("%q is %s and cannot be the %s", r.column.Value, v.typ, r.name), Hint: hint,
	})
	l.Append(in(errs, which))
	return nil
}
