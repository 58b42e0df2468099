package chart

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parcours/report/i18n"
)

// vector is one number as the page must write it.
type vector struct {
	Signs i18n.Signs
	Name  Format
	Value float64
	Text  string
}

// The browser must write what Go writes. Where Node is installed, the page's own formatters are asked.
func TestThePageWritesNumbersAsGoDoes(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed")
	}
	vectors := numbers(t)
	encoded, err := json.Marshal(vectors)
	if err != nil {
		t.Fatal(err)
	}
	script := themeFile(t, "static/js/formatters.js") + "\nvar vectors = " + string(encoded) + `;
console.log(JSON.stringify(vectors.map(function (v) { return parcoursFormats.text(v.Name, v.Value, v.Signs); })));`
	file := filepath.Join(t.TempDir(), "vectors.js")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(node, file).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := json.Unmarshal(out, &got); err != nil || len(got) != len(vectors) {
		t.Fatalf("%d answers, %v", len(got), err)
	}
	for i, v := range vectors {
		if got[i] != v.Text {
			t.Errorf("%s of %v: the page writes %+q, Go %+q", v.Name, v.Value, got[i], v.Text)
		}
	}
}

func numbers(t *testing.T) []vector {
	values := []float64{
		0, 1, -1, 0.5, 2.5, -2.5, 0.285, 1.005, 0.0949, 0.09949, 0.9995, 0.99951, 9.9999, 99949, 99950, 999.5, 1e-7, -1e-7, 1.5e-12,
		12, 123, 1234, 12345, 123456, 1234567, 99999.4, 99999.5, 63932412, -63932412, 1e15, 9007199254740991, 1e21, 1.7e300, 0.1 + 0.2,
	}
	for i := range 140 { // a walk over magnitudes, the same at every run
		values = append(values, math.Sin(float64(i))*math.Pow(10, float64(i%14-3)))
	}
	var out []vector
	for _, lang := range []string{"fr", "en"} {
		for code, digits := range map[string]int{"EUR": 2, "JPY": 0, "KWD": 3} {
			loc := locale(t, lang).WithCurrency(code, digits)
			for f := range formats {
				for _, v := range values {
					out = append(out, vector{loc.Signs(), f, v, f.Text(loc, v)})
				}
			}
		}
	}
	return out
}

func TestAxesWriteShortNumbers(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed")
	}
	fr := locale(t, "fr")
	cases := []vector{
		{fr.Signs(), Money, 0, "0\u00a0€"},
		{fr.Signs(), Money, 50, "0,5\u00a0€"},
		{fr.Signs(), Money, 500000, "5\u00a0000\u00a0€"},
		{fr.Signs(), Money, 20000000, "200\u00a0k€"},
		{fr.Signs(), Money, 1250000, "12,5\u00a0k€"},
		{fr.Signs(), Money, -150000000, "\u22121,5\u00a0M€"},
		{fr.Signs(), Money, 250000000000, "2,5\u00a0Md€"},
		{fr.Signs(), Percent, 0.05, "5\u00a0%"},
		{fr.Signs(), Percent, 0.125, "12,5\u00a0%"},
		{fr.Signs(), Percent, 0, "0\u00a0%"},
		{fr.Signs(), Integer, 20000, "20\u00a0000"},
		{fr.Signs(), Decimal, 0.25, "0,25"},
		{fr.Signs(), Days, 30, "30\u00a0j"},
		{locale(t, "en").Signs(), Money, 20000000, "€200k"},
		{locale(t, "en").Signs(), Money, -20000000, "\u2212€200k"},
	}
	encoded, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "-")
	cmd.Stdin = strings.NewReader(themeFile(t, "static/js/formatters.js") + "\nconsole.log(JSON.stringify(" + string(encoded) +
		".map(function (v) { return parcoursFormats.axis(v.Name, v.Value, v.Signs); })));")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		if got[i] != c.Text {
			t.Errorf("%s %v: got %+q, want %+q", c.Name, c.Value, got[i], c.Text)
		}
	}
}
