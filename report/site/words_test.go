package site

import "testing"

func TestTheUnitOfAnAmountIsSetApart(t *testing.T) {
	for s, want := range map[string][3]string{
		"1 234,50\u00a0€": {"", "1 234,50", "\u00a0€"},
		"€1,234.50":       {"€", "1,234.50", ""},
		"−€12":            {"€", "−12", ""},
		"−12\u00a0€":      {"", "−12", "\u00a0€"},
		"€1.2M":           {"€", "1.2", "M"},
		"18,9\u00a0%":     {"", "18,9", "\u00a0%"},
		"–":               {"", "–", ""},
	} {
		before, digits, after := splitUnit(s)
		if got := [3]string{before, digits, after}; got != want {
			t.Errorf("splitUnit(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestBandsAreFixed(t *testing.T) {
	for v, want := range map[float64]string{0: "q0", .019: "q0", .02: "q1", .159: "q5", .399: "q7", .4: "q8", 1: "q8"} {
		if got := band(v, rateBounds()); got != want {
			t.Errorf("band(%v) = %s, want %s", v, got, want)
		}
	}
}
