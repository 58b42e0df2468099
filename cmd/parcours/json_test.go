package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/rogpeppe/go-internal/testscript"
)

// jsonCmd checks values of a JSON file: json FILE path=value …, with paths such as totals.orders or
// retention.modes.on.cohorts[0].active[1]. A value is compared as JSON text.
func jsonCmd(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: json FILE path=value …")
	}
	dec := json.NewDecoder(bytes.NewReader([]byte(ts.ReadFile(args[0]))))
	dec.UseNumber()
	var v any
	ts.Check(dec.Decode(&v))
	for _, arg := range args[1:] {
		path, want, ok := strings.Cut(arg, "=")
		if !ok {
			ts.Fatalf("%q: expected path=value", arg)
		}
		got, err := json.Marshal(lookup(ts, v, path))
		ts.Check(err)
		if (string(got) == want) == neg {
			ts.Fatalf("%s is %s, want %s", path, got, want)
		}
	}
}

func lookup(ts *testscript.TestScript, v any, path string) any {
	for _, part := range strings.Split(path, ".") {
		name, rest, _ := strings.Cut(part, "[")
		m, ok := v.(map[string]any)
		if !ok {
			ts.Fatalf("%s: no object at %q", path, part)
		}
		if v, ok = m[name]; !ok {
			ts.Fatalf("%s: no key %q", path, name)
		}
		for rest != "" {
			var index string
			index, rest, _ = strings.Cut(rest, "]")
			rest = strings.TrimPrefix(rest, "[")
			n, err := strconv.Atoi(index)
			ts.Check(err)
			list, ok := v.([]any)
			if !ok || n >= len(list) {
				ts.Fatalf("%s: no element %d", path, n)
			}
			v = list[n]
		}
	}
	return v
}

type orderRow struct {
	Customer string  `parquet:"customer_id,optional"`
	Order    string  `parquet:"order_id"`
	Day      int32   `parquet:"ordered_at,date"`
	Amount   float64 `parquet:"amount"`
	Channel  string  `parquet:"channel,optional,dict"`
}

// rowsCmd writes orders as Parquet: rows FILE customer,order,date-as-days,amount,channel …
func rowsCmd(ts *testscript.TestScript, _ bool, args []string) {
	var rows []orderRow
	for _, arg := range args[1:] {
		f := strings.Split(arg, ",")
		if len(f) != 5 {
			ts.Fatalf("%q: expected customer,order,day,amount,channel", arg)
		}
		day, err := strconv.Atoi(f[2])
		ts.Check(err)
		amount, err := strconv.ParseFloat(f[3], 64)
		ts.Check(err)
		rows = append(rows, orderRow{f[0], f[1], int32(day), amount, f[4]})
	}
	path := ts.MkAbs(args[0])
	ts.Check(makeDir(filepath.Dir(path)))
	ts.Check(parquet.WriteFile(path, rows))
}

// mistakesCmd compares the errors of a JSON report with a list of "file:line:column code": mistakes REPORT WANT
func mistakesCmd(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: mistakes REPORT WANT")
	}
	var report struct {
		Diagnostics []struct {
			Severity, Code, Message string
			Position                struct {
				File         string
				Line, Column int
			}
		}
		Errors int
	}
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(dec.Decode(&report))
	if dec.More() {
		ts.Fatalf("something follows the report")
	}
	var got []string
	for _, d := range report.Diagnostics {
		if d.Severity == "error" {
			got = append(got, fmt.Sprintf("%s:%d:%d %s", d.Position.File, d.Position.Line, d.Position.Column, d.Code))
		}
	}
	if report.Errors != len(got) {
		ts.Fatalf("the report counts %d errors and holds %d", report.Errors, len(got))
	}
	want := strings.Split(strings.TrimSpace(ts.ReadFile(args[1])), "\n")
	slices.Sort(got)
	slices.Sort(want)
	for _, g := range got {
		if !slices.Contains(want, g) {
			ts.Logf("not expected: %s", g)
		}
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			ts.Logf("not reported: %s", w)
		}
	}
	if !slices.Equal(got, want) {
		ts.Fatalf("the mistakes are not those expected")
	}
}

// nofigure checks that no file of a site holds what a failed computation or text leaves behind: nofigure DIR
func noFigure(ts *testscript.TestScript, _ bool, args []string) {
	for name, text := range tree(ts, args[0]) {
		if strings.HasPrefix(name, "assets/") {
			continue
		}
		for _, bad := range []string{"NaN", "+Inf", "-Inf", "Infinity", "⟦", "<no value>", "&lt;no value&gt;", "%!"} {
			if i := strings.Index(text, bad); i >= 0 {
				ts.Fatalf("%s holds %q: …%s…", name, bad, text[max(0, i-80):min(len(text), i+80)])
			}
		}
	}
}

// shuffleCmd writes the rows of a Parquet file, or of a folder of them, in another order: shuffle FROM DIR PARTS
func shuffleCmd(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: shuffle FROM DIR PARTS")
	}
	parts, err := strconv.Atoi(args[2])
	ts.Check(err)
	sources, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*.parquet"))
	ts.Check(err)
	if len(sources) == 0 {
		sources = []string{ts.MkAbs(args[0])}
	}
	var rows []parquet.Row
	var schema *parquet.Schema
	for _, source := range sources {
		var more []parquet.Row
		schema, more = readRows(ts, source)
		rows = append(rows, more...)
	}
	rand.New(rand.NewPCG(7, uint64(parts))).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	ts.Check(makeDir(ts.MkAbs(args[1])))
	for i := range parts {
		out, err := os.Create(filepath.Join(ts.MkAbs(args[1]), fmt.Sprintf("part-%d.parquet", i)))
		ts.Check(err)
		w := parquet.NewWriter(out, schema, parquet.MaxRowsPerRowGroup(int64(100+37*i)), parquet.Compression(&parquet.Zstd))
		_, err = w.WriteRows(rows[len(rows)*i/parts : len(rows)*(i+1)/parts])
		ts.Check(err)
		ts.Check(w.Close())
		ts.Check(out.Close())
	}
}

func readRows(ts *testscript.TestScript, path string) (*parquet.Schema, []parquet.Row) {
	f, err := os.Open(path)
	ts.Check(err)
	defer f.Close()
	r := parquet.NewReader(f)
	var rows []parquet.Row
	for {
		buf := make([]parquet.Row, 512)
		n, err := r.ReadRows(buf)
		for _, row := range buf[:n] {
			rows = append(rows, row.Clone())
		}
		if errors.Is(err, io.EOF) {
			return r.Schema(), rows
		}
		ts.Check(err)
	}
}

var markup = regexp.MustCompile(`(?i)<script>|<img src=x|<svg onload|<[a-z]+(\s+[a-z-]+(="[^"]*")?)*\s+on[a-z]+\s*=|href="javascript:`)

// rawMarkup succeeds when a page or a table of a site holds what a text of the project must never become: rawmarkup DIR
func rawMarkup(ts *testscript.TestScript, neg bool, args []string) {
	found := false
	for name, text := range tree(ts, args[0]) {
		var at string
		switch {
		case strings.HasSuffix(name, ".html"):
			at = markup.FindString(text)
		case strings.HasSuffix(name, ".csv"):
			at = regexp.MustCompile(`(?m)(^|,)"?[=@]`).FindString(text)
		}
		if at != "" {
			found = true
			ts.Logf("%s holds %q", name, at)
		}
	}
	if found == neg {
		ts.Fatalf("markup found: %v", found)
	}
}
