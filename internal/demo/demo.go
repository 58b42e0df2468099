// Package demo makes a complete fictional shop: data, maps and pages.
//
// Everything that Generate writes follows from Options alone. Draws come from PCG streams seeded by (seed, subject,
// occasion), so that an order is the same whatever was drawn before it, and the few floating-point functions are
// the package's own, since those of the standard library may differ in the last digit between machines. Values are the
// same on every machine. Bytes are the same for any number of cores on amd64 with AVX2; elsewhere the Parquet library
// (v0.32) cuts the runs of dictionary indexes at other places: its AVX2 search takes a group of four equal indexes and
// four others for eight equal ones, which is valid but not what its portable code does.
package demo

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
)

// Options say which shop to make. The zero value of every field but Dir is the committed demonstration.
type Options struct {
	Dir       string
	Orders    int64  // aimed at; the result is within a few per cent for a small shop, closer for a large one. 0: DefaultOrders
	Customers int64  // with at least one order row, exactly; at most Orders. 0: Orders ÷ 2.7, DefaultCustomers by default
	Seed      uint64 // 0: DefaultSeed
	Months    int    // of history before the current month, 6 to 120. 0: DefaultMonths
	// Force replaces the files of an earlier run in Dir. Without it a folder with anything in it is refused.
	Force bool
	// DataOnly leaves site.toml, maps and pages out: a benchmark needs the tables only.
	DataOnly bool
	// Progress, when not nil, is called about once a simulated month with the orders written so far.
	Progress func(done, total int64)

	ordersOnly bool // no table but orders
}

// The defaults make the shop that is committed at the root of the repository.
const (
	DefaultOrders    = 34_000
	DefaultCustomers = 13_000
	DefaultSeed      = 20261112
	DefaultMonths    = 26
)

// maxOrders and maxCustomers keep every counter of a run inside its type.
const (
	maxOrders    = 2_000_000_000
	maxCustomers = 500_000_000
)

// AsOf is the last day of the fictional shop, a Thursday in the middle of a month: October 2026 is the last complete one.
const AsOf = "2026-11-12"

// ErrNotEmpty is wrapped by the error of a run whose folder already holds files.
var ErrNotEmpty = errors.New("the folder is not empty")

// Generate writes the shop into opts.Dir. Memory follows the customers who will come back and the bounded tables, not
// the orders: 400 MB at 100 million orders of 15 million customers. A large shop has messages, surveys, tickets and
// visits for a fixed share of its customers only, see companionOrders.
func Generate(ctx context.Context, opts Options) error {
	opts, err := opts.complete()
	if err != nil {
		return err
	}
	if err := claim(opts.Dir, opts.Force); err != nil {
		return err
	}
	if !opts.DataOnly {
		if err := writeProject(opts.Dir, "shop"); err != nil {
			return err
		}
	}
	return generateData(ctx, opts, filepath.Join(opts.Dir, "content", "data"))
}

func (o Options) complete() (Options, error) {
	if o.Dir == "" {
		return o, errors.New("demo: no folder given")
	}
	if o.Orders == 0 && o.Customers == 0 {
		o.Orders, o.Customers = DefaultOrders, DefaultCustomers
	}
	if o.Orders == 0 {
		o.Orders = mulDiv(o.Customers, DefaultOrders, DefaultCustomers)
	}
	if o.Customers == 0 {
		o.Customers = max(1, mulDiv(o.Orders, DefaultCustomers, DefaultOrders))
	}
	if o.Seed == 0 {
		o.Seed = DefaultSeed
	}
	if o.Months == 0 {
		o.Months = DefaultMonths
	}
	switch {
	case o.Orders < 1 || o.Orders > maxOrders:
		return o, fmt.Errorf("demo: %d orders; expected 1 to %d", o.Orders, int64(maxOrders))
	case o.Customers < 1 || o.Customers > maxCustomers:
		return o, fmt.Errorf("demo: %d customers; expected 1 to %d", o.Customers, int64(maxCustomers))
	case o.Customers > o.Orders:
		return o, fmt.Errorf("demo: %d customers for %d orders; every customer has at least one order", o.Customers, o.Orders)
	case o.Months < 6 || o.Months > 120:
		return o, fmt.Errorf("demo: %d months; expected 6 to 120", o.Months)
	}
	return o, nil
}

// mulDiv is a×b÷c for amounts whose product fits 63 bits, saturating.
func mulDiv(a, b, c int64) int64 {
	if b != 0 && a > math.MaxInt64/b {
		return math.MaxInt64
	}
	return a * b / c
}

// claim makes the folder, or takes an existing one that is empty or, with force, whatever it holds.
func claim(dir string, force bool) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return os.MkdirAll(dir, 0o755)
	case err != nil:
		return err
	case len(entries) > 0 && !force:
		return fmt.Errorf("%s: %w", dir, ErrNotEmpty)
	}
	return nil
}
