package expression

import (
	"math/rand/v2"
	"testing"

	"parcours/internal/diag"
)

// coded gives texts as codes of a dictionary that has entries no row uses, some of them twice, and a null one at the end.
func coded(g generator, v *Vector, n int, dict *Vector) *Vector {
	if v.Type.Kind != Text {
		return v
	}
	out := &Vector{Type: v.Type, Null: v.Null, Dict: dict}
	for i := range n {
		code := len(dict.Text) - 1
		if !v.IsNull(i) {
			for code = g.IntN(code); dict.Text[code] != v.Text[i]; code = g.IntN(len(dict.Text) - 1) {
			}
		}
		out.Codes = append(out.Codes, int32(code))
	}
	return out
}

func dictionaryOf(g generator) *Vector {
	d := &Vector{Type: Type{Kind: Text}, Text: []string{"unused", "", "ab", "AB", " b c ", "B c", "ab"}}
	g.Shuffle(len(d.Text), func(i, j int) { d.Text[i], d.Text[j] = d.Text[j], d.Text[i] })
	d.Text = append(d.Text, "")
	d.Null = make([]bool, len(d.Text))
	d.Null[len(d.Text)-1] = true
	return d
}

// TestDictionariesChangeNoValue evaluates random expressions over texts and over codes of the same texts, with one evaluator
// for batches with the same dictionary, with another, and with none.
func TestDictionariesChangeNoValue(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(7, 8))}
	columns := []Column{
		{Name: "i", Type: Type{Kind: Int}},
		{Name: "j", Type: Type{Kind: Int}},
		{Name: "f", Type: Type{Kind: Float}},
		{Name: "s", Type: Type{Kind: Text}},
		{Name: "u", Type: Type{Kind: Text}},
		{Name: "p", Type: Type{Kind: Bool}},
		{Name: "q", Type: Type{Kind: Bool}},
	}
	for k := range 3000 {
		src := []func(int) string{g.number, g.text, g.truth}[k%3](k % 4)
		if k%50 == 0 {
			src = `s + string(row())`
		}
		p, l := Compile(src, diag.Position{}, columns)
		if p == nil {
			t.Fatalf("%s: %v", src, l.Sorted())
		}
		e, dict := p.Evaluator(), dictionaryOf(g)
		for round := range 4 {
			n := 1 + g.IntN(8)
			f, rows := randomFrame(g, columns, n)
			with := &Frame{N: n}
			if round == 2 {
				dict = dictionaryOf(g)
			}
			for _, v := range f.Cols {
				if round != 3 {
					v = coded(g, v, n, dict)
				}
				with.Cols = append(with.Cols, v)
			}
			want, got := p.Evaluator().Eval(f), e.Eval(with)
			got.Expand(n)
			for i := range n {
				if x, y := goValue(got, i), goValue(want, i); !same(x, y) {
					t.Fatalf("%s\nrow %v\n got %v\nwant %v", src, rows[i], x, y)
				}
			}
		}
	}
}
