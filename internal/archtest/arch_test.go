// Package archtest enforces the direction of dependencies: pages know metrics, metrics know aggregates, aggregates
// know neither. It holds no code, only this test.
package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

type pkg struct {
	ImportPath string
	Imports    []string
}

const module = "parcours"

// floors lists, for each package, the packages of this module that it may import. A package that is not listed is an
// error, so a new one needs a decision here.
var floors = map[string][]string{
	"internal/diag":              {},
	"internal/diag/diagtest":     {"internal/diag"},
	"internal/tomlpos":           {"internal/diag"},
	"internal/outdir":            {},
	"internal/memory":            {},
	"internal/archtest":          {},
	"themes":                     {},
	"journey":                    {"internal/diag", "internal/tomlpos"},
	"report/stats":               {},
	"report/dataset":             {"internal/diag"},
	"report/dataset/expression":  {"internal/diag", "report/dataset"},
	"report/dataset/partition":   {},
	"report/dataset/tally":       {"internal/diag", "report/dataset", "report/dataset/partition"},
	"report/dataset/parquetscan": {"internal/diag", "internal/memory", "report/dataset", "report/dataset/archive", "report/dataset/expression", "report/dataset/tally"},
	"report/dataset/archive":     {},
	"report/dataset/handoff":     {"report/dataset"},
	"report/dataset/datasettest": {"internal/diag", "report/dataset"},
	"report/kpi":                 {"report/dataset", "report/stats"},
	"report/cohort":              {"report/dataset", "report/stats"},
	"report/clv/special":         {},
	"report/clv/estimate":        {"report/clv/special"},
	"report/clv/btyd":            {"report/clv/special", "report/clv/estimate"},
	"report/clv/discrete":        {"report/clv/special", "report/clv/estimate"},
	"report/clv/spending":        {"report/clv/special", "report/clv/estimate"},
	"report/clv":                 {"report/dataset", "report/stats", "report/kpi", "report/cohort", "report/segment", "report/clv/special", "report/clv/estimate", "report/clv/btyd", "report/clv/discrete", "report/clv/spending"},
	"report/segment":             {"report/dataset", "report/stats", "report/kpi"},
	"report/lifecycle":           {"report/dataset", "report/stats"},
	"report/funnel":              {"report/dataset", "report/stats"},
	"report/measure":             {"report/dataset", "report/stats", "report/kpi", "report/cohort", "report/clv", "report/clv/estimate", "report/segment", "report/lifecycle", "report/funnel"},
	"report/measure/shoptest":    {"report/dataset", "report/segment", "report/clv", "report/clv/btyd", "report/clv/estimate"},
	"report/config":              {"internal/diag", "internal/memory", "internal/tomlpos", "journey", "report/dataset", "report/cohort", "report/clv", "report/measure"},
	"report/recommend":           {"internal/diag", "internal/tomlpos", "journey", "report/dataset", "report/measure"},
	"report/i18n":                {"internal/diag", "internal/tomlpos", "report/dataset"},
	"report/chart":               {"report/i18n"},
	"report/site":                {"*"},
	"report":                     {"*"},
	"internal/demo":              {"internal/tomlpos"},
	"internal/cli":               {"*"},
	"cmd/parcours":               {"internal/cli"},

	"internal/enginebench/fixture":  {},
	"internal/enginebench/generate": {"internal/enginebench/fixture"},
	"internal/enginebench/engine":   {"internal/diag", "internal/memory", "report/dataset", "report/dataset/parquetscan"},
}

// never lists imports that no floor allows, even where "*" stands.
var never = map[string][]string{
	"report/site": {"report/dataset/parquetscan", "report/dataset/tally", "report/dataset/expression", "report/dataset/handoff", "internal/outdir", "internal/cli", "report"},
	"report":      {"internal/cli", "internal/demo"},
}

// sole lists third-party modules and the only packages that may import them.
var sole = map[string][]string{
	"github.com/parquet-go/parquet-go":    {"report/dataset/parquetscan", "report/dataset/handoff", "internal/demo", "internal/enginebench/fixture"},
	"github.com/go-echarts/go-echarts/v2": {"report/chart"},
	"github.com/yuin/goldmark":            {"report/site"},
	"html/template":                       {"report/site", "report/chart"},
	"github.com/BurntSushi/toml":          {"internal/tomlpos", "report/i18n"},
	"github.com/pelletier/go-toml/v2":     {"internal/tomlpos"},
	"github.com/klauspost/compress":       {"report/dataset/parquetscan"},
	"github.com/andybalholm/brotli":       {"report/dataset/parquetscan"},
	"github.com/pierrec/lz4/v4":           {"report/dataset/parquetscan"},
	"github.com/expr-lang/expr":           {"report/dataset/expression", "report/recommend"},
	"github.com/spf13/cobra":              {"internal/cli"},
	"github.com/nicksnyder/go-i18n/v2":    {"report/i18n"},
	"golang.org/x/term":                   {"internal/cli"},
	"gonum.org/v1/gonum":                  {"report/clv/special", "report/clv/estimate", "report/clv/btyd", "report/clv/discrete", "report/clv/spending", "report/clv"},
	"net/http":                            {},
	"net":                                 {},
}

// direct are the modules that the product may use directly; each has its reason in the commit that brought it.
var direct = []string{
	"github.com/parquet-go/parquet-go", "github.com/go-echarts/go-echarts/v2", "github.com/yuin/goldmark", "github.com/BurntSushi/toml",
	"github.com/pelletier/go-toml/v2", "github.com/expr-lang/expr", "github.com/spf13/cobra", "github.com/nicksnyder/go-i18n/v2",
	"golang.org/x/text", "golang.org/x/sync", "golang.org/x/term", "golang.org/x/net", "github.com/rogpeppe/go-internal", "gonum.org/v1/gonum",
	"github.com/klauspost/compress", "github.com/andybalholm/brotli", "github.com/pierrec/lz4/v4",
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestDirectionOfDependencies(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		allowed, ok := floors[name]
		if !ok {
			t.Errorf("%s is on no floor: add it to this test, or put its code where it belongs", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			if in, own := strings.CutPrefix(imp, module+"/"); own {
				if !slices.Contains(allowed, in) && !slices.Contains(allowed, "*") || slices.Contains(never[name], in) {
					t.Errorf("%s must not import %s", name, in)
				}
				continue
			}
			for lib, users := range sole {
				if (imp == lib || lib != "net" && strings.HasPrefix(imp, lib+"/")) && !slices.Contains(users, name) {
					t.Errorf("%s must not import %s: only %v may", name, imp, users)
				}
			}
		}
	}
}

func TestDirectModulesAreJustified(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{if not (or .Indirect .Main)}}{{.Path}}{{end}}", "all").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range strings.Fields(string(out)) {
		if !slices.Contains(direct, m) {
			t.Errorf("module %s is used directly and is not in the list of this test", m)
		}
	}
}

func TestNoBasketPackages(t *testing.T) {
	for _, p := range packages(t) {
		last := p.ImportPath[strings.LastIndex(p.ImportPath, "/")+1:]
		if slices.Contains([]string{"util", "utils", "common", "misc", "types", "models", "helpers"}, last) {
			t.Errorf("%s: name a package after its subject", p.ImportPath)
		}
	}
}
