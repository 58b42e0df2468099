package journey

import (
	"strconv"
	"strings"
)

// seconds per unit of a duration; "j" is the French day.
var seconds = map[string]int64{"s": 1, "min": 60, "h": 3600, "d": 86400, "j": 86400}

// parseDuration reads "60s", "20 min", "4h", "90d" or "90 j" and returns seconds; ok is false for anything else, zero and
// more than a century included.
func parseDuration(s string) (sec int64, ok bool) {
	s = strings.TrimSpace(s)
	digits := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if digits <= 0 {
		return 0, false
	}
	n, err := strconv.ParseInt(s[:digits], 10, 64)
	unit := seconds[strings.TrimLeft(s[digits:], " \u00a0\u202f")]
	const century = 100 * 366 * 86400
	if err != nil || n <= 0 || unit == 0 || n > century/unit {
		return 0, false
	}
	return n * unit, true
}

// parseScale reads "worst-best", as in "1-5", "7-1", "0-10", or "nps" for a column that already holds −100 to 100.
func parseScale(s string) (worst, best float64, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "nps" {
		return -100, 100, true
	}
	s = strings.ReplaceAll(s, "−", "-")
	if len(s) < 3 {
		return 0, 0, false
	}
	// The separator is the first hyphen that is not a sign.
	i := strings.Index(s[1:], "-")
	if i < 0 {
		return 0, 0, false
	}
	worst, err1 := strconv.ParseFloat(strings.TrimSpace(s[:i+1]), 64)
	best, err2 := strconv.ParseFloat(strings.TrimSpace(s[i+2:]), 64)
	const widest = 1e6
	if err1 != nil || err2 != nil || worst == best || !(worst > -widest && worst < widest && best > -widest && best < widest) {
		return 0, 0, false
	}
	return worst, best, true
}

// Valence converts an answer on a scale from worst to best to −2…+2: 4·(x − worst)/(best − worst) − 2. It is a convention
// for comparison, not psychometrics. A scale of no width gives 0.
func Valence(x, worst, best float64) float64 {
	if worst == best {
		return 0
	}
	return 4*(x-worst)/(best-worst) - 2
}
