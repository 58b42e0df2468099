package parquetscan

import (
	"context"

	"parcours/report/dataset"
)

// WithBudget makes Customers read the files in more passes, each for one share of the customers.
func (s *Source) WithBudget(bytes int64) *Source {
	s.budget, s.share = bytes, bytes
	return s
}

// WithPass gives each pass of Customers as many shares as take so many bytes.
func (s *Source) WithPass(bytes int64) *Source {
	s.budget = bytes
	return s
}

// WithSizes cuts row groups into tasks of so many rows, and proves identifiers to be different from so many rows on.
func (s *Source) WithSizes(task, proof int64) *Source {
	s.sizes = sizes{task: task, proof: proof}
	return s
}

// OrderWords returns what is known of the identifiers of orders before the scan.
func (s *Source) OrderWords(ctx context.Context, req dataset.Request) int {
	return s.planned(ctx, req).orderWords()
}

// Plan returns the number of workers and the bytes for records within the promise.
func (s *Source) Plan(ctx context.Context, req dataset.Request) (workers int, records int64) {
	sc := s.planned(ctx, req)
	plan := sc.tallyPlan()
	return sc.workers, plan.Memory
}
