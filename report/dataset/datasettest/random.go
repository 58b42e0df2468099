package datasettest

import (
	"fmt"
	"math/rand/v2"
	"time"
	_ "time/tzdata" // so that the zones below exist everywhere

	"parcours/report/dataset"
)

// Random returns the case of a seed, the same each time: a small shop in which everything that may happen does so
// often, ties and days around a change of clocks above all.
func Random(seed uint64) Case {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))}
	c := Case{Name: fmt.Sprintf("random-%d", seed), Parts: 1 + g.IntN(3), Request: g.request(), Rows: map[string][]dataset.Row{}}
	g.customers = 1 + g.IntN(40)
	g.values = 1 + g.IntN(30)
	g.instants()
	if c.Request.Dimension != "" {
		g.dim = c.Request.Dimension
	}
	g.nulls = 0.04 * float64(g.IntN(2))
	c.Rows["orders"] = append(g.table(g.IntN(220), g.order), g.first(&c.Request))
	for _, other := range []struct {
		table string
		row   func() dataset.Row
	}{
		{"customers", g.customer},
		{"spend", g.spend},
		{"messages", g.message},
		{"surveys", g.survey},
		{"tickets", g.ticket},
		{"events", g.event},
	} {
		if g.chance(.6) || other.table == "customers" && c.Request.Cohort == dataset.BySignUp {
			c.Rows[other.table] = g.table(g.IntN(60), other.row)
		}
	}
	return c.bind()
}

type generator struct {
	*rand.Rand
	customers int
	values    int
	dim       string
	nulls     float64
	times     []time.Time
	refunds   bool // the refund column
	statuses  bool
	channels  bool
}

func (g *generator) chance(p float64) bool { return g.Float64() < p }

func pick[T any](g *generator, from ...T) T { return from[g.IntN(len(from))] }

func (g *generator) request() dataset.Request {
	zone, err := time.LoadLocation(pick(g, "UTC", "Europe/Paris", "Pacific/Auckland", "America/Sao_Paulo", "Asia/Kathmandu"))
	if err != nil {
		zone = time.UTC
	}
	g.refunds, g.statuses, g.channels = g.chance(.4), g.chance(.3), g.chance(.6)
	req := dataset.Request{
		Calendar: dataset.Calendar{
			Zone: zone, WeekStart: pick(g, time.Sunday, time.Monday, time.Thursday, time.Saturday),
			SundayWeek: g.chance(.3), FiscalStart: pick[time.Month](g, 0, time.January, time.April, time.October),
		},
		Grain:     pick(g, "", dataset.Week, dataset.Month, dataset.Quarter),
		Currency:  "EUR",
		Digits:    2,
		Cohort:    pick(g, "", dataset.ByFirstOrder, dataset.BySignUp),
		Dimension: pick(g, "", "channel", "country", "category"),
		Window:    pick(g, nil, []int32{7}, []int32{30, 60, 90}, []int32{1, 365}),
		StepDays:  pick[int32](g, 0, 1, 30),
		Touchpoint: []dataset.Pair{
			{From: "home", To: "cart"}, {From: "cart", To: "pay"}, {From: "cart", To: "cart"}, {From: "home", To: "cart"}, {From: "pay", To: "nowhere"},
		},
		MaxDropped: 1,
		Tables:     dataset.Tables{Orders: &dataset.Orders{Negative: pick(g, "", dataset.NegativeRefund, dataset.NegativeOrder)}},
	}
	if g.statuses {
		req.Tables.Orders.RefundStatus = []string{"refunded", "returned"}
	}
	if g.chance(.5) {
		asOf := dataset.CivilDay(2023, time.Month(1+g.IntN(24)), 1+g.IntN(28))
		req.AsOf = &asOf
	}
	if g.chance(.4) {
		calibration := dataset.CivilDay(2022, time.Month(12+g.IntN(24)), 1+g.IntN(28))
		req.Calibration = &calibration
	}
	if g.chance(.6) {
		req.MaxCells = 1 + g.IntN(40)
	}
	return req
}

// instants prepares the few moments at which things happen: some days of 2023 and 2024, among them those on which
// the clocks change in Paris, at hours around midnight.
func (g *generator) instants() {
	g.times = nil
	for range 6 + g.IntN(40) {
		day := time.Date(2023, 1, 1+g.IntN(600), 0, 0, 0, 0, time.UTC)
		if g.chance(.2) {
			day = pick(g, time.Date(2023, 3, 26, 0, 0, 0, 0, time.UTC), time.Date(2023, 10, 29, 0, 0, 0, 0, time.UTC), time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC))
		}
		g.times = append(g.times, day.Add(time.Duration(g.IntN(48)-24)*30*time.Minute))
	}
}

func (g *generator) time() time.Time { return pick(g, g.times...) }

func (g *generator) table(n int, row func() dataset.Row) []dataset.Row {
	out := make([]dataset.Row, n)
	for i := range out {
		out[i] = row()
	}
	return out
}

// id names a customer, sometimes at a length at which keys are hashed.
func (g *generator) id() any {
	n := g.IntN(g.customers)
	if n%5 == 0 {
		return fmt.Sprintf("customer-with-a-long-name-%d@example.org", n)
	}
	return fmt.Sprintf("c%d", n)
}

func (g *generator) text(prefix string, n int) any {
	if g.chance(.1) {
		return pick[any](g, nil, "")
	}
	return fmt.Sprintf("%s%d", prefix, min(g.IntN(n), g.IntN(n)))
}

// order is a row of orders. Most order ids belong to one customer, some are shared, some are missing.
func (g *generator) order() dataset.Row {
	row := dataset.Row{
		"customer": g.id(), "order": fmt.Sprintf("%d", g.IntN(100)), "time": g.time(),
		"amount": int64(g.IntN(20000)), "quantity": int64(g.IntN(5)),
	}
	if g.chance(.8) {
		row["order"] = fmt.Sprintf("%v/%d", row["customer"], g.IntN(6))
	}
	if g.chance(.1) {
		row["order"] = nil
	}
	if g.chance(.2) {
		row["amount"] = -row["amount"].(int64)
	}
	if g.chance(.05) {
		row["amount"] = int64(0)
	}
	if g.refunds && g.chance(.2) {
		row["refund"] = int64(g.IntN(5000))
	}
	if g.statuses {
		row["status"] = pick(g, "paid", "paid", "paid", "refunded", "returned")
	}
	if g.channels {
		row["channel"] = g.text("ch", 4)
	}
	if g.dim != "" {
		row[g.dim] = g.text("v", g.values)
	}
	for _, role := range []string{"customer", "time", "amount", "quantity"} {
		if g.chance(g.nulls) {
			row[role] = nil
		}
	}
	return row
}

// first is a row that no reason sets aside: the end of observation is moved to its day if it would. A Source may
// refuse to answer when no row is left.
func (g *generator) first(req *dataset.Request) dataset.Row {
	row := g.order()
	row["customer"], row["time"], row["amount"] = g.id(), g.time(), int64(g.IntN(100))
	if day := req.Calendar.DayOf(row["time"].(time.Time)); req.AsOf != nil && *req.AsOf < day {
		req.AsOf = &day
	}
	return row
}

func (g *generator) customer() dataset.Row {
	row := dataset.Row{"customer": g.id(), "sign_up": g.time()}
	if g.chance(.2) {
		row["sign_up"] = nil
	}
	if g.chance(g.nulls) {
		row["customer"] = nil
	}
	return row
}

func (g *generator) spend() dataset.Row {
	return dataset.Row{"time": g.time(), "channel": g.text("ch", 4), "amount": int64(g.IntN(9000) - 500)}
}

func (g *generator) message() dataset.Row {
	row := dataset.Row{
		"customer": g.id(), "time": g.time(), "channel": g.text("m", 2), "campaign": g.text("k", 3),
		"event": pick(g, "sent", "delivered", "opened", "clicked", "converted"),
	}
	if g.chance(g.nulls) {
		row[pick(g, "customer", "time", "event")] = nil
	}
	return row
}

func (g *generator) survey() dataset.Row {
	row := dataset.Row{
		"customer": g.id(), "time": g.time(), "metric": pick(g, "nps", "csat"), "touchpoint": g.text("t", 3),
		"score": float64(g.IntN(20)) / 2,
	}
	if g.chance(g.nulls) {
		row[pick(g, "time", "metric", "score")] = nil
	}
	return row
}

func (g *generator) ticket() dataset.Row {
	row := dataset.Row{"time": g.time(), "channel": g.text("d", 3)}
	if g.chance(.8) {
		row["first_reply"] = row["time"].(time.Time).Add(time.Duration(g.IntN(100000)-100) * 7 * time.Second)
	}
	return row
}

func (g *generator) event() dataset.Row {
	row := dataset.Row{"customer": g.id(), "time": g.time(), "touchpoint": pick(g, "home", "cart", "pay")}
	if g.chance(.1) {
		row["customer"] = nil
	}
	if g.chance(g.nulls) {
		row[pick(g, "time", "touchpoint")] = nil
	}
	return row
}
