// Package expression compiles the small row language of site.toml into operations on column vectors.
//
// The language is a subset of expr-lang: its parser reads it, this package checks types and evaluates whole batches.
// Everything in it has a plain SQL counterpart, nulls included: arithmetic and comparison with null give null, "and",
// "or" and "not" are three-valued, and a row filter keeps the rows for which it is true.
package expression

import "fmt"

// Kind is the kind of the values of a column or of an expression.
type Kind uint8

// The kinds. Opaque columns exist in a file but no expression can use them.
const (
	Invalid Kind = iota // already reported
	Null                // the literal nil
	Bool
	Int     // 64-bit integer
	Decimal // integer × 10^−Scale
	Float
	Text
	Day  // days since 1970-01-01
	Time // µs since 1970-01-01, of UTC when Type.UTC, else of the wall clock
	Opaque
)

var kindNames = [...]string{"unknown", "nil", "true or false", "an integer", "a decimal number", "a number", "a text", "a date", "a timestamp", "of an unsupported type"}

// Type is the type of a column or of an expression.
type Type struct {
	Kind  Kind
	Scale int    // digits after the point of a Decimal, 0…18
	UTC   bool   // of a Time: adjusted to UTC
	Name  string // what an Opaque column is, for messages: "a list"
}

// String names the type as a user would, article included.
func (t Type) String() string {
	if t.Kind == Opaque && t.Name != "" {
		return t.Name
	}
	return kindNames[t.Kind]
}

// Numeric reports whether arithmetic applies.
func (t Type) Numeric() bool { return t.Kind == Int || t.Kind == Decimal || t.Kind == Float }

// Column is one column that an expression may name. A hidden one takes part in frames only.
type Column struct {
	Name   string
	Type   Type
	Hidden bool
}

// Vector holds one value a row. Only the slice of its kind is set: Int serves Int, Decimal, Day and Time.
// Values at null rows are meaningless.
type Vector struct {
	Type  Type
	Null  []bool // nil: no null
	Bool  []bool
	Int   []int64
	Float []float64
	Text  []string
	Codes []int32 // see Expand
	Dict  *Vector
	texts []string // memory of Expand
}

// IsNull reports whether row i is null.
func (v *Vector) IsNull(i int) bool { return v.Null != nil && v.Null[i] }

// Frame is one batch of rows.
type Frame struct {
	N    int
	Row  int64     // number of the first row, for row()
	Cols []*Vector // by index of the columns given to Compile; only those of Program.Columns need be set
}

// grow returns a slice of n elements, keeping the memory of s when it suffices.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// resize makes room for n values of the vector's kind and forgets its nulls.
func (v *Vector) resize(n int) {
	v.Null = nil
	switch v.Type.Kind {
	case Bool:
		v.Bool = grow(v.Bool, n)
	case Float:
		v.Float = grow(v.Float, n)
	case Text:
		v.Text = grow(v.Text, n)
	default:
		v.Int = grow(v.Int, n)
	}
}

// scratch is the result vector of an operation with memory for its nulls.
type scratch struct {
	Vector
	nulls []bool
}

// begin prepares n results that are null wherever an argument is.
func (s *scratch) begin(n int, args ...*Vector) {
	s.resize(n)
	for _, a := range args {
		if a.Null == nil {
			continue
		}
		if s.Null == nil {
			s.nulls = grow(s.nulls, n)
			s.Null = s.nulls
			copy(s.Null, a.Null[:n])
			continue
		}
		for i, null := range a.Null[:n] {
			s.Null[i] = s.Null[i] || null
		}
	}
}

// setNull makes row i of n null.
func (s *scratch) setNull(i, n int) {
	if s.Null == nil {
		s.nulls = grow(s.nulls, n)
		clear(s.nulls)
		s.Null = s.nulls
	}
	s.Null[i] = true
}

// Format writes a value as text, for string() and for tests: the shortest form that identifies it.
func (v *Vector) Format(i int) string {
	if v.IsNull(i) {
		return "nil"
	}
	switch v.Type.Kind {
	case Bool:
		return fmt.Sprint(v.Bool[i])
	case Text:
		return v.Text[i]
	}
	return string(v.AppendText(nil, i))
}
