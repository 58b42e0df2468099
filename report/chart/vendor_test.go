package chart

import (
	"crypto/sha256"
	"encoding/hex"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

func TestTheEmbeddedLibraryIsTheOneThatWasBuilt(t *testing.T) {
	var vendor struct {
		File []struct {
			Path, SHA256 string
			Contains     []struct{ Name, Version, License string }
		}
	}
	if _, err := toml.DecodeFile(filepath.Join("..", "..", "themes", "echarts", "VENDOR.toml"), &vendor); err != nil {
		t.Fatal(err)
	}
	if len(vendor.File) == 0 {
		t.Fatal("nothing is listed")
	}
	licenses := themeFile(t, "static/vendor/echarts-licenses.txt")
	for _, f := range vendor.File {
		sum := sha256.Sum256([]byte(themeFile(t, f.Path)))
		if got := hex.EncodeToString(sum[:]); got != f.SHA256 {
			t.Errorf("%s has the hash %s, listed is %s", f.Path, got, f.SHA256)
		}
		for _, c := range f.Contains {
			if name, _, _ := strings.Cut(c.Name, " ("); !strings.Contains(licenses, name) {
				t.Errorf("the licence of %s is not with the library", c.Name)
			}
		}
	}
}

// A strict policy forbids making code from text and markup from strings; the scripts have no way to do either.
func TestScriptsNeedNoLeaveOfThePolicy(t *testing.T) {
	for file, banned := range map[string]string{
		"static/vendor/echarts.js": `new Function\(|\beval\(|https?://[^"'\s]*\.js\b|\bimport\(`,
		"static/js/formatters.js":  `Function\(|\beval\(|innerHTML|document|window|\bfetch\(|\bimport\b`,
		"static/js/parcours.js":    `Function\(|\beval\(|innerHTML|outerHTML|insertAdjacent|document\.write|\bfetch\(|\bimport\b|XMLHttp|setAttribute\("(style|on)|https?://`,
	} {
		if found := regexp.MustCompile(banned).FindString(themeFile(t, file)); found != "" {
			t.Errorf("%s holds %q", file, found)
		}
	}
}

func TestThePageWritersOfTheLibraryAreNeverCalled(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	banned := map[string]bool{
		"Render": true, "RenderContent": true, "RenderSnippet": true, "JSONNotEscaped": true, "SetEscapeHTML": true,
		"FuncOpts": true, "FuncStripCommentsOpts": true, "AddJSFuncs": true, "AddJSFuncStrs": true, "ChartID": true,
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && banned[s.Sel.Name] {
				t.Errorf("%s uses %s", file, s.Sel.Name)
			}
			return true
		})
	}
}

func TestOnlyThisPackageKnowsTheChartLibrary(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() && strings.HasPrefix(e.Name(), ".") && e.Name() != ".." {
			return filepath.SkipDir
		}
		if e.IsDir() || !strings.HasSuffix(path, ".go") || filepath.Dir(path) == filepath.Join(root, "report", "chart") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return nil // the compiler reports it
		}
		for _, i := range parsed.Imports {
			if strings.Contains(i.Path.Value, "go-echarts") {
				t.Errorf("%s imports %s", path, i.Path.Value)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
