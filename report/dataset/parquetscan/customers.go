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
	// customerBudget is the memory in bytes that the customers of one pass may take where no memory is promised; else it is
	// a third of the promise. The records of their rows come on top, as in Aggregate.
	customerBudget = 256 << 20
	// customerBytes is what a customer takes: an element of a list that grows, and entries by key with the identifier.
	customerBytes = 448
	// shareBytes is what the customers of a share take, of which a pass reads some. So the shares, which decide the order of
	// customers, do not depend on the memory that there is.
	shareBytes = 32 << 20
	mostShares = 256
)

// CodeChanged says that the files changed between two readings.
const CodeChanged diag.Code = "PD012"

// Customers implements dataset.CustomerSource. The customers are cut by a hash of their identifiers into as many shares
// as their number asks for, and the files are read once for as many of these as memory allows; within a share customers are in
// the order of their identifiers. So the order depends on the number of customers and the identifiers alone.
func (s *Source) Customers(ctx context.Context, req dataset.Request, a *dataset.Aggregates, yield func([]dataset.Customer) error) (diag.List, error) {
	if len(req.Tables.Given()) == 0 {
		req.Tables = s.tables
	}
	req = customersOnly(req, a)
	sc := s.customerScan(ctx, req)
	shares, passes := s.passes(a.Totals.Customers, req.Memory)
	found := int64(0)
	for i := range passes {
		if i > 0 {
			words := sc.words
			sc = s.customerScan(ctx, req)
			sc.knowOrders(words)
		}
		p := &pass{scan: sc, index: i, of: passes, shares: shares, names: spellings{}}
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

// passes is the number of shares, and of times that the files are read.
func (s *Source) passes(customers, promise int64) (shares, passes int) {
	parts := func(bytes int64) int64 { return max(1, (customers*customerBytes+bytes-1)/bytes) }
	shares = int(min(parts(cmp.Or(s.share, shareBytes)), mostShares))
	return shares, int(min(parts(cmp.Or(s.budget, promise/3, customerBudget)), int64(shares)))
}

// has reports whether a customer is one of the pass.
func (p *pass) has(k tally.Key) bool {
	share := k.Share(p.shares)
	return share >= p.index*p.shares/p.of && share < (p.index+1)*p.shares/p.of
}

// pass reads the rows of some of the customers.
type pass struct {
	scan      *scan
	index, of int
	shares    int
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
	if plan.Memory > 0 {
		plan.Memory = max(plan.Memory-sc.req.Memory/3, leastRecords)
	}
	sc.tally = tally.New(sc.req, plan)
	defer sc.tally.Close()
	if err := sc.run(); err != nil || sc.list.HasErrors() {
		return 0, err
	}
	p.gather()
	all := make([][]dataset.Customer, p.shares)
	err := sc.tally.EachCustomer(sc.ctx, edges, func(k tally.Key, c dataset.Customer) {
		c.ID = p.name(k)
		share := k.Share(p.shares)
		all[share] = append(all[share], c)
	})
	if err != nil {
		return 0, err
	}
	sc.tally, p.names = nil, nil
	found := int64(0)
	for _, share := range all {
		slices.SortFunc(share, func(a, b dataset.Customer) int { return cmp.Compare(a.ID, b.ID) })
		for some := range slices.Chunk(share, batchRows) {
			if err := errors.Join(sc.ctx.Err(), yield(some)); err != nil {
				return 0, err
			}
		}
		found += int64(len(share))
	}
	return found, nil
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
