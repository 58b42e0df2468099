package demo

import (
	"context"
	"fmt"
	"path/filepath"
)

// Sizes of the sample that Init writes.
const (
	sampleOrders    = 3_200
	sampleCustomers = 1_300
	sampleMonths    = 14
)

// Init writes a small project that builds at once into dir, which must be empty or not exist: a commented site.toml, a
// few thousand sample orders, one map and one page, in French ("fr") or English ("en").
func Init(ctx context.Context, dir, lang string) error {
	if lang != "fr" && lang != "en" {
		return fmt.Errorf("demo: language %q; expected fr or en", lang)
	}
	opts, err := Options{Dir: dir, Orders: sampleOrders, Customers: sampleCustomers, Months: sampleMonths, ordersOnly: true}.complete()
	if err != nil {
		return err
	}
	if err := claim(dir, false); err != nil {
		return err
	}
	if err := writeProject(dir, "starter/"+lang); err != nil {
		return err
	}
	return generateData(ctx, opts, filepath.Join(dir, "content", "data"))
}
