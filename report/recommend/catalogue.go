package recommend

import (
	"strings"

	"github.com/expr-lang/expr/types"

	"parcours/internal/diag"
	"parcours/report/measure"
)

// catalogue is what expressions and texts may quote, with units.
type catalogue struct {
	units map[string]measure.Unit
	names []string
	env   types.Map
}

func newCatalogue(specs []measure.Spec) catalogue {
	c := catalogue{units: map[string]measure.Unit{}, env: types.Map{}}
	for _, s := range append(specs[:len(specs):len(specs)], MapCatalogue()...) {
		group, field, ok := strings.Cut(s.Name, ".")
		if _, twice := c.units[s.Name]; !ok || twice {
			continue
		}
		c.units[s.Name] = s.Unit
		c.names = append(c.names, s.Name)
		// Nested types.Map all the way down: a Go map would accept any name, a Go struct inside types.Map crashes the
		// type checker.
		fields, ok := c.env[group].(types.Map)
		if !ok {
			fields = types.Map{}
			c.env[group] = fields
		}
		fields[field] = types.Float64
	}
	return c
}

// near is the hint for an unknown name: the nearest figure, else those of the same group.
func (c catalogue) near(name string) string {
	if hint := diag.DidYouMean(name, c.names); hint != "" {
		return hint
	}
	group, _, _ := strings.Cut(name, ".")
	var same []string
	for _, n := range c.names {
		if strings.HasPrefix(n, group+".") {
			same = append(same, n)
		}
	}
	if len(same) > 0 && len(same) <= 12 {
		return "figures of this group: " + strings.Join(same, ", ")
	}
	if near := diag.Nearest(group, sortedKeys(c.env)); near != "" && near != group {
		return `did you mean a figure of "` + near + `"?`
	}
	return ""
}
