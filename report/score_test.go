package report_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parcours/report"
	"parcours/report/dataset/handoff"
)

func scoresOf(t *testing.T, opt report.ScoreOptions) *report.ScoreResult {
	t.Helper()
	res, err := report.Score(t.Context(), opt)
	if err != nil || res.Diagnostics.HasErrors() {
		t.Fatal(err, res.Diagnostics.Sorted())
	}
	return res
}

func TestScoresGoBesideTheConfigurationByDefault(t *testing.T) {
	opt := report.ScoreOptions{Options: shop(t)}
	opt.Out = ""
	read := int64(0)
	opt.Progress = func(rows, total int64) { read = rows }
	res := scoresOf(t, opt)
	want := filepath.Join(filepath.Dir(opt.Config), "scores.parquet")
	info, err := os.Stat(want)
	if err != nil || res.Out != want || info.Size() != res.Bytes || res.Customers == 0 || res.Model == "" || res.HorizonMonths != 12 || read == 0 {
		t.Errorf("%v %+v", err, res)
	}
	opt.Form = handoff.CSV
	if res := scoresOf(t, opt); res.Out != strings.TrimSuffix(want, ".parquet")+".csv" || !res.Cached {
		t.Errorf("%+v", res)
	}
}

func TestACancelledScoreLeavesNothing(t *testing.T) {
	opt := report.ScoreOptions{Options: shop(t)}
	dir := t.TempDir()
	opt.Out = filepath.Join(dir, "s.parquet")
	scoresOf(t, opt)
	before, err := os.ReadFile(opt.Out)
	if err != nil {
		t.Fatal(err)
	}
	// The first rows read after the aggregates came from the store are those of the scores.
	ctx, cancel := context.WithCancel(t.Context())
	opt.Progress = func(int64, int64) { cancel() }
	if res, err := report.Score(ctx, opt); !errors.Is(err, context.Canceled) || !res.Cached {
		t.Errorf("got %v, %+v", err, res)
	}
	after, err := os.ReadFile(opt.Out)
	if err != nil || string(after) != string(before) {
		t.Error("the earlier file is another one")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left %v", entries)
	}
}

func TestMistakesOfTheProjectAndOfThePlaceAreToldTogether(t *testing.T) {
	opt := report.ScoreOptions{Options: shop(t)}
	setting(t, opt.Options, "# horizon_months", "horizon_months = 0")
	opt.Out = filepath.Join(filepath.Dir(opt.Config), "public", "s.parquet")
	if err := os.Mkdir(filepath.Dir(opt.Out), 0o755); err != nil {
		t.Fatal(err)
	}
	res, err := report.Score(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, d := range res.Diagnostics.Sorted() {
		codes = append(codes, string(d.Code))
	}
	if got := strings.Join(codes, " "); !strings.Contains(got, "PC007") || !strings.Contains(got, "PO004") {
		t.Errorf("told %s", got)
	}
	if _, err := os.Stat(opt.Out); !errors.Is(err, fs.ErrNotExist) {
		t.Error("something was written")
	}
}

// Other programs take "-" for standard output: a file of that name, full of customers, is not what anybody asked for.
func TestScoresAreNotWrittenToAFileNamedDash(t *testing.T) {
	opt := report.ScoreOptions{Options: shop(t)}
	opt.Out = "-"
	t.Chdir(t.TempDir())
	res, err := report.Score(t.Context(), opt)
	if err != nil || !res.Diagnostics.HasErrors() || res.Diagnostics.Sorted()[0].Code != "PO004" {
		t.Errorf("%v %v", err, res.Diagnostics.Sorted())
	}
	if _, err := os.Lstat("-"); !errors.Is(err, fs.ErrNotExist) {
		t.Error("there is a file named -")
	}
}
