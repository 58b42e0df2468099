package special_test

import (
	"bufio"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"parcours/report/clv/special"
)

// reference reads testdata/special.tsv: a function, up to four arguments, its value.
func reference(t *testing.T, each func(name string, args []float64, want float64)) {
	t.Helper()
	f, err := os.Open("testdata/special.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		fields := strings.Split(lines.Text(), "\t")
		var numbers []float64
		for _, s := range fields[1:] {
			if s == "" {
				continue
			}
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatal(err)
			}
			numbers = append(numbers, v)
		}
		last := len(numbers) - 1
		each(fields[0], numbers[:last], numbers[last])
	}
}

func TestFunctionsAgreeWithFiftyDigits(t *testing.T) {
	functions := map[string]func(a []float64) float64{
		"hyp2f1":    func(a []float64) float64 { return special.LogHyp2F1(a[0], a[1], a[2], a[3]) },
		"incbeta":   func(a []float64) float64 { return special.LogIncompleteBeta(a[0], a[1], a[2], a[3]) },
		"rising":    func(a []float64) float64 { return special.LogRising(a[0], a[1]) },
		"psirising": func(a []float64) float64 { return special.DigammaRising(a[0], a[1]) },
		"psi":       func(a []float64) float64 { return special.Digamma(a[0]) },
		"trigamma":  func(a []float64) float64 { return special.Trigamma(a[0]) },
		"expint":    func(a []float64) float64 { return special.ScaledExpIntegral(a[0], a[1]) },
		"lbeta":     func(a []float64) float64 { return special.LogBeta(a[0], a[1]) },
	}
	seen := map[string]int{}
	reference(t, func(name string, args []float64, want float64) {
		seen[name]++
		got := functions[name](args)
		if !(math.Abs(got-want) <= 2e-11*math.Abs(want)+1e-12) {
			t.Errorf("%s%v is %.17g, want %.17g: off by %.1e", name, args, got, want, got-want)
		}
	})
	for name := range functions {
		if seen[name] < 30 {
			t.Errorf("only %d values of %s", seen[name], name)
		}
	}
}

func TestIntegrateIsExactForPolynomials(t *testing.T) {
	got := special.Integrate(func(x float64) float64 { return math.Pow(x, 63) }, 0, 1, 1)
	if math.Abs(got*64-1) > 1e-13 {
		t.Errorf("∫ x⁶³ is %.17g", got)
	}
	if got := special.Integrate(math.Exp, -1, 3, 4); math.Abs(got/(math.Exp(3)-math.Exp(-1))-1) > 1e-14 {
		t.Errorf("∫ eˣ is %.17g", got)
	}
	if got := special.Integrate(math.Exp, 2, 2, 3); got != 0 {
		t.Errorf("an empty interval gives %g", got)
	}
}

func TestLogIntegrateNeitherOverflowsNorVanishes(t *testing.T) {
	for _, shift := range []float64{0, -5000, 5000} {
		got := special.LogIntegrate(func(x float64) float64 { return shift - x*x/2 }, -10, 10, 6)
		if want := shift + math.Log(2*math.Pi)/2; math.Abs(got-want) > 1e-12*(1+math.Abs(want)) {
			t.Errorf("at %g: %.17g, want %.17g", shift, got, want)
		}
	}
	if got := special.LogIntegrate(func(float64) float64 { return math.Inf(-1) }, 0, 1, 1); !math.IsInf(got, -1) {
		t.Errorf("ln of nothing is %g", got)
	}
}

func TestBetaNodesHaveTheMomentsOfTheBeta(t *testing.T) {
	for _, c := range [][2]float64{{1, 1}, {.3, .2}, {1e-6, 3}, {3, 1e-6}, {5e5, 2e6}, {40, .5}} {
		a, b := c[0], c[1]
		p, weight := special.BetaNodes(a, b, 1, 1)
		var total, mean float64
		for i := range p {
			total += weight[i]
			mean += weight[i] * p[i]
		}
		if math.Abs(total-1) > 1e-13 || math.Abs(mean-a/(a+b)) > 1e-12 {
			t.Errorf("Beta(%g, %g): weights sum to %.15g, mean %.15g", a, b, total, mean)
		}
	}
}

// The mean of (1 + pz)^−n is Gauss' function, by a series or another grid.
func TestBetaNodesGiveTheHypergeometricFunction(t *testing.T) {
	for _, c := range [][4]float64{{.8, 2.4, 1.2, 3}, {.05, .1, 4, 1}, {12, 3, 30, 6}, {.8, 200, 200, 2}, {3, 3, 5000, 1}} {
		p, weight := special.BetaNodes(c[0], c[1], c[2], c[3])
		for _, v := range []float64{c[3], c[3] / 2, c[3] / 100} {
			z := math.Expm1(v)
			var mean float64
			for i := range p {
				mean += weight[i] * math.Exp(-c[2]*math.Log1p(p[i]*z))
			}
			if want := special.LogHyp2F1(c[2], c[0], c[0]+c[1], -z); math.Abs(math.Log(mean)-want) > 1e-9*(1+math.Abs(want)) {
				t.Errorf("%v at %g: %.15g, want %.15g", c, v, math.Log(mean), want)
			}
		}
	}
}

func TestLogHyp2F1IsFiniteForRandomExtremes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	wide := func() float64 { return math.Exp(rng.Float64()*30 - 15) }
	for range 1000 {
		a, b, rest := wide(), wide(), wide()
		z := []float64{-wide(), rng.Float64(), 1 - 1e-9*rng.Float64() - 1e-12}[rng.IntN(3)]
		if v := special.LogHyp2F1(a, b, b+rest, z); math.IsNaN(v) || math.IsInf(v, 0) || v*z < -1e-12*math.Abs(z) {
			t.Errorf("₂F₁(%g, %g; %g; %g): %g", a, b, b+rest, z, v)
		}
	}
}

func TestLogIncompleteBetaIsALogarithmOfAProbability(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	wide := func() float64 { return math.Exp(rng.Float64()*30 - 15) }
	for range 1000 {
		a, b, odds := wide(), wide(), wide()
		if v := special.LogIncompleteBeta(a, b, odds/(1+odds), 1/(1+odds)); !(v <= 0) || math.IsInf(v, -1) {
			t.Errorf("I(%g, %g) at odds %g: %g", a, b, odds, v)
		}
	}
	if v := special.LogIncompleteBeta(2, 3, 0, 1); !math.IsInf(v, -1) {
		t.Errorf("at 0: %g", v)
	}
	if v := special.LogIncompleteBeta(2, 3, 1, 0); v != 0 {
		t.Errorf("at 1: %g", v)
	}
}

func TestLogAddAndSoftplusDoNotOverflow(t *testing.T) {
	infinity := math.Inf(1)
	for _, c := range [][3]float64{{0, 0, math.Ln2}, {1000, 0, 1000}, {-1000, -1000, -1000 + math.Ln2}, {-infinity, 3, 3}, {-infinity, -infinity, -infinity}} {
		if got := special.LogAdd(c[0], c[1]); !(math.Abs(got-c[2]) < 1e-12 || got == c[2]) {
			t.Errorf("LogAdd(%g, %g) is %g", c[0], c[1], got)
		}
	}
	for _, c := range [][3]float64{{0, math.Ln2, .5}, {1000, 1000, 1}, {-1000, 0, 0}, {2, 2.1269280110429725, .8807970779778823}} {
		if s, l := special.Softplus(c[0]), special.Logistic(c[0]); math.Abs(s-c[1]) > 1e-14 || math.Abs(l-c[2]) > 1e-14 {
			t.Errorf("at %g: softplus %g, logistic %g", c[0], s, l)
		}
	}
}
