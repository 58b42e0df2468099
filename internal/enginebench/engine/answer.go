package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"

	"parcours/report/dataset"
)

// fingerprint is a hash of all aggregates but what names files and says which columns are bound: two runs over the same
// rows must agree on it, however many threads, files or bytes of memory they have.
func fingerprint(agg *dataset.Aggregates) string {
	a := *agg
	a.Files, a.Quality, a.Manifest.Roles = nil, nil, nil
	text, err := json.Marshal(a)
	if err != nil {
		return "unhashable: " + err.Error()
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// answer is what every engine of the comparison finds, in the same form. Months count from January 2023.
type answer struct {
	Customers    int64      `json:"customers"`
	Orders       int64      `json:"orders"`
	Cents        int64      `json:"cents"`
	CustomerDays int64      `json:"customer_days"`
	Matrix       [][4]int64 `json:"matrix"` // cohort, month, customers, cents
	RFM          [][4]int64 `json:"rfm"`    // scores of recency, frequency and value, customers
}

// firstMonth is January 2023 as Calendar numbers months.
const firstMonth = 2023 * 12

func writeAnswer(path string, agg *dataset.Aggregates) error {
	out := answer{Customers: agg.Totals.Customers, Orders: agg.Totals.Orders, Cents: agg.Totals.Net}
	for _, c := range agg.Cohorts {
		if c.Dim == "" && c.Age != dataset.SizeAge {
			out.Matrix = append(out.Matrix, [4]int64{int64(c.Cohort) - firstMonth, int64(c.Cohort+c.Age) - firstMonth, c.Active, c.Net})
		}
	}
	for _, c := range agg.Cells {
		if c.Dim == "" {
			out.CustomerDays += int64(c.X+1) * c.Customers
		}
	}
	for _, r := range agg.RFM {
		out.RFM = append(out.RFM, [4]int64{int64(r.R), int64(r.F), int64(r.M), r.Customers})
	}
	text, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}
