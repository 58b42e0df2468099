package parquetscan_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/datasettest"
	"parcours/report/dataset/parquetscan"
)

// shopFiles is a shop of datasettest in files of all kinds, with what the rows mean in the end.
type shopFiles struct {
	seed    uint64
	request dataset.Request
	tables  map[string][]part
	rates   map[string][]rateOn
	cut     int64 // rows of a task
	proof   int64 // rows from which identifiers are proved to differ
	notes   []string
}

// part is one file: rows as they are stored, and what the reference is told.
type part struct {
	columns []stored
	rows    []told
	group   int
	options []parquet.WriterOption
	layout  string
}

type stored struct {
	name string
	form form
	node parquet.Node
}

type told struct {
	file    dataset.Row    // what is written, by column
	means   dataset.Row    // nil when a Source drops the row for a reason that the reference does not know
	dropped dataset.Reason // that reason
}

type rateOn struct {
	day   dataset.Day
	tenth int64
}

// dress chooses everything about the files of a random shop.
func dress(seed uint64) *shopFiles {
	c := seeded(seed)
	shop := datasettest.Random(seed)
	shop.Parts = 1 + c.IntN(4)
	s := &shopFiles{seed: seed, request: shop.Request, tables: map[string][]part{}}
	s.cut, s.proof = one[int64](c, 0, 1, 2, 9, 40), one[int64](c, 0, 1)
	if c.happens(.3) { // a promise that can be kept
		s.request.Memory = 256 << 20
	}
	d := &dresser{chance: c, shop: s}
	d.customers, d.customerForms = identifiers(c)
	d.orders, d.orderForms = identifiers(c)
	if c.happens(.3) {
		d.exchange()
	}
	for _, table := range slices.Sorted(maps.Keys(shop.Rows)) {
		rows := shop.Rows[table]
		d.nulls(table, rows)
		c.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		d.table(shop, table)
	}
	return s
}

type dresser struct {
	chance
	shop                      *shopFiles
	customers, orders         func(string) string
	customerForms, orderForms []form
}

func (d *dresser) note(format string, args ...any) {
	d.shop.notes = append(d.shop.notes, fmt.Sprintf(format, args...))
}

// nulls puts runs of nulls into columns, so that whole pages and files have none. The last row of orders stays: one must be of
// use.
func (d *dresser) nulls(table string, rows []dataset.Row) {
	roles := map[string][]string{
		"orders": {"channel", "order", "quantity", "status", "refund", "customer", "time", "amount"}, "customers": {"sign_up", "customer"},
		"messages": {"campaign", "channel", "customer"}, "surveys": {"touchpoint", "score"}, "tickets": {"first_reply", "channel"}, "events": {"customer"},
	}[table]
	n := len(rows) - 1
	if n < 1 || len(roles) == 0 {
		return
	}
	for range d.IntN(3) {
		role, from, to := one(d.chance, roles...), 0, n
		if d.happens(.7) {
			from = d.IntN(n)
			to = from + d.IntN(n-from+1)
		}
		for _, r := range rows[from:to] {
			r[role] = nil
		}
	}
}

// exchange makes some orders be in other currencies.
func (d *dresser) exchange() {
	day := func(y, m, n int) dataset.Day { return dataset.CivilDay(y, time.Month(m), n) }
	d.shop.rates = map[string][]rateOn{"USD": {{day(2022, 6, 1), 9}, {day(2022, 12, 30), 11}}, "GBP": {{day(2021, 1, 1), 20}}}
	if d.shop.request.AsOf == nil {
		d.shop.rates["USD"] = append(d.shop.rates["USD"], rateOn{day(2023, 8, 15), 13}, rateOn{day(2024, 2, 1), 7})
		d.shop.rates["CHF"] = []rateOn{{day(2023, 9, 1), 10}}
	}
	var p part
	p.group, p.options, p.layout = d.file()
	k := clocks{time.UTC, time.UTC}
	p.columns = []stored{
		d.column("time", one(d.chance, k.dated()...), true), d.column("currency", one(d.chance, labels()...), true),
		d.column("rate", one(d.chance, integers(1, number(1))...), true),
	}
	for _, code := range slices.Sorted(maps.Keys(d.shop.rates)) {
		for _, r := range d.shop.rates[code] {
			morning := time.Unix(int64(r.day)*86400+6*3600, 0) // the same day in every zone of the report
			p.rows = append(p.rows, told{file: dataset.Row{"time": morning, "currency": code, "rate": r.tenth}})
		}
	}
	d.shop.tables["rates"] = []part{p}
	col := func(name string) dataset.Column { return dataset.Column{Text: text(name)} }
	d.shop.request.Tables.Rates = &dataset.Rates{Time: col("time"), Currency: col("currency"), Rate: col("rate")}
}

func (d *dresser) file() (int, []parquet.WriterOption, string) {
	codec, version, buffer, group := one(d.chance, likely...), 1+d.IntN(2), one(d.chance, 1, 16, 100, 1000, 1<<20), one(d.chance, 0, 0, 1, 2, 5, 40)
	return group, []parquet.WriterOption{
		parquet.Compression(codec), parquet.DataPageVersion(version), parquet.PageBufferSize(buffer), parquet.DataPageStatistics(d.happens(.5)),
	}, fmt.Sprintf("%s, pages v%d of %d bytes, groups of %d", codec, version, buffer, group)
}

// column makes a column of a form. It is required if it may be and chance has it.
func (d *dresser) column(name string, f form, full bool) stored {
	node := parquet.Encoded(f.node, one(d.chance, encodingsOf(f.node)...))
	if !full || d.happens(.6) {
		node = parquet.Optional(node)
	}
	return stored{name, f, node}
}

// table chooses the files of one table.
func (d *dresser) table(shop datasettest.Case, table string) {
	zone := one(d.chance, "", "UTC", "Europe/Paris", "Pacific/Auckland", "America/New_York")
	local, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	k := clocks{d.shop.request.Calendar.Location(), local}
	counted := map[string]bool{"time": d.happens(.25), "sign_up": d.happens(.25), "first_reply": d.happens(.25)}
	where := ""
	if d.happens(.35) {
		where = one(d.chance, "keep", "flag > 3", `kind != "test"`, `not (kind == "test")`)
	}
	unit := one(d.chance, "minor", "major")
	product := table == "orders" && d.happens(.25)
	for _, rows := range shop.Split(table) {
		var p part
		p.group, p.options, p.layout = d.file()
		for _, row := range rows {
			p.rows = append(p.rows, told{file: maps.Clone(row), means: maps.Clone(row)})
		}
		for _, c := range shop.Columns(table) {
			f := d.form(table, c.Name, unit, product, k, counted[c.Name], rows)
			d.mean(&p, c.Name, f)
			if c.Name == "amount" && product {
				d.factors(&p, f)
				continue
			}
			p.columns = append(p.columns, d.column(c.Name, f, full(p.rows, c.Name)))
		}
		if table == "orders" && d.shop.rates != nil {
			d.currencies(&p, product)
		}
		d.filtered(&p, where)
		if d.happens(.3) {
			p.columns = append(p.columns, d.column("unused", one(d.chance, labels()...), false))
		}
		d.shop.tables[table] = append(d.shop.tables[table], p)
	}
	d.note("[%s] zone %q, where %q, unit %s, product %v", table, zone, where, unit, product)
	d.shop.request = settle(d.shop.request, table, zone, where, unit, product, d.shop.rates != nil)
}

func full(rows []told, name string) bool {
	return !slices.ContainsFunc(rows, func(r told) bool { return r.file[name] == nil })
}

// form chooses how a role is stored in a file.
func (d *dresser) form(table, role, unit string, product bool, k clocks, counted bool, rows []dataset.Row) form {
	switch role {
	case "customer":
		return one(d.chance, d.customerForms...)
	case "order":
		return one(d.chance, d.orderForms...)
	case "time", "sign_up", "first_reply":
		if counted {
			return one(d.chance, k.counted()...)
		}
		return one(d.chance, k.dated()...)
	case "amount", "refund":
		scale := 0
		if unit == "major" {
			scale = 2
		}
		forms := integers(scale, number(1))
		if scale == 0 && !negative(rows, role) {
			forms = append(forms, unsigned(number(1))...)
		}
		if product && role == "amount" { // texts are no factors
			forms = slices.DeleteFunc(forms, func(f form) bool { return strings.HasPrefix(f.name, "text") })
		}
		return one(d.chance, forms...)
	case "quantity":
		return one(d.chance, append(integers(0, number(1)), unsigned(number(1))...)...)
	case "score":
		return one(d.chance, integers(1, number(10))...)
	}
	return one(d.chance, labels()...)
}

// mean renames identifiers, and tells the reference what a form makes of values.
func (d *dresser) mean(p *part, role string, f form) {
	for _, r := range p.rows {
		if r.file[role] == nil {
			continue
		}
		switch role {
		case "customer":
			r.file[role] = d.customers(r.file[role].(string))
		case "order":
			r.file[role] = d.orders(r.file[role].(string))
		}
		if r.means[role] = r.file[role]; f.means != nil {
			r.means[role] = f.means(r.file[role])
		}
	}
}

// factors writes an amount as a price and a number.
func (d *dresser) factors(p *part, f form) {
	for _, r := range p.rows {
		x, ok := r.file["amount"].(int64)
		delete(r.file, "amount")
		if !ok {
			if d.happens(.5) {
				r.file["items"] = int64(3)
			}
			continue
		}
		items := int64(1)
		if n := one(d.chance, int64(1), 2, 3); x%n == 0 {
			items = n
		}
		r.file["price"], r.file["items"] = x/items, items
	}
	counts := slices.DeleteFunc(integers(0, number(1)), func(f form) bool { return strings.HasPrefix(f.name, "text") })
	p.columns = append(p.columns, d.column("price", f, full(p.rows, "price")), d.column("items", one(d.chance, counts...), full(p.rows, "items")))
}

// currencies puts some rows into other currencies, and tells the reference what they come to.
func (d *dresser) currencies(p *part, product bool) {
	price := "amount"
	if product {
		price = "price"
	}
	for i := range p.rows {
		r := &p.rows[i]
		code := one(d.chance, "EUR", "eur", "", "USD", "USD", "GBP", "CHF", "XXX")
		if d.happens(.1) {
			continue // null: the report's own
		}
		r.file["currency"] = code
		amount, ok := r.file[price].(int64)
		at, dated := r.means["time"].(time.Time)
		if code == "" || strings.EqualFold(code, "EUR") || !ok || !dated {
			continue
		}
		day := d.shop.request.Calendar.DayOf(at)
		if d.shop.request.AsOf != nil && day > *d.shop.request.AsOf {
			continue
		}
		rate, known := int64(0), false
		for _, x := range d.shop.rates[code] {
			if x.day <= day {
				rate, known = x.tenth, true
			}
		}
		if !known {
			r.file["currency"] = "EUR" // a row without rate is a mistake of the user
			continue
		}
		// Multiples of ten minor units keep every product whole.
		amount -= amount % 10
		r.file[price] = amount
		if product {
			amount *= r.file["items"].(int64)
		}
		r.means["amount"] = amount * rate / 10
		if refund, ok := r.file["refund"].(int64); ok {
			r.file["refund"] = refund - refund%10
			r.means["refund"] = r.file["refund"].(int64) * rate / 10
		}
	}
	p.columns = append(p.columns, d.column("currency", one(d.chance, labels()...), full(p.rows, "currency")))
}

// filtered adds rows that the filter drops.
func (d *dresser) filtered(p *part, where string) {
	if where == "" {
		return
	}
	var name string
	var good, bad any
	var f form
	switch {
	case where == "keep":
		name, good, bad = "keep", true, false
		f = formOf("boolean", parquet.Leaf(parquet.BooleanType), func(b bool) parquet.Value { return bools(b)[0] })
	case strings.HasPrefix(where, "flag"):
		name, good, bad = "flag", int64(4), int64(3)
		f = one(d.chance, slices.DeleteFunc(integers(0, number(1)), func(f form) bool { return strings.HasPrefix(f.name, "text") })...)
	default:
		name, good, bad = "kind", "real", "test"
		f = one(d.chance, labels()...)
	}
	nullable := !strings.HasPrefix(where, "not") && name != "kind"
	n := len(p.rows)
	for i := range n {
		p.rows[i].file[name] = good
		if d.happens(.2) {
			junk := maps.Clone(p.rows[i].file)
			if junk[name] = bad; nullable && d.happens(.3) {
				delete(junk, name)
			}
			p.rows = append(p.rows, told{file: junk, dropped: dataset.Filtered})
		}
	}
	d.Shuffle(len(p.rows), func(i, j int) { p.rows[i], p.rows[j] = p.rows[j], p.rows[i] })
	p.columns = append(p.columns, d.column(name, f, full(p.rows, name)))
}

// settle writes into the request what the files of a table ask for.
func settle(req dataset.Request, table, zone, where, unit string, product, currency bool) dataset.Request {
	t := &req.Tables
	switch table {
	case "orders":
		o := *t.Orders
		o.Files.Zone, o.Files.Where, o.Unit = zone, text(where), unit
		if product {
			o.Amount.Text = text("price * items")
		}
		if currency {
			o.Currency = dataset.Column{Text: text("currency")}
		}
		t.Orders = &o
	case "customers":
		x := *t.Customers
		x.Files.Zone, x.Files.Where = zone, text(where)
		t.Customers = &x
	case "spend":
		x := *t.Spend
		x.Files.Zone, x.Files.Where, x.Unit = zone, text(where), unit
		t.Spend = &x
	case "messages":
		x := *t.Messages
		x.Files.Zone, x.Files.Where = zone, text(where)
		t.Messages = &x
	case "surveys":
		x := *t.Surveys
		x.Files.Zone, x.Files.Where = zone, text(where)
		t.Surveys = &x
	case "tickets":
		x := *t.Tickets
		x.Files.Zone, x.Files.Where = zone, text(where)
		t.Tickets = &x
	case "events":
		x := *t.Events
		x.Files.Zone, x.Files.Where = zone, text(where)
		t.Events = &x
	}
	return req
}

// write puts the files into a folder and returns the request that asks for them.
func (s *shopFiles) write(t testing.TB, root string) dataset.Request {
	for table, parts := range s.tables {
		for i, p := range parts {
			fields := make([]field, len(p.columns))
			for j, c := range p.columns {
				fields[j] = field{name: c.name, node: c.node, values: make([]parquet.Value, len(p.rows))}
				for k, r := range p.rows {
					if x := r.file[c.name]; x != nil {
						fields[j].values[k] = c.form.value(x)
					}
				}
			}
			store(t, root, filepath.Join(table, fmt.Sprintf("part-%d.parquet", i)), encode(t, fields, p.group, p.options...))
		}
	}
	req := s.request
	in := &req.Tables
	at := func(f *dataset.Files, name string) {
		f.Name, f.Root, f.Paths, f.Pos = name, root, []dataset.Text{text(name)}, diag.Position{File: "site.toml", Line: 1, Col: 1}
	}
	in.Orders, in.Customers, in.Spend, in.Messages = copied(in.Orders), copied(in.Customers), copied(in.Spend), copied(in.Messages)
	in.Surveys, in.Tickets, in.Events, in.Rates = copied(in.Surveys), copied(in.Tickets), copied(in.Events), copied(in.Rates)
	if in.Orders != nil {
		at(&in.Orders.Files, "orders")
	}
	if in.Customers != nil {
		at(&in.Customers.Files, "customers")
	}
	if in.Spend != nil {
		at(&in.Spend.Files, "spend")
	}
	if in.Messages != nil {
		at(&in.Messages.Files, "messages")
	}
	if in.Surveys != nil {
		at(&in.Surveys.Files, "surveys")
	}
	if in.Tickets != nil {
		at(&in.Tickets.Files, "tickets")
	}
	if in.Events != nil {
		at(&in.Events.Files, "events")
	}
	if in.Rates != nil {
		at(&in.Rates.Files, "rates")
	}
	return req
}

func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	x := *p
	return &x
}

// want is the answer of the reference, with the rows that only a Source drops.
func (s *shopFiles) want() *dataset.Aggregates {
	tables := map[string][]dataset.Row{}
	dropped := map[string]map[dataset.Reason]int64{}
	for table, parts := range s.tables {
		if table == "rates" {
			continue
		}
		tables[table] = nil
		dropped[table] = map[dataset.Reason]int64{}
		for _, p := range parts {
			for _, r := range p.rows {
				if r.means != nil {
					tables[table] = append(tables[table], r.means)
				} else {
					dropped[table][r.dropped]++
				}
			}
		}
	}
	a := dataset.Reference(s.request, tables)
	for table, reasons := range dropped {
		for reason, n := range reasons {
			a.Quality = append(a.Quality, dataset.QualityRow{Table: table, Reason: reason, Rows: n})
			if table == "orders" {
				a.Totals.RowsRead += n
			}
		}
	}
	return a
}

// differs returns what is wrong with the answers of the Source, nothing when all is well.
func (s *shopFiles) differs(t testing.TB, dir string, processors ...int) (wrong []string) {
	defer func() {
		if p := recover(); p != nil {
			wrong = append(wrong, fmt.Sprintf("panic: %v", p))
		}
	}()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	req := s.write(t, dir)
	want := s.want()
	var first []byte
	for _, n := range processors {
		before := runtime.GOMAXPROCS(n)
		got, l, err := parquetscan.New(dataset.Tables{}).WithSizes(s.cut, s.proof).Aggregate(t.Context(), req)
		runtime.GOMAXPROCS(before)
		if err != nil || got == nil {
			return []string{fmt.Sprintf("%d processors: %v %v", n, err, l.Sorted())}
		}
		b, err := json.Marshal(got)
		if err != nil {
			return []string{err.Error()}
		}
		if first == nil {
			first = b
		} else if !bytes.Equal(first, b) {
			return []string{fmt.Sprintf("%d processors give other bytes than %d", n, processors[0])}
		}
		if d := datasettest.Diff(got, want); len(d) > 0 {
			return d
		}
	}
	return nil
}

// shrink leaves rows and files away while the answer stays wrong in the same way, for some seconds.
func (s *shopFiles) shrink(t testing.TB, dir string, processors []int) {
	kind := func(wrong []string) string {
		if len(wrong) == 0 {
			return ""
		}
		kind, _, _ := strings.Cut(wrong[0], ":")
		kind, _, _ = strings.Cut(kind, ".")
		return kind
	}
	want := kind(s.differs(t, dir, processors...))
	if kind(s.differs(t, dir, processors[0])) == want {
		processors = processors[:1]
	}
	end := time.Now().Add(15 * time.Second)
	for size := 1 << 10; size > 0 && time.Now().Before(end); size /= 2 {
		for _, table := range slices.Sorted(maps.Keys(s.tables)) {
			for i := range s.tables[table] {
				p := &s.tables[table][i]
				for from := 0; from < len(p.rows) && time.Now().Before(end); {
					rows := p.rows
					p.rows = slices.Concat(rows[:from], rows[min(from+size, len(rows)):])
					if kind(s.differs(t, dir, processors...)) != want {
						p.rows = rows
						from += size
					}
				}
			}
		}
	}
}

func (s *shopFiles) String() string {
	var b strings.Builder
	for _, n := range s.notes {
		fmt.Fprintln(&b, n)
	}
	fmt.Fprintf(&b, "grain %q, cohort %q, dimension %q, zone %v, as of %v\n", s.request.Grain, s.request.Cohort, s.request.Dimension, s.request.Calendar.Location(), s.request.AsOf)
	for _, table := range slices.Sorted(maps.Keys(s.tables)) {
		for i, p := range s.tables[table] {
			if len(p.rows) == 0 {
				continue
			}
			fmt.Fprintf(&b, "%s/part-%d: %s\n", table, i, p.layout)
			for _, c := range p.columns {
				fmt.Fprintf(&b, "  %s: %s, %s, optional %v\n", c.name, c.form.name, c.node.Encoding(), c.node.Optional())
			}
			for _, r := range p.rows {
				fmt.Fprintf(&b, "  %v means %v%s\n", r.file, r.means, r.dropped)
			}
		}
	}
	return b.String()
}

// TestRandomFilesGiveWhatTheReferenceGives is the test of the whole Source: random shops in files of random types,
// encodings, codecs, layouts and splits, on one, two and seven processors. PARCOURS_LONG=1 tries thousands, PARCOURS_SEED=n
// one of them.
func TestRandomFilesGiveWhatTheReferenceGives(t *testing.T) {
	n := 150
	switch {
	case os.Getenv("PARCOURS_LONG") != "":
		n = 5000
	case testing.Short():
		n = 20
	}
	from := uint64(0)
	if only, err := strconv.ParseUint(os.Getenv("PARCOURS_SEED"), 10, 64); err == nil {
		from, n = only, 1
	}
	dir := filepath.Join(t.TempDir(), "shop")
	for seed := from; seed < from+uint64(n); seed++ {
		processors := []int{1, 2 + 5*int(seed%2)}
		if seed%10 == 0 {
			processors = []int{2, 1, 7}
		}
		s := dress(seed)
		wrong := s.differs(t, dir, processors...)
		if len(wrong) == 0 {
			continue
		}
		s.shrink(t, dir, processors)
		t.Fatalf("seed %d:\n%s\nsmallest shop that is wrong:\n%s\n%s", seed, strings.Join(wrong, "\n"), s, strings.Join(s.differs(t, dir, processors...), "\n"))
	}
}
