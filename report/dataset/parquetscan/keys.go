package parquetscan

import (
	"math"
	"unsafe"

	"parcours/report/dataset/expression"
	"parcours/report/dataset/tally"
)

// resolved is what the entries of a dictionary mean, worked out once a dictionary.
type resolved[T any] struct {
	of    *expression.Vector
	entry []T
}

// by returns the meanings of the entries of v's dictionary; each gives that of one entry.
func (r *resolved[T]) by(v *expression.Vector, each func(entries *expression.Vector, i int) T) []T {
	if r.of != v.Dict {
		r.entry = r.entry[:0]
		for i := range v.Dict.Text {
			r.entry = append(r.entry, each(v.Dict, i))
		}
		r.of = v.Dict
	}
	return r.entry
}

// keys writes the keys of chosen rows to out. It is key for a batch: numbers are keys as they are, entries of a dictionary
// are looked at once, and so is a run of equal texts. It reports whether there may be null keys.
func (c *converter) keys(v *expression.Vector, sel []int, out []tally.Key, dict *resolved[tally.Key]) (nulls bool) {
	out, nulls = out[:len(sel)], true
	switch {
	case v == nil || v.Type.Kind == expression.Null:
		clear(out)
		return true
	case v.Codes != nil:
		entry := dict.by(v, c.key)
		codes := v.Codes
		for j, i := range sel {
			out[j] = entry[codes[i]]
		}
		return true
	case v.Type.Kind == expression.Text:
		c.textKeys(v.Text, sel, out)
	case v.Type.Kind == expression.Int, v.Type.Kind == expression.Decimal && v.Type.Scale == 0:
		for j, i := range sel {
			out[j] = tally.IntKey(v.Int[i])
		}
		nulls = v.Null != nil
	case v.Type.Kind == expression.Float:
		for j, i := range sel {
			if x := v.Float[i]; x == math.Trunc(x) && math.Abs(x) < 1<<53 {
				out[j] = tally.IntKey(int64(x))
				continue
			}
			out[j] = c.key(v, i)
		}
	default:
		for j, i := range sel {
			out[j] = c.key(v, i)
		}
	}
	if v.Null != nil {
		for j, i := range sel {
			if v.Null[i] {
				out[j] = tally.Key{}
			}
		}
	}
	return nulls
}

func (c *converter) textKeys(texts []string, sel []int, out []tally.Key) {
	last, key := "", tally.Key{}
	for j, i := range sel {
		if s := texts[i]; s != last {
			last, key = s, textKey(s)
		}
		out[j] = key
	}
}

// textKey is the key of a text in its canonical form.
func textKey(s string) tally.Key {
	if n := len(s); n > 0 {
		first, last := s[0], s[n-1]
		if first <= ' ' || first >= 0x80 || last <= ' ' || last >= 0x80 || last == '0' && n > 1 && s[n-2] == '.' {
			s = canonical(s)
		}
	}
	return tally.KeyOf(unsafe.Slice(unsafe.StringData(s), len(s)))
}
