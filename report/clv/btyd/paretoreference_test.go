package btyd_test

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"parcours/report/clv/btyd"
)

// paretoCase is a row of testdata/pareto.csv, whose first lines say how it was made.
type paretoCase struct {
	params                        []float64
	h                             btyd.History
	t, delta                      float64
	n                             int
	logLikelihood, alive          float64
	expected, discounted, endless float64
	mass                          float64
}

func paretoCases(t testing.TB) (cases []paretoCase) {
	t.Helper()
	f, err := os.Open("testdata/pareto.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		v := make([]float64, len(row))
		for i, s := range row {
			if v[i], err = strconv.ParseFloat(s, 64); err != nil && math.Abs(v[i]) > 1 {
				t.Fatal(err)
			}
		}
		cases = append(cases, paretoCase{
			v[:4], history(int(v[4]), v[5], v[6]), v[7], v[8], int(v[9]), v[10], v[11], v[12], v[13], v[14], v[15],
		})
	}
	return cases
}

func TestParetoAgreesWithManyDigits(t *testing.T) {
	cases := paretoCases(t)
	if len(cases) < 200 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		m := newModel(t, btyd.ParetoNBD, c.params)
		for _, v := range []struct {
			what                      string
			got, want, allowed, floor float64
		}{
			{"log-likelihood", m.LogLikelihood(c.h), c.logLikelihood, 1e-9, 1e-14},
			{"P(alive)", m.Alive(c.h), c.alive, 1e-6, 1e-290},
			{"expected", expected(m, c.h, 0, c.t), c.expected, 1e-6, 1e-290},
			{"discounted", expected(m, c.h, c.delta, c.t), c.discounted, 1e-6, 1e-290},
			{"endless", expected(m, c.h, c.delta, math.Inf(1)), c.endless, 1e-6, 1e-290},
			{"mass", m.Mass(c.n, c.t), c.mass, 1e-6, 1e-290},
		} {
			if !(math.Abs(v.got-v.want) <= v.allowed*math.Abs(v.want)+v.floor) {
				t.Errorf("%v %+v, %g weeks at %g, n = %d: %s %.15g, want %.15g (%.1e)",
					c.params, c.h, c.t, c.delta, c.n, v.what, v.got, v.want, v.got/v.want-1)
			}
		}
	}
}
