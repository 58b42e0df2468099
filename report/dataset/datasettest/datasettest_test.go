package datasettest

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"parcours/internal/diag"
	"parcours/report/dataset"
)

// oracle is the source that is right by definition.
type oracle struct{ rows map[string][]dataset.Row }

func (o oracle) Aggregate(_ context.Context, req dataset.Request) (*dataset.Aggregates, diag.List, error) {
	return dataset.Reference(req, o.rows), diag.List{}, nil
}

func TestReferenceGivesTheNumbersComputedByHand(t *testing.T) {
	Run(t, 0, func(_ *testing.T, c Case) dataset.Source { return oracle{c.Rows} })
}

func TestRandomCasesAreTheSameEachTime(t *testing.T) {
	for seed := range uint64(20) {
		a, b := Random(seed), Random(seed)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("seed %d gives two cases", seed)
		}
	}
}

func TestCasesHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Cases() {
		if seen[c.Name] || c.Check == nil {
			t.Errorf("case %q is there twice or checks nothing", c.Name)
		}
		seen[c.Name] = true
	}
}

func TestSplitLosesNoRow(t *testing.T) {
	for seed := range uint64(20) {
		c := Random(seed)
		for table, rows := range c.Rows {
			n := 0
			parts := c.Split(table)
			for _, p := range parts {
				n += len(p)
			}
			if n != len(rows) || len(parts) != c.Parts {
				t.Errorf("seed %d: %d of %d rows of %s in %d files", seed, n, len(rows), table, len(parts))
			}
		}
	}
}

func TestDiffNamesTheTableAndTheField(t *testing.T) {
	a := dataset.Reference(plainMonths().bind().Request, plainMonths().Rows)
	b := *a
	if d := Diff(a, &b); len(d) > 0 {
		t.Errorf("a bundle differs from itself: %v", d)
	}
	b.Totals.Net++
	b.Edges.Recency[1] += .5
	b.Gaps = append([]dataset.GapRow{{Days: -1}}, b.Gaps...)
	b.Files = []dataset.FileRow{{File: "x"}}
	d := strings.Join(Diff(&b, a), "\n")
	for _, want := range []string{"Totals.Net", "Edges.Recency", "Gaps[0]"} {
		if !strings.Contains(d, want) {
			t.Errorf("no %s in %s", want, d)
		}
	}
	if strings.Contains(d, "Files") {
		t.Errorf("files are compared: %s", d)
	}
}

func TestOnDiskWritesEveryPartAndSaysWhere(t *testing.T) {
	c := Random(4)
	c.Parts = 2
	asked := &recorder{}
	rows := 0
	open := OnDisk(".txt", func(path string, columns []Column, part []dataset.Row) error {
		rows += len(part)
		return os.WriteFile(path, []byte(columns[0].Name), 0o600)
	}, func() dataset.Source { return asked })
	if _, _, err := open(t, c).Aggregate(t.Context(), c.Request); err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, r := range c.Rows {
		want += len(r)
	}
	in := asked.req.Tables.Orders
	files, err := filepath.Glob(filepath.Join(in.Root, in.Paths[0].Value))
	if err != nil || len(files) != 2 || rows != want {
		t.Errorf("got files %v, %v, with %d rows of %d", files, err, rows, want)
	}
	if c.Request.Tables.Orders.Root != "" {
		t.Error("the case was changed")
	}
}

type recorder struct{ req dataset.Request }

func (r *recorder) Aggregate(_ context.Context, req dataset.Request) (*dataset.Aggregates, diag.List, error) {
	r.req = req
	return nil, diag.List{}, nil
}
