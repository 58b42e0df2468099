package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"parcours/internal/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"parcours": func() { os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the command line as a user would. Scripts that need the real data sets start with [!shared] skip.
func TestScripts(t *testing.T) {
	shared, err := filepath.Abs("../../../shared/data")
	if err != nil {
		t.Fatal(err)
	}
	_, err = os.Stat(shared)
	haveShared := err == nil
	if !haveShared {
		t.Log("the real data sets are not beside the checkout: scripts that read them are skipped")
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       os.Getenv("UPDATE") != "",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("SHARED", shared)
			root, err := filepath.Abs("../..")
			e.Setenv("ROOT", root)
			e.Setenv("SOURCE_DATE_EPOCH", "")
			return err
		},
		Condition: func(cond string) (bool, error) {
			if cond == "shared" {
				return haveShared, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"json":      jsonCmd,
			"samesite":  sameSite,
			"mistakes":  mistakesCmd,
			"nofigure":  noFigure,
			"rawmarkup": rawMarkup,
			"rows":      rowsCmd,
			"schema":    schemaCmd,
			"scores":    scoresCmd,
			"shuffle":   shuffleCmd,
		},
	})
}

// sameSite compares two folders byte for byte, but for the files named: samesite A B [EXCEPT…]
func sameSite(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: samesite A B [EXCEPT…]")
	}
	a, b := tree(ts, args[0]), tree(ts, args[1])
	for _, name := range args[2:] {
		delete(a, name)
		delete(b, name)
	}
	var diff []string
	for name, text := range a {
		if b[name] != text {
			diff = append(diff, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			diff = append(diff, name)
		}
	}
	if (len(diff) > 0) != neg {
		ts.Fatalf("different files: %s", strings.Join(diff, ", "))
	}
}

func tree(ts *testscript.TestScript, dir string) map[string]string {
	out := map[string]string{}
	root := ts.MkAbs(dir)
	err := filepath.WalkDir(root, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		rel, _ := filepath.Rel(root, p)
		out[filepath.ToSlash(rel)] = string(b)
		return err
	})
	ts.Check(err)
	return out
}

func makeDir(dir string) error { return os.MkdirAll(dir, 0o755) }
