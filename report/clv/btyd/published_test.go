package btyd_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"parcours/report/clv/btyd"
	"parcours/report/clv/estimate"
)

// published are maximum-likelihood fits to the CDNOW sample: BG/NBD (Fader, Hardie and Lee 2005), Pareto/NBD (the same,
// and the tests of CLVTools), MBG/NBD (BTYDplus), NBD; to more digits by an independent program on the same transactions.
var published = []struct {
	name          btyd.Name
	params, se    []float64
	logLikelihood float64
}{
	{btyd.BGNBD, []float64{.2425945, 4.413603, .7929222, 2.425909}, []float64{.01256, .37822, .18573, .70542}, -9582.4292},
	{btyd.MBGNBD, []float64{.5248432, 6.183086, .8913599, 1.614004}, nil, -9582.1357},
	{btyd.ParetoNBD, []float64{.5532771, 10.57769, .6062402, 11.66874}, []float64{.047628, .842723, .187283, 6.21116}, -9594.9762},
	{btyd.NBD, []float64{.3847662, 12.07202}, nil, -9763.6576},
}

func known(name btyd.Name) bool {
	_, err := btyd.Problem(name, 1, nil)
	return err == nil
}

func TestFitsToTheCDNOWSampleArePublished(t *testing.T) {
	cells := cellsOf(sample(t))
	for _, want := range published {
		if !known(want.name) {
			continue
		}
		f := btyd.Fit(want.name, cells)
		if f.Status != estimate.Converged || f.Agree != f.Starts || f.Starts < 3 {
			t.Errorf("%s: %s, %d of %d starts agree", want.name, f.Status, f.Agree, f.Starts)
			continue
		}
		within(t, want.name, "log-likelihood", f.LogLikelihood, want.logLikelihood, 1e-4)
		for i, p := range want.params {
			within(t, want.name, f.Names[i], f.Params[i], p, 1e-4*p)
			if want.se != nil {
				within(t, want.name, "SE of "+f.Names[i], f.SE[i], want.se[i], 5e-6+1e-4*want.se[i])
			}
			if !(0 < f.Low[i] && f.Low[i] < f.Params[i] && f.Params[i] < f.High[i]) {
				t.Errorf("%s: %s is %g in [%g, %g]", want.name, f.Names[i], f.Params[i], f.Low[i], f.High[i])
			}
		}
		t.Logf("%s: %v, SE %v, LL %.5f, gradient %.1e, condition %.0f, %d evaluations", want.name, f.Params, f.SE,
			f.LogLikelihood, f.Gradient, f.Condition, f.Evaluations)
	}
}

func within(t *testing.T, name btyd.Name, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %s is %.8g, want %.8g ± %.2g", name, what, got, want, tolerance)
	}
}

// Every model gets to its maximum from thirty random starts, each parameter log-uniform in [1/30, 30], with time in
// weeks, days, hours, and as a share of the longest.
func TestEveryRandomStartConvergesInEveryUnitOfTime(t *testing.T) {
	cells := cellsOf(sample(t))
	longest := 0.
	for _, c := range cells {
		longest = math.Max(longest, c.T)
	}
	for _, want := range published {
		if !known(want.name) {
			continue
		}
		for unit, scale := range map[string]float64{"weeks": 1, "days": 7, "hours": 168, "longest": 1 / longest} {
			p, err := btyd.Problem(want.name, 1, scaled(cells, scale))
			if err != nil {
				t.Fatal(err)
			}
			p.Starts = randomStarts(30, len(p.Names))
			r := estimate.Fit(p)
			if r.Agree != 30 || r.Status != estimate.Converged {
				t.Errorf("%s in %s: %d of 30 starts agree, %s", want.name, unit, r.Agree, r.Status)
			}
			t.Logf("%s in %s: %.0f evaluations a start", want.name, unit, float64(r.Evaluations)/30)
			within(t, want.name, "r in "+unit, r.Params[0], want.params[0], 1e-4*want.params[0])
			within(t, want.name, "α in "+unit, r.Params[1], want.params[1]*scale, 1e-4*want.params[1]*scale)
		}
	}
}

func scaled(cells []btyd.Cell, by float64) []btyd.Cell {
	out := make([]btyd.Cell, len(cells))
	for i, c := range cells {
		c.TX *= by
		c.T *= by
		out[i] = c
	}
	return out
}

func randomStarts(n, parameters int) [][]float64 {
	rng := rand.New(rand.NewPCG(2005, 275))
	out := make([][]float64, n)
	for i := range out {
		for range parameters {
			out[i] = append(out[i], (2*rng.Float64()-1)*math.Log(30))
		}
	}
	return out
}
