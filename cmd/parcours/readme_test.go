package main

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parcours/internal/diag"
	"parcours/report/config"
)

func readme(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

type schemaNode struct {
	Properties  map[string]schemaNode
	Definitions map[string]schemaNode
	Ref         string `json:"$ref"`
}

func (n schemaNode) keys(root schemaNode, path string, out map[string]bool) {
	if name, ok := strings.CutPrefix(n.Ref, "#/definitions/"); ok {
		n = root.Definitions[name]
	}
	if len(n.Properties) == 0 && path != "" {
		out[path] = true
	}
	for name, child := range n.Properties {
		child.keys(root, strings.TrimPrefix(path+"."+name, "."), out)
	}
}

// The reference of site.toml and the schema that editors read name the same settings.
func TestTheReadmeNamesEverySetting(t *testing.T) {
	var root schemaNode
	if err := json.Unmarshal([]byte(config.Schema()), &root); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	root.keys(root, "", known)
	text := readme(t)
	named := map[string]bool{}
	for _, m := range regexp.MustCompile("`((?:site|build|brand|report|clv|journey|playbook|stages)\\.[a-z_]+)`").FindAllStringSubmatch(text, -1) {
		if !slices.Contains([]string{"site.toml", "report.md"}, m[1]) {
			named[m[1]] = true
		}
	}
	for key := range named {
		if !known[key] {
			t.Errorf("the README names %s, which does not exist", key)
		}
	}
	for key := range known {
		table, role, data := strings.Cut(strings.TrimPrefix(key, "data."), ".")
		switch {
		case key == "warnings":
		case !strings.HasPrefix(key, "data."):
			if !named[key] {
				t.Errorf("the README does not name %s", key)
			}
		case data:
			row := regexp.MustCompile("(?m)^\\| `" + table + "` \\|.*$").FindString(text)
			common := slices.Contains([]string{"path", "where", "timezone", "optional"}, role)
			if !common && !regexp.MustCompile(`\b`+role+`\b`).MatchString(row) {
				t.Errorf("the README does not name %s of [data.%s]", role, table)
			}
		}
	}
}

// What a reader copies is accepted as it stands.
func TestConfigurationsOfTheReadmeAreAccepted(t *testing.T) {
	blocks := regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllStringSubmatch(readme(t), -1)
	n := 0
	for _, b := range blocks {
		if !strings.Contains(b[1], "[site]") {
			continue
		}
		n++
		_, l := config.Parse("", "README.md", []byte(b[1]))
		for _, d := range l.Sorted() {
			t.Errorf("%s\n%s", d, b[1])
			if d.Severity == diag.Error {
				break
			}
		}
	}
	if n < 4 {
		t.Errorf("%d configurations found", n)
	}
}
