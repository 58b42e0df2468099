// Command engine runs the embedded engine once over the files of the fixture and prints what it found and what it took,
// as one line of JSON. It is a process of its own so that the runner can weigh it against other engines.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"time"

	"parcours/internal/diag"
	"parcours/internal/memory"
	"parcours/report/dataset"
	"parcours/report/dataset/parquetscan"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "engine:", err)
		os.Exit(1)
	}
}

// options are what a run may vary.
type options struct {
	files, key, amount string
	order              bool
	memory             string
	answer             string
	hash               bool
	profile            string
	keep, asOf         string
}

func run() error {
	var o options
	flag.StringVar(&o.files, "files", "", "`folder` of Parquet files")
	flag.StringVar(&o.key, "key", "customer_id", "`column` of the customer")
	flag.StringVar(&o.amount, "amount", "amount", "`column` of the amount")
	flag.BoolVar(&o.order, "order", false, "bind order_id; without it every row is an order of its own")
	flag.StringVar(&o.memory, "memory", "", "what the process may take, such as 512MiB; 0: no promise; empty: as parcours build")
	flag.StringVar(&o.answer, "answer", "", "`file` for the tables that the runner compares")
	flag.BoolVar(&o.hash, "hash", false, "print a hash of all aggregates")
	flag.StringVar(&o.profile, "profile", "", "`file` for a CPU profile")
	flag.StringVar(&o.keep, "keep", "", "`folder` of kept rows, as of an incremental build")
	flag.StringVar(&o.asOf, "as-of", "", "last `day` that counts")
	flag.Parse()
	if o.profile != "" {
		f, err := os.Create(o.profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	start := time.Now()
	promise, agg, err := o.aggregate(ctx)
	if err != nil {
		return err
	}
	wall := time.Since(start)
	if o.answer != "" {
		if err := writeAnswer(o.answer, agg); err != nil {
			return err
		}
	}
	out := map[string]any{
		"wall": wall.Seconds(), "peak": memory.Peak(), "memory": promise, "procs": runtime.GOMAXPROCS(0),
		"rows": agg.Totals.RowsRead, "customers": agg.Totals.Customers, "orders": agg.Totals.Orders,
	}
	if o.hash {
		out["hash"] = fingerprint(agg)
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}

// aggregate asks the question of a report by month: all tables that orders alone can fill.
func (o options) aggregate(ctx context.Context) (promise int64, agg *dataset.Aggregates, err error) {
	if promise, err = o.promise(); err != nil {
		return 0, nil, err
	}
	folder, err := filepath.Abs(o.files)
	if err != nil {
		return 0, nil, err
	}
	req := dataset.Request{Grain: dataset.Month, Currency: "EUR", Digits: 2, Memory: promise, Tables: dataset.Tables{Orders: o.orders(folder)}}
	defer memory.Hold(promise)()
	if o.asOf != "" {
		t, err := time.Parse(time.DateOnly, o.asOf)
		if err != nil {
			return 0, nil, err
		}
		day := dataset.CivilDay(t.Year(), t.Month(), t.Day())
		req.AsOf = &day
	}
	src := parquetscan.New(req.Tables).Keep(parquetscan.Keeping{Dir: o.keep, Program: "enginebench"})
	agg, list, err := src.Aggregate(ctx, req)
	if r := src.Reused(); r.Files > 0 {
		fmt.Fprintf(os.Stderr, "engine: %d files of %d rows were kept\n", r.Files, r.Rows)
	}
	for _, d := range list.Sorted() {
		fmt.Fprintln(os.Stderr, d)
	}
	if err == nil && agg == nil {
		err = errors.New("no aggregates")
	}
	return promise, agg, err
}

func (o options) promise() (int64, error) {
	if o.memory == "" {
		return memory.Affordable(memory.Default), nil
	}
	return memory.Parse(o.memory)
}

// orders binds what the SQL of the other engines reads, and nothing that would be found by its name besides.
func (o options) orders(folder string) *dataset.Orders {
	column := func(name string) dataset.Column { return dataset.Column{Text: text(name)} }
	unbound := dataset.Column{Disabled: true}
	t := &dataset.Orders{
		Files:    dataset.Files{Name: "orders", Root: filepath.Dir(folder), Paths: []dataset.Text{text(filepath.Base(folder))}, Pos: text("").Pos},
		Customer: column(o.key), Order: unbound, Time: column("ordered_at"), Amount: column(o.amount),
		Status: unbound, Channel: unbound, Currency: unbound, Country: unbound, Product: unbound, Category: unbound,
		Quantity: unbound, Discount: unbound, Refund: unbound,
	}
	if o.order {
		t.Order = column("order_id")
	}
	return t
}

func text(value string) dataset.Text {
	return dataset.Text{Value: value, Pos: diag.Position{File: "enginebench", Line: 1, Col: 1}}
}
