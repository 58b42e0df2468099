package parquetscan

import (
	"fmt"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"

	"parcours/report/dataset/expression"
)

// leaf is a column of a file that holds values.
type leaf struct {
	name     string // dotted path
	index    int    // of its chunk in every row group
	column   *parquet.Column
	typ      expression.Type // as a value
	key      expression.Type // as an identifier, which must keep every digit
	unit     int64           // Time: units a second; Decimal: unused
	optional byte            // definition level of a present value, 0 when required
	logical  string          // for people: "TIMESTAMP(µs, UTC)"
	memories *memories       // of the pages of the file; nil: none are kept
}

// leavesOf lists the columns of a file. Those inside lists and maps are opaque.
func leavesOf(f *parquet.File) []leaf {
	elements := map[string]*format.SchemaElement{}
	paths(f.Metadata().Schema, 0, nil, elements)
	var out []leaf
	var walk func(*parquet.Column)
	walk = func(c *parquet.Column) {
		if !c.Leaf() {
			for _, child := range c.Columns() {
				walk(child)
			}
			return
		}
		l := leaf{name: strings.Join(c.Path(), "."), index: c.Index(), column: c, optional: byte(c.MaxDefinitionLevel())}
		l.classify(elements[l.name])
		if c.MaxRepetitionLevel() > 0 {
			l.typ = expression.Type{Kind: expression.Opaque, Name: "inside a list or map"}
		}
		if l.key.Kind == expression.Invalid || l.typ.Kind == expression.Opaque {
			l.key = l.typ
		}
		out = append(out, l)
	}
	for _, c := range f.Root().Columns() {
		walk(c)
	}
	return out
}

// paths maps dotted paths to the elements of the flattened schema tree, and returns the index after the subtree.
func paths(all []format.SchemaElement, i int, path []string, out map[string]*format.SchemaElement) int {
	if i >= len(all) {
		return i
	}
	e := &all[i]
	if i > 0 {
		path = append(path[:len(path):len(path)], e.Name)
		out[strings.Join(path, ".")] = e
	}
	children := 0
	if e.NumChildren.Valid {
		children = int(e.NumChildren.V)
	}
	i++
	for range children {
		if i >= len(all) {
			break
		}
		i = paths(all, i, path, out)
	}
	return i
}

func opaque(name string) expression.Type {
	return expression.Type{Kind: expression.Opaque, Name: name}
}

// classify finds the type of a leaf from its physical and logical types.
func (l *leaf) classify(e *format.SchemaElement) {
	t := l.column.Type()
	l.typ.Kind = expression.Text
	if e != nil {
		if _, ok := e.LogicalType.Value.(*format.Float16Type); ok && t.Kind() == parquet.FixedLenByteArray && t.Length() == 2 {
			l.typ.Kind, l.logical = expression.Float, "FLOAT16"
			return
		}
	}
	var logical format.LogicalTypeValue
	if lt := t.LogicalType(); lt != nil {
		logical = lt.Value
	}
	switch lt := logical.(type) {
	case *format.DecimalType:
		l.decimal(int(lt.Precision), int(lt.Scale))
		return
	case *format.TimestampType:
		l.timestamp(lt)
		return
	case *format.DateType:
		l.typ.Kind, l.logical = expression.Day, "DATE"
		return
	case *format.TimeType:
		l.typ.Kind, l.logical = expression.Int, "TIME"
		return
	case *format.IntType:
		l.typ.Kind, l.logical = expression.Int, integerName(lt, t.Kind())
		if !lt.IsSigned && lt.BitWidth == 64 { // as a value a float, which holds them all; as an identifier exact
			l.typ.Kind = expression.Float
			l.key = expression.Type{Kind: expression.Text}
		}
		return
	case *format.StringType, *format.EnumType, *format.JsonType, *format.UUIDType:
		l.logical = logical.String()
		return
	case *format.NullType: // Arrow's type of a column that never held a value: another file may know better
		l.typ.Kind, l.logical = expression.Null, "NULL"
		return
	case nil:
		l.physical(t)
		return
	}
	l.logical = logical.String()
	l.typ = opaque("of the type " + l.logical)
}

// integerName names the integers that are narrower than their storage or have no sign.
func integerName(t *format.IntType, stored parquet.Kind) string {
	switch {
	case !t.IsSigned:
		return fmt.Sprintf("UINT%d", t.BitWidth)
	case (t.BitWidth == 64) == (stored == parquet.Int64) && t.BitWidth >= 32:
		return ""
	}
	return fmt.Sprintf("INT%d", t.BitWidth)
}

func (l *leaf) physical(t parquet.Type) {
	switch t.Kind() {
	case parquet.Boolean:
		l.typ.Kind = expression.Bool
	case parquet.Int32, parquet.Int64:
		l.typ.Kind = expression.Int
	case parquet.Int96: // Hive and old Spark: nanoseconds and Julian day, without zone
		l.typ.Kind, l.logical, l.unit = expression.Time, "TIMESTAMP(ns)", 1e9
	case parquet.Float, parquet.Double:
		l.typ.Kind = expression.Float
	case parquet.ByteArray, parquet.FixedLenByteArray:
		if ct := t.ConvertedType(); ct != nil && *ct == deprecated.Interval {
			l.typ = opaque("an interval")
		}
	default:
		l.typ = opaque("of an unknown type")
	}
}

// decimal keeps up to 18 digits exactly. Wider ones become floats, whose 15 digits suffice for money, and texts where they
// are identifiers.
func (l *leaf) decimal(precision, scale int) {
	l.logical = fmt.Sprintf("DECIMAL(%d,%d)", precision, scale)
	kind := l.column.Type().Kind()
	wide := kind == parquet.ByteArray || kind == parquet.FixedLenByteArray && l.column.Type().Length() > 8
	switch {
	case scale < 0 || scale > 76:
		l.typ = opaque("a decimal of an impossible scale")
	case scale > 18 || (wide && precision > 18):
		l.typ.Kind = expression.Float
		if scale == 0 {
			l.key = expression.Type{Kind: expression.Text}
		}
	default:
		l.typ = expression.Type{Kind: expression.Decimal, Scale: scale}
	}
}

func (l *leaf) timestamp(t *format.TimestampType) {
	name := ""
	switch t.Unit.Value.(type) {
	case *format.MilliSeconds:
		l.unit, name = 1e3, "ms"
	case *format.MicroSeconds:
		l.unit, name = 1e6, "µs"
	case *format.NanoSeconds:
		l.unit, name = 1e9, "ns"
	default:
		l.typ = opaque("a timestamp of an unknown unit")
		return
	}
	l.typ = expression.Type{Kind: expression.Time, UTC: t.IsAdjustedToUTC}
	l.logical = "TIMESTAMP(" + name + ")"
	if t.IsAdjustedToUTC {
		l.logical = "TIMESTAMP(" + name + ", UTC)"
	}
}
