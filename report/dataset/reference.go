package dataset

import (
	"slices"
	"sort"
	"time"
)

// Row is a row of a table with its roles already bound, by name: "customer", "order", "status", "channel",
// "country", "category", "event", "campaign", "metric" and "touchpoint" are string; "time", "sign_up" and
// "first_reply" are time.Time; "amount" and "refund" are int64 minor units, "quantity" is int64, "score" is float64.
// A missing or nil value, and an empty text, is a null.
type Row map[string]any

func (r Row) text(role string) string {
	s, _ := r[role].(string)
	return s
}

func (r Row) int(role string) int64 {
	n, _ := r[role].(int64)
	return n
}

func (r Row) has(role string) bool {
	s, isText := r[role].(string)
	return r[role] != nil && (!isText || s != "")
}

// Reference answers a request over rows in memory. It is the specification in code: slow, obvious, and written apart
// from every Source that it judges. Filters, units, currencies and files are the business of a Source: Files is left
// empty, as are Manifest.Source and Manifest.Roles.
func Reference(req Request, tables map[string][]Row) *Aggregates {
	r := &reference{req: req.WithDefaults(), tables: map[string][]Row{}, quality: map[qualityKey]int64{}}
	r.setAside(tables)
	r.readCustomers()
	a := &Aggregates{Manifest: r.manifest(), Totals: r.totals(len(tables["orders"]))}
	for _, dim := range r.dims() {
		people := r.inDim(dim)
		a.Periods = append(a.Periods, r.periods(dim, people)...)
		for _, cohort := range r.cohorts(people) {
			members := keep(people, func(p *person) bool { return p.ordered() && p.cohort == cohort })
			a.Cohorts = append(a.Cohorts, r.cohortRows(dim, cohort, members)...)
			a.Windows = append(a.Windows, r.windowRows(dim, cohort, members)...)
			a.LastSeen = append(a.LastSeen, r.lastSeenRows(dim, cohort, members)...)
			a.Second = append(a.Second, r.secondRows(dim, cohort, members)...)
			a.Repeat = append(a.Repeat, r.repeatRows(dim, cohort, members)...)
		}
	}
	r.distributions(a)
	r.purchaseTables(a)
	r.otherTables(a)
	a.Quality = r.qualityRows()
	return a
}

type reference struct {
	req     Request
	asOf    Day
	tables  map[string][]Row // without the rows set aside
	quality map[qualityKey]int64
	people  []*person
	named   map[string]bool // values of the dimension that keep their name

	byCustomer map[string][]Row // rows of orders
}

type qualityKey struct {
	table  string
	reason Reason
}

// person is a customer with everything they did.
type person struct {
	id      string
	orders  []purchase
	refunds []refunded
	signUp  *Day
	first   int32
	cohort  int32
	dim     string
	scores  [3]int8 // R, F, M
}

type purchase struct {
	day          Day
	time         time.Time
	gross        int64
	dim, channel string
}

// refunded is a refund; worthDay is the day at which it lowers the customer's value, nil when no cohort can hold it.
type refunded struct {
	day      Day
	worthDay *Day
	amount   int64
}

func (p *person) ordered() bool { return len(p.orders) > 0 }

func keep[T any](all []T, which func(T) bool) []T {
	var out []T
	for _, x := range all {
		if which(x) {
			out = append(out, x)
		}
	}
	return out
}

// needed lists the roles without which a row of a table is of no use, in the order in which they are looked at. Rows
// of orders and events without a customer are of some use.
var needed = map[string][]string{
	"orders": {"time", "amount"}, "customers": {"customer"}, "spend": {"time", "amount"},
	"messages": {"time", "event", "customer"}, "surveys": {"time", "metric", "score"}, "tickets": {"time"},
	"events": {"time", "touchpoint"},
}

// setAside fills r.tables with the rows that count, and fixes the end of observation on the way.
func (r *reference) setAside(tables map[string][]Row) {
	for name, rows := range tables {
		r.tables[name] = keep(rows, func(row Row) bool {
			reason := r.fault(name, row)
			if reason != "" {
				r.quality[qualityKey{name, reason}]++
			}
			return reason == ""
		})
	}
	r.asOf = r.end(r.tables)
	for name, rows := range r.tables {
		r.tables[name] = keep(rows, func(row Row) bool {
			late := r.dated(name, row) && r.day(name, row) > r.asOf
			if late {
				r.quality[qualityKey{name, AfterAsOf}]++
			} else if name == "orders" && !row.has("customer") {
				r.quality[qualityKey{name, Unidentified}]++
			}
			return !late
		})
	}
}

// fault returns the first reason not to use a row; the end of observation is looked at here only when it is given.
func (r *reference) fault(table string, row Row) Reason {
	for _, role := range needed[table] {
		switch {
		case !row.has(role) && role == "time":
			return NoTime
		case !row.has(role) && role == "amount":
			return NoAmount
		case !row.has(role) && role == "customer":
			return Unidentified
		case !row.has(role):
			return NoValue
		case role == "time" && r.req.AsOf != nil && r.day(table, row) > *r.req.AsOf:
			return AfterAsOf
		}
	}
	reply, replied := row["first_reply"].(time.Time)
	if table == "tickets" && replied && reply.Before(row["time"].(time.Time)) {
		return BadValue
	}
	return ""
}

// end returns the end of observation.
func (r *reference) end(usable map[string][]Row) Day {
	if r.req.AsOf != nil {
		return *r.req.AsOf
	}
	last := map[bool]Day{}
	found := map[bool]bool{}
	for name, rows := range usable {
		for _, row := range rows {
			if !r.dated(name, row) {
				continue
			}
			isOrder := name == "orders"
			if d := r.day(name, row); !found[isOrder] || d > last[isOrder] {
				last[isOrder], found[isOrder] = d, true
			}
		}
	}
	if found[true] {
		return last[true]
	}
	return last[false]
}

func timeRole(table string) string {
	if table == "customers" {
		return "sign_up"
	}
	return "time"
}

func (r *reference) dated(table string, row Row) bool { return row.has(timeRole(table)) }

func (r *reference) day(table string, row Row) Day {
	return r.req.Calendar.DayOf(row[timeRole(table)].(time.Time))
}

func (r *reference) period(d Day) int32 { return r.req.Calendar.PeriodOf(r.req.Grain, d) }

// saleAndRefund says what a row of orders is.
func (r *reference) saleAndRefund(row Row) (isSale bool, sale, refund int64) {
	amount := row.int("amount")
	refund = row.int("refund")
	byStatus := r.req.Tables.Orders != nil && slices.Contains(r.req.Tables.Orders.RefundStatus, row.text("status"))
	switch {
	case byStatus && amount < 0, !byStatus && amount < 0 && r.req.Negative() == NegativeRefund:
		return false, 0, refund - amount
	case byStatus:
		return false, 0, refund + amount
	}
	return true, amount, refund
}

// readCustomers gathers the rows of orders by customer.
func (r *reference) readCustomers() {
	r.byCustomer = map[string][]Row{}
	for _, row := range r.tables["orders"] {
		if row.has("customer") {
			r.byCustomer[row.text("customer")] = append(r.byCustomer[row.text("customer")], row)
		}
	}
	for id, rows := range r.byCustomer {
		r.people = append(r.people, r.person(id, rows))
	}
	sort.Slice(r.people, func(i, j int) bool { return r.people[i].id < r.people[j].id })
	r.nameDims()
}

func (r *reference) person(id string, rows []Row) *person {
	p := &person{id: id, signUp: r.signUp(id)}
	byOrder := map[string][]Row{}
	for _, row := range rows {
		if isSale, _, _ := r.saleAndRefund(row); !isSale {
			continue
		}
		if row.has("order") {
			byOrder[row.text("order")] = append(byOrder[row.text("order")], row)
		} else {
			p.orders = append(p.orders, r.purchase([]Row{row}))
		}
	}
	for _, lines := range byOrder {
		p.orders = append(p.orders, r.purchase(lines))
	}
	sort.Slice(p.orders, func(i, j int) bool { return earlier(p.orders[i], p.orders[j]) })
	if p.ordered() {
		p.first = r.period(p.orders[0].day)
		p.cohort = p.first
		if r.req.Cohort == BySignUp && p.signUp != nil && r.period(*p.signUp) < p.first {
			p.cohort = r.period(*p.signUp)
		}
		p.dim = smallest(p.orders, func(o purchase) string { return o.dim })
	}
	for _, row := range rows {
		if _, _, amount := r.saleAndRefund(row); amount > 0 {
			p.refunds = append(p.refunds, r.refunded(p, row, byOrder, amount))
		}
	}
	return p
}

func (r *reference) refunded(p *person, row Row, orders map[string][]Row, amount int64) refunded {
	out := refunded{day: r.day("orders", row), amount: amount}
	isSale, _, _ := r.saleAndRefund(row)
	switch {
	case row.has("order") && len(orders[row.text("order")]) > 0:
		day := r.purchase(orders[row.text("order")]).day
		out.worthDay = &day
	case isSale, p.ordered() && r.period(out.day) >= p.first:
		day := out.day
		out.worthDay = &day
	}
	return out
}

func earlier(a, b purchase) bool {
	if a.day != b.day {
		return a.day < b.day
	}
	return a.time.Before(b.time)
}

// purchase makes one order of its sale rows.
func (r *reference) purchase(lines []Row) purchase {
	var all []purchase
	var gross int64
	for _, row := range lines {
		_, sale, _ := r.saleAndRefund(row)
		gross += sale
		all = append(all, purchase{
			day: r.day("orders", row), time: row["time"].(time.Time),
			dim: row.text(r.req.Dimension), channel: row.text("channel"),
		})
	}
	sort.Slice(all, func(i, j int) bool { return earlier(all[i], all[j]) })
	o := all[0]
	o.gross = gross
	o.dim = smallest(all, func(o purchase) string { return o.dim })
	o.channel = smallest(all, func(o purchase) string { return o.channel })
	return o
}

// smallest returns the smallest text, none being largest, among the purchases that are as early as the first.
func smallest(sorted []purchase, text func(purchase) string) string {
	best := ""
	for _, o := range sorted {
		if s := text(o); !earlier(sorted[0], o) && s != "" && (best == "" || s < best) {
			best = s
		}
	}
	return best
}

func (r *reference) signUp(customer string) *Day {
	var first *Day
	for _, row := range r.tables["customers"] {
		if row.text("customer") != customer || !row.has("sign_up") {
			continue
		}
		if d := r.day("customers", row); first == nil || d < *first {
			first = &d
		}
	}
	return first
}

// nameDims finds the twenty values of the dimension with most customers.
func (r *reference) nameDims() {
	count := map[string]int{}
	for _, p := range r.people {
		if p.ordered() && p.dim != "" {
			count[p.dim]++
		}
	}
	var values []string
	for v := range count {
		values = append(values, v)
	}
	sort.Slice(values, func(i, j int) bool {
		if count[values[i]] != count[values[j]] {
			return count[values[i]] > count[values[j]]
		}
		return values[i] < values[j]
	})
	r.named = map[string]bool{}
	for i, v := range values {
		if i < 20 {
			r.named[v] = true
		}
	}
}

// dims returns the values of the dimension in the output, "" included, sorted.
func (r *reference) dims() []string {
	set := map[string]bool{"": true}
	if r.req.Dimension != "" {
		for _, p := range r.people {
			set[r.dimOf(p)] = true
		}
	}
	var out []string
	for d := range set {
		out = append(out, d)
	}
	sort.Strings(out)
	return out
}

func (r *reference) dimOf(p *person) string {
	switch {
	case p.dim == "":
		return NoDim
	case r.named[p.dim]:
		return p.dim
	}
	return OtherDim
}

func (r *reference) inDim(dim string) []*person {
	return keep(r.people, func(p *person) bool { return dim == "" || r.dimOf(p) == dim })
}
