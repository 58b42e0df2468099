package report_test

import (
	"os"
	"strings"
	"testing"

	"parcours/report"
)

// setting replaces the line that begins with key in the project's site.toml.
func setting(t *testing.T, opt report.Options, key, line string) {
	t.Helper()
	text, err := os.ReadFile(opt.Config)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	found := false
	for i, l := range lines {
		if strings.HasPrefix(l, key) {
			lines[i], found = line, true
		}
	}
	if !found {
		t.Fatalf("site.toml has no line %q", key)
	}
	if err := os.WriteFile(opt.Config, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestACalibrationOutsideTheHistoryIsToldAtItsPlace(t *testing.T) {
	for day, want := range map[string]string{
		"1999-12-31": "calibration_end is 1999-12-31, before the first order",
		"2100-01-01": "calibration_end is 2100-01-01, not before the last day that counts",
		"2026-03-31": "",
	} {
		opt := shop(t)
		setting(t, opt, "# discount_rate", "calibration_end = "+day)
		var got []string
		for _, d := range build(t, opt).Diagnostics.Sorted() {
			if d.Code == "PD011" {
				got = append(got, d.Msg)
				if d.Pos.Line == 0 || d.Pos.Col != 19 || d.Source != "calibration_end = "+day {
					t.Errorf("the place is %v, %q", d.Pos, d.Source)
				}
			}
		}
		if all := strings.Join(got, "\n"); !strings.HasPrefix(all, want) || want == "" && all != "" {
			t.Errorf("%s: got %q, want %q", day, all, want)
		}
	}
}

// What only predictions read does not read the data again; the end of calibration changes tables.
func TestOnlySettingsThatChangeTablesReadTheDataAgain(t *testing.T) {
	opt := shop(t)
	build(t, opt)
	setting(t, opt, "# horizon_months", "horizon_months = 24\nmodel = \"nbd\"")
	setting(t, opt, "# discount_rate", "discount_rate = 0")
	if !build(t, opt).Cached {
		t.Error("another horizon, rate and model read the data again")
	}
	setting(t, opt, "discount_rate", "calibration_end = 2026-03-31")
	if build(t, opt).Cached {
		t.Error("another end of calibration was answered from the store")
	}
}
