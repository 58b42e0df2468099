package measure_test

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parcours/report/clv"
	"parcours/report/cohort"
	"parcours/report/dataset"
	"parcours/report/measure"
	"parcours/report/measure/shoptest"
)

// full is a simulated shop with every input, observed for about two years.
func full(seed uint64, grain dataset.Grain) (*dataset.Aggregates, dataset.Calendar) {
	shop := shoptest.Random(seed, grain, 300)
	a := shop.Aggregates()
	last := shop.Period(shop.AsOf) - 1
	a.Acquisition = []dataset.AcquisitionRow{
		{Channel: "", Period: last, Spend: 90_000, NewCustomers: 30}, {Channel: "channel-1", Period: last, Spend: 90_000, NewCustomers: 20},
	}
	a.Touchpoints = []dataset.TouchpointRow{{Touchpoint: "visit", Period: last, Events: 900, Customers: 500}}
	a.Steps = []dataset.StepRow{{From: "visit", To: "basket", Period: last, Entered: 500, Passed: 100}}
	a.Scores = []dataset.ScoreRow{
		{Metric: "CSAT", Period: last, Score: 450, Answers: 30},
		{Metric: "ces", Period: last, Score: 450, Answers: 30},
		{Metric: "ces", Period: last, Score: 550, Answers: 30},
		{Metric: "nps", Touchpoint: "visit", Period: last, Score: 1000, Answers: 40},
		{Metric: "nps", Touchpoint: "visit", Period: last, Score: 2000, Answers: 1},
	}
	a.Messages = []dataset.MessageRow{{Channel: "e-mail", Campaign: "a", Period: last, Sent: 50, Delivered: 40, Opened: 20, Clicked: 4, Converted: 1}}
	a.Tickets = []dataset.TicketRow{{Period: last, Bucket: dataset.NoReply, Tickets: 2}, {Period: last, Bucket: 60, Tickets: 8}, {Period: last, Bucket: 1 << 30, Tickets: 10}}
	a.Files = []dataset.FileRow{{Table: "orders", File: "orders.parquet", Rows: a.Totals.RowsRead, Used: a.Totals.RowsUsed}}
	a.Quality = []dataset.QualityRow{{Table: "orders", File: "orders.parquet", Reason: dataset.NoTime, Rows: 2}}
	return a, shop.Calendar
}

func options() measure.Options {
	return measure.Options{
		Modes: []cohort.Mode{cohort.On, cohort.OnOrAfter, cohort.Window}, Margin: .4, Predict: clv.Settings{Model: clv.ModelNone},
	}
}

func figures(r *measure.Results) map[string]measure.Figure {
	m := map[string]measure.Figure{}
	for _, f := range r.Figures() {
		m[f.Name] = f
	}
	return m
}

func TestTheCatalogueDoesNotDependOnTheData(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+\.[a-z0-9_]+$`)
	specs := measure.Catalogue()
	seen := map[string]bool{}
	for _, s := range specs {
		if seen[s.Name] || !name.MatchString(s.Name) || s.Unit == "" || s.Page == "" {
			t.Errorf("%+v", s)
		}
		seen[s.Name] = true
	}
	bundles := map[string]*measure.Results{"nothing": measure.Compute(&dataset.Aggregates{}, dataset.Calendar{}, measure.Options{})}
	a, cal := full(1, dataset.Month)
	bundles["everything"] = measure.Compute(a, cal, options())
	for what, r := range bundles {
		got := r.Figures()
		if len(got) != len(specs) {
			t.Fatalf("%s: %d figures of %d", what, len(got), len(specs))
		}
		for i, f := range got {
			if f.Name != specs[i].Name || f.Unit != specs[i].Unit || f.Page != specs[i].Page {
				t.Errorf("%s: %+v is not %+v", what, f, specs[i])
			}
			if what == "nothing" && f.Known {
				t.Errorf("%s is known of nothing", f.Name)
			}
		}
	}
}

func TestEveryFigureIsKnownWhenEveryInputIsThere(t *testing.T) {
	known := map[string]bool{}
	for seed := range uint64(30) {
		a, cal := full(seed, dataset.Month)
		r := measure.Compute(a, cal, options())
		r.CLV.Prediction = shoptest.Prediction(a, r.CLV)
		for _, f := range r.Figures() {
			known[f.Name] = known[f.Name] || f.Known
			if !f.Known && (f.Value != 0 || f.HasInterval) {
				t.Errorf("%s is not known and has a value", f.Name)
			}
			if f.Known && (math.IsNaN(f.Value) || f.HasInterval && (f.Low > f.Value+1e-9 || f.High < f.Value-1e-9)) {
				t.Errorf("%+v", f)
			}
			if f.Known && f.Unit == measure.UnitRate && !strings.Contains(f.Name, "change") && !strings.Contains(f.Name, "net") && !strings.Contains(f.Name, "bias") &&
				(f.Value < 0 || f.Value > 1) {
				t.Errorf("%+v is not a share", f)
			}
		}
	}
	for _, s := range measure.Catalogue() {
		if !known[s.Name] {
			t.Errorf("%s is never known", s.Name)
		}
	}
}

func TestFiguresAgreeWithTheTables(t *testing.T) {
	a, cal := full(2, dataset.Month)
	r := measure.Compute(a, cal, options())
	f := figures(r)
	last, _ := r.KPI.Last()
	before, _ := r.KPI.Previous()
	m, _ := r.Retention[0].At(1)
	for _, c := range []struct {
		name string
		want float64
	}{
		{"kpi.net", float64(last.Net)},
		{"kpi.net_change", float64(last.Net-before.Net) / math.Abs(float64(before.Net))},
		{"kpi.returning_share_change", float64(last.Returning)/float64(last.Customers) - float64(before.Returning)/float64(before.Customers)},
		{"totals.net", float64(a.Totals.Net)},
		{"retention.p1", m.Rate},
		{"retention.m1", m.Rate},
		{"clv.formula", r.CLV.Formula.Gross},
		{"cac.all", 3000},
		{"nps.value", 100},
		{"csat.value", 1},
		{"csat.mean", 4.5},
		{"ces.value", 5},
		{"messages.click_rate", .1},
		{"tickets.count", 20},
		{"tickets.unanswered_share", .1},
		{"tickets.median_minutes", 10080},
		{"funnel.worst_loss", .8},
		{"funnel.overall", .2},
		{"segments.champions_customers", float64(r.Segments.Segments[0].Customers)},
	} {
		if got := f[c.name]; !got.Known || math.Abs(got.Value-c.want) > 1e-9 {
			t.Errorf("%s = %+v, want %v", c.name, got, c.want)
		}
	}
	if x := f["nps.value"]; x.N != 40 || !x.HasInterval || x.Low >= 100 {
		t.Errorf("%+v", x)
	}
	if f["tickets.p90_minutes"].Known == (r.Funnel.Tickets[0].P90 == dataset.NoReply) {
		t.Errorf("%+v", f["tickets.p90_minutes"])
	}
}

func TestMonthNamesAreForMonths(t *testing.T) {
	a, cal := full(2, dataset.Week)
	f := figures(measure.Compute(a, cal, measure.Options{}))
	if f["retention.m1"].Known || !f["retention.p1"].Known {
		t.Errorf("%+v %+v", f["retention.m1"], f["retention.p1"])
	}
	if f["clv.formula_margin"].Known {
		t.Error("value at margin without a margin")
	}
}

func TestResultsDoNotDependOnTheRun(t *testing.T) {
	for _, grain := range []dataset.Grain{dataset.Week, dataset.Month, dataset.Quarter} {
		a, cal := full(3, grain)
		first, err := measure.Compute(a, cal, options()).JSON(nil, "fr")
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			again, _ := measure.Compute(a, cal, options()).JSON(nil, "fr")
			if !bytes.Equal(first, again) {
				t.Fatal("other bytes")
			}
		}
	}
}

func TestTheJSONFollowsItsSchema(t *testing.T) {
	value := 1234.5
	recs := []measure.JSONRecommendation{
		{ID: "a", Stage: "retention", Value: &value, Evidence: []measure.Figure{
			{Name: "kpi.aov", Unit: measure.UnitMoney, Known: true, Value: 10},
			{Name: "friction.retention", Unit: measure.UnitScore},
		}},
		{ID: "b", Stage: "advocacy"},
	}
	for seed := range uint64(4) {
		for _, grain := range []dataset.Grain{dataset.Week, dataset.Month, dataset.Quarter} {
			a, cal := full(seed, grain)
			b, err := measure.Compute(a, cal, options()).JSON(recs, "en")
			if err != nil {
				t.Fatal(err)
			}
			for i, fault := range validate(t, b) {
				if i < 10 {
					t.Error(fault)
				}
			}
		}
	}
	empty := &dataset.Aggregates{Manifest: dataset.Manifest{Grain: dataset.Month}}
	b, err := measure.Compute(empty, dataset.Calendar{}, measure.Options{}).JSON(nil, "en")
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range validate(t, b) {
		t.Error("nothing:", fault)
	}
}

func TestTheSchemaRefusesOtherDocuments(t *testing.T) {
	a, cal := full(5, dataset.Month)
	good, err := measure.Compute(a, cal, options()).JSON(nil, "fr")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, broken string }{
		{`"schema":1`, `"schema":2`},
		{`"as_of":"`, `"as_of":"on `},
		{`"grain":"month"`, `"grain":"fortnight"`},
		{`"state":"complete"`, `"state":"over"`},
		{`"on-or-after":`, `"rolling":`},
		{`"customers":`, `"customers":-`},
		{`"aov_minor":`, `"aov_minor":0.`},
		{`"rows_read":`, `"rows_seen":`},
		{`"active":[`, `"active":["x",`},
	} {
		bad := strings.Replace(string(good), c.old, c.broken, 1)
		if bad == string(good) || len(validate(t, []byte(bad))) == 0 {
			t.Errorf("%s passes", c.broken)
		}
	}
}

func TestTheJSONHasWhatTheContractNames(t *testing.T) {
	a, cal := full(5, dataset.Month)
	r := measure.Compute(a, cal, options())
	b, err := r.JSON(nil, "fr")
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Schema    int
		Totals    map[string]int64
		Retention struct {
			Grain string
			Modes map[string]struct {
				Cohorts []struct {
					Cohort    string
					Size      int64
					Truncated bool
					Active    []*int64
					Orders    []*int64
					Net       []*int64 `json:"net_minor"`
					State     []string
				}
				Mean []struct {
					Age             int32
					Rate, Low, High float64
					Customers       int64
				}
			}
		}
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if got.Schema != 1 || got.Totals["aov_minor"] != int64(math.Round(float64(a.Totals.Gross)/float64(a.Totals.Orders))) {
		t.Errorf("%+v", got.Totals)
	}
	if len(got.Retention.Modes) != 3 {
		t.Fatalf("%d modes", len(got.Retention.Modes))
	}
	on := got.Retention.Modes["on"]
	if !on.Cohorts[0].Truncated || on.Cohorts[1].Truncated {
		t.Error("truncated flags")
	}
	for i, c := range on.Cohorts {
		for age, state := range c.State {
			if (c.Active[age] == nil) != (state == "future") || (c.Net[age] == nil) != (state == "future") {
				t.Errorf("cohort %d age %d: %s and %v", i, age, state, c.Active[age])
			}
		}
		if *c.Active[0] != c.Size {
			t.Errorf("cohort %s: %d of %d at age 0", c.Cohort, *c.Active[0], c.Size)
		}
	}
	if m := on.Mean[1]; m.Age != 1 || m.Rate == 0 || m.Low >= m.Rate || math.Abs(m.Rate*1e6-math.Round(m.Rate*1e6)) > 1e-3 {
		t.Errorf("%+v", m)
	}
}

func TestWarningsTellWhatToMind(t *testing.T) {
	a, cal := full(6, dataset.Month)
	a.Totals.UnidentifiedRows = a.Totals.RowsUsed
	a.Totals.OrphanRefunds = a.Totals.Refunds / 2
	a.Gaps = a.Gaps[:1]
	r := measure.Compute(a, cal, measure.Options{MinCell: 1000})
	var codes []string
	for _, w := range r.Warnings {
		codes = append(codes, w.Code)
		if w.Code == measure.CodeUnidentified && w.Args["Percent"] != "50" {
			t.Errorf("%+v", w)
		}
	}
	for _, want := range []string{
		measure.CodePartial, measure.CodeFirstCohort, measure.CodeSmallCohorts, measure.CodeUnidentified,
		measure.CodeOrphans, measure.CodeThresholds, measure.CodeOffScale,
	} {
		if !slices.Contains(codes, want) {
			t.Errorf("%s is missing among %v", want, codes)
		}
	}
}

func TestScalingAmountsScalesMoneyAndNothingElse(t *testing.T) {
	shop := shoptest.Random(8, dataset.Month, 200)
	small := figures(measure.Compute(shop.Aggregates(), shop.Calendar, options()))
	for i := range shop.Customers {
		for j := range shop.Customers[i].Orders {
			shop.Customers[i].Orders[j].Amount *= 7
			shop.Customers[i].Orders[j].Refund *= 7
		}
	}
	for name, f := range figures(measure.Compute(shop.Aggregates(), shop.Calendar, options())) {
		want := small[name].Value
		if f.Unit == measure.UnitMoney {
			want *= 7
		}
		if math.Abs(f.Value-want) > 1e-6*math.Max(1, math.Abs(want)) {
			t.Errorf("%s: %v, want %v", name, f.Value, want)
		}
	}
}
