package btyd_test

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"parcours/report/clv/btyd"
)

// betaGeometricCase is a row of testdata/betageometric.tsv, whose first lines say how it was made.
type betaGeometricCase struct {
	kind                 string
	name                 btyd.Name
	params               []float64
	history              btyd.History
	logLikelihood, alive float64
	delta, t, expected   float64
}

func betaGeometricCases(t testing.TB) (cases []betaGeometricCase) {
	t.Helper()
	f, err := os.Open("testdata/betageometric.tsv")
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
		v := make([]float64, len(fields)-2)
		for i, s := range fields[1 : len(fields)-1] {
			if v[i], err = strconv.ParseFloat(s, 64); err != nil {
				t.Fatal(err)
			}
		}
		cases = append(cases, betaGeometricCase{
			kind: fields[0], name: betaGeometrics[int(v[0])], params: v[1:5], history: history(int(v[5]), v[6], v[7]),
			logLikelihood: v[8], alive: v[9], delta: v[10], t: v[11], expected: v[12],
		})
	}
	return cases
}

// near allows a relative error, and an absolute one for what is nothing.
func near(got, want, relative float64) bool {
	return math.Abs(got-want) <= relative*math.Abs(want)+1e-13
}

func TestBetaGeometricAgreesWithFiftyDigits(t *testing.T) {
	cases := betaGeometricCases(t)
	if len(cases) < 200 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		m := newModel(t, c.name, c.params)
		if got := m.LogLikelihood(c.history); !near(got, c.logLikelihood, 1e-9) {
			t.Errorf("%s, %s%v %+v: log-likelihood %.15g, want %.15g", c.kind, c.name, c.params, c.history, got, c.logLikelihood)
		}
		if got := m.Alive(c.history); !near(got, c.alive, 1e-8) {
			t.Errorf("%s, %s%v %+v: P(alive) %.15g, want %.15g", c.kind, c.name, c.params, c.history, got, c.alive)
		}
		if got := expected(m, c.history, c.delta, c.t); !near(got, c.expected, 1e-8) {
			t.Errorf("%s, %s%v %+v: at %g, %g weeks: expected %.15g, want %.15g (%.1e)", c.kind, c.name, c.params, c.history, c.delta, c.t, got, c.expected, got/c.expected-1)
		}
	}
}
