package parquetscan

import (
	"parcours/report/dataset/expression"
	"parcours/report/dataset/tally"
)

// customerIDs returns the range of the customers of orders as the files tell it, if they are numbers in all of them.
func (s *scan) customerIDs() tally.Range {
	all := tally.Range{Least: 1}
	for _, t := range s.tables {
		if t.files.Name != "orders" {
			continue
		}
		role := t.index("customer")
		for _, src := range t.sources {
			if src.file.NumRows() == 0 {
				continue
			}
			v := src.roles[role]
			if v == nil || v.column < 0 || src.columns[v.column].Type.Kind != expression.Int || src.readers[v.column].leaf == "" {
				return tally.Range{}
			}
			for g := range src.file.RowGroups() {
				low, high, ok := (&task{source: src, group: g}).claimed(role)
				if !ok {
					return tally.Range{}
				}
				if all.Least > all.Most {
					all = tally.Range{Least: low, Most: high}
				}
				all.Least, all.Most = min(all.Least, low), max(all.Most, high)
			}
		}
	}
	return all
}
