// Command generate makes the layouts of the fixture that are not in the cache yet and prints their manifests.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"parcours/internal/enginebench/fixture"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	opts := fixture.Default
	dir := flag.String("dir", "", "cache `folder`")
	flag.IntVar(&opts.Orders, "orders", opts.Orders, "orders, at most")
	flag.IntVar(&opts.Customers, "customers", 0, "customers; 0: three for twenty orders")
	flag.Uint64Var(&opts.Seed, "seed", opts.Seed, "seed")
	flag.IntVar(&opts.RowGroup, "row-group", opts.RowGroup, "rows of a row group")
	names := flag.String("layouts", "zstd-sorted-1", "comma-separated layouts, or all")
	flag.Parse()
	if *dir == "" {
		return fmt.Errorf("no -dir given")
	}
	if opts.Customers == 0 {
		opts.Customers = max(1, opts.Orders*3/20)
	}
	layouts, err := parse(*names)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	manifests, err := fixture.Provide(ctx, *dir, opts, layouts)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	return out.Encode(struct {
		Folder  string             `json:"folder"`
		Layouts []fixture.Manifest `json:"layouts"`
	}{fixture.Folder(*dir, opts), manifests})
}

func parse(names string) ([]fixture.Layout, error) {
	if names == "all" {
		return fixture.Layouts(), nil
	}
	var out []fixture.Layout
	for name := range strings.SplitSeq(names, ",") {
		l, err := fixture.ParseLayout(name)
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}
