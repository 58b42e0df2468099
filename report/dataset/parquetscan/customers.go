package parquetscan

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/tally"
)

var _ dataset.CustomerSource = (*Source)(nil)

const (
	// customerBudget is the memory in bytes that one pass of Customers may take; the garbage collector lets the process grow
	// to about twice of it.
	customerBudget = 256 << 20
	// customerRow is what a row of orders costs at most, that of a customer with one order and a long identifier: 64
	// for the row, about 150 for the customer's entries by key with the identifier.
	customerRow = 224
	// mostPasses keeps the time of Customers from growing with the square of the rows. From 20 million rows of orders on,
	// the memory then grows instead, by a fifth of what the rows took in Aggregate.
	mostPasses = 16
)

// CodeChanged says that the files changed between two readings.
const CodeChanged diag.Code = "PD012"

// Customers implements dataset.CustomerSource. The customers are cut by a hash of their identifiers into as many parts
// as the number of rows asks for, and the files are read once for each part; within a part customers are in the order of
// their identifiers. So the order depends on the number of rows and the identifiers alone.
func (s *Source) Customers(ctx context.Context, req dataset.Request, a *dataset.Aggregates, yield func([]dataset.Customer) error) (diag.List, error) {
	if len(req.Tables.Given()) == 0 {
		req.Tables = s.tables
	}
	req = customersOnly(req, a)
	sc := s.customerScan(ctx, req)
	passes, found := s.passes(sc), int64(0)
	for i := range passes {
		if i > 0 {
			words := sc.words
			sc = s.customerScan(ctx, req)
			sc.knowOrders(words)
		}
		p := &pass{scan: sc, index: i, of: passes, names: spellings{}}
		n, err := p.run(a.Edges, yield)
		if err != nil || p.scan.list.HasErrors() {
			return p.scan.list.OnlyErrors(), err
		}
		found += n
	}
	var l diag.List
	if want := a.Totals.Customers - a.Totals.CancelledCustomers; found != want {
		l.Errorf(CodeChanged, sc.position(), "the files of [data.orders] changed while they were read: %d customers, then %d", want, found)
	}
	return l, nil
}

// customersOnly leaves the tables that tell customers apart, up to the end of observation that is known by now.
func customersOnly(req dataset.Request, a *dataset.Aggregates) dataset.Request {
	req.AsOf = &a.Manifest.AsOf
	t := dataset.Tables{Orders: req.Tables.Orders, Rates: req.Tables.Rates}
	if req.Cohort == dataset.BySignUp {
		t.Customers = req.Tables.Customers
	}
	req.Tables = cloneTables(t)
	return req
}

// customerScan is planned for customersOnly; what columns it finds is known already.
func (s *Source) customerScan(ctx context.Context, req dataset.Request) *scan {
	req.Tables = cloneTables(req.Tables)
	sc := &scan{req: req.WithDefaults(), ctx: ctx, sizes: s.sizes}
	sc.tables = tablesOf(&sc.req.Tables, sc.req.Dimension)
	sc.plan()
	return sc
}

// passes is the number of times that the files are read.
func (s *Source) passes(sc *scan) int {
	budget := s.budget
	if budget == 0 {
		budget = customerBudget
	}
	rows := int64(0)
	for _, t := range sc.tables {
		if t.files.Name != "orders" {
			continue
		}
		for _, src := range t.sources {
			rows += src.file.NumRows()
		}
	}
	return int(min(max(1, (rows*customerRow+budget-1)/budget), mostPasses))
}

// pass reads the rows of some of the customers.
type pass struct {
	scan      *scan
	index, of int
	mu        sync.Mutex
	places    []spellings // of the workers
	names     spellings   // of all
}

// spellings are identifiers as given; "": the text of the key.
type spellings map[tally.Key]string

// place returns a place of one goroutine to note identifiers.
func (p *pass) place() spellings {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.places = append(p.places, spellings{})
	return p.places[len(p.places)-1]
}

// gather puts the identifiers that the workers noted together; in what order does not matter.
func (p *pass) gather() {
	for _, some := range p.places {
		for k, given := range some {
			p.names.see(k, given)
		}
	}
	p.places = nil
}

func (p *pass) run(edges dataset.RFMEdges, yield func([]dataset.Customer) error) (int64, error) {
	sc := p.scan
	if sc.list.HasErrors() {
		return 0, nil
	}
	for _, t := range sc.tables {
		t.consumer = p.only(t.consumer)
	}
	if report := sc.req.Progress; report != nil {
		sc.req.Progress = func(rows, total int64) { report(int64(p.index)*total+rows, int64(p.of)*total) }
	}
	plan := sc.tallyPlan()
	if sc.list.HasErrors() {
		return 0, nil
	}
	sc.tally = tally.New(sc.req, plan)
	defer sc.tally.Close()
	if err := sc.run(); err != nil || sc.list.HasErrors() {
		return 0, err
	}
	p.gather()
	var all []dataset.Customer
	err := sc.tally.EachCustomer(sc.ctx, edges, func(k tally.Key, c dataset.Customer) {
		c.ID = p.name(k)
		all = append(all, c)
	})
	if err != nil {
		return 0, err
	}
	sc.tally, p.names = nil, nil
	slices.SortFunc(all, func(a, b dataset.Customer) int { return cmp.Compare(a.ID, b.ID) })
	for done := 0; done < len(all); done += batchRows {
		if err := errors.Join(sc.ctx.Err(), yield(all[done:min(done+batchRows, len(all))])); err != nil {
			return 0, err
		}
	}
	return int64(len(all)), nil
}

func (p *pass) name(k tally.Key) string {
	if name := p.names[k]; name != "" {
		return name
	}
	text, _ := k.Text()
	return text
}

// see notes an identifier as given. Where it is given in several ways, with spaces around it or as 17850.0, the plain one
// counts, else the smallest: the same in any order of rows.
func (n spellings) see(k tally.Key, given string) {
	old, ok := n[k]
	if !ok || old != "" && (given == "" || better(given, old)) {
		n[k] = given
	}
}

func better(a, b string) bool {
	plainA, plainB := a == canonical(a), b == canonical(b)
	if plainA != plainB {
		return plainA
	}
	return a < b
}
