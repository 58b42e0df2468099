package clv

import (
	"math"
	"testing"

	"parcours/report/clv/btyd"
)

func TestDiscountingByPartsIsTheIntegral(t *testing.T) {
	for _, delta := range []float64{0, .0018, .0134, .058} {
		for name, params := range map[btyd.Name][]float64{
			btyd.MBGNBD: {.6, 6, .8, 2}, btyd.BGNBD: {.24, 4.4, .79, 2.4}, btyd.ParetoNBD: {.55, 10.6, .6, 11.7}, btyd.NBD: {.4, 12},
		} {
			m, err := btyd.New(name, 1, params)
			if err != nil {
				t.Fatal(err)
			}
			times, ends := []float64{4.3, 8.7, 52.2}, []float64{52.2, 104.4, 156.6}
			if delta > 0 {
				ends = append(ends, math.Inf(1))
			}
			n := len(times) + len(ends)
			got, want := make([]float64, n), make([]float64, n)
			for _, h := range []btyd.History{active(0, 0), active(0, 30), active(1, 100), active(40, 60)} {
				f := btyd.Fitted{Name: name, Model: m, K: 1}
				f.Params = params
				quickFlow(f, delta, times, ends).at(h.X, h.T, 0, got)
				flow(f, delta, times, ends).at(h.X, h.T, 0, want)
				for i := range got {
					approach(t, string(name), got[i]/want[i], 1, 1e-2)
				}
			}
		}
	}
}
