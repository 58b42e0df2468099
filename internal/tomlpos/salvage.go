package tomlpos

import (
	"bytes"
	"strings"

	"github.com/BurntSushi/toml"

	"parcours/internal/diag"
)

// Salvage fills target with everything of the document that has the right shape, leaving out the values whose kind
// the list of Load complains about. It lets the checks of values run beside the checks of shape, so that one wrong
// kind does not hide the other mistakes of a file. A wrong element takes its whole list with it, so that the indexes
// of the elements that remain are still those of the file.
//
// It fails only when nothing can be saved; target is then untouched or incomplete.
func (d *Doc) Salvage(l diag.List, target any) error {
	var raw map[string]any
	if _, err := toml.Decode(string(d.src), &raw); err != nil {
		return err
	}
	for _, m := range l.Sorted() {
		if m.Code == CodeKind {
			d.drop(raw, m.Pos.Path)
		}
	}
	var b bytes.Buffer
	if err := toml.NewEncoder(&b).Encode(raw); err != nil {
		return err
	}
	_, err := toml.Decode(b.String(), target)
	return err
}

// drop deletes the value at a path, or the outermost list that holds it as a direct element.
func (d *Doc) drop(raw map[string]any, path string) {
	for strings.HasSuffix(path, "]") {
		path = path[:strings.LastIndexByte(path, '[')]
	}
	n, ok := d.paths[path]
	if !ok || n == d.root {
		return
	}
	if t := tableAt(d.root, raw, n); t != nil {
		delete(t, n.name)
	}
}

// tableAt finds the decoded table that holds a node directly.
func tableAt(at *node, raw map[string]any, want *node) map[string]any {
	for _, c := range at.children {
		if c == want {
			return raw
		}
		if !within(want.path, c.path) {
			continue
		}
		if len(c.elems) == 0 {
			if t, ok := raw[c.name].(map[string]any); ok {
				return tableAt(c, t, want)
			}
			return nil
		}
		return elemAt(c, raw[c.name], want)
	}
	return nil
}

func elemAt(array *node, raw any, want *node) map[string]any {
	for i, e := range array.elems {
		if !within(want.path, e.path) {
			continue
		}
		switch list := raw.(type) {
		case []map[string]any:
			if i < len(list) {
				return tableAt(e, list[i], want)
			}
		case []any:
			if i < len(list) {
				if t, ok := list[i].(map[string]any); ok {
					return tableAt(e, t, want)
				}
				return elemAt(e, list[i], want)
			}
		}
	}
	return nil
}

// within reports whether a path is that of a value below another.
func within(path, above string) bool {
	rest, ok := strings.CutPrefix(path, above)
	return ok && rest != "" && (rest[0] == '.' || rest[0] == '[')
}
