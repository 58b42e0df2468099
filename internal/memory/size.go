// Package memory reads and writes sizes of memory, and asks the machine how much there is and how much was taken.
package memory

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// The sizes of a promise.
const (
	Least   = 128 << 20 // below it not even the smallest file could be promised
	Default = 1 << 30
)

var errSize = errors.New(`expected a size such as "512MiB", "1.5GiB", "2GB" or a number of bytes`)

// units by their names in lower case. Bare letters are not among them: 512m is 512 MiB to some and 512 MB to others.
var units = map[string]float64{
	"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
}

// Parse reads a size in bytes: 512MiB, 1.5 GiB, 2GB, 800000000. The error says what is expected.
func Parse(text string) (int64, error) {
	number := strings.TrimSpace(text)
	unit := strings.TrimLeft(number, "0123456789.")
	number = strings.TrimSuffix(number, unit)
	factor, ok := units[strings.ToLower(strings.TrimSpace(unit))]
	n, err := strconv.ParseFloat(number, 64)
	switch {
	case !ok || err != nil, factor == 1 && strings.Contains(number, "."):
		return 0, errSize
	case n*factor >= math.MaxInt64:
		return 0, fmt.Errorf("expected less than %s", Format(math.MaxInt64))
	}
	return int64(math.Round(n * factor)), nil
}

// Promise reads a size that may be promised.
func Promise(text string) (int64, error) {
	n, err := Parse(text)
	if err != nil {
		return 0, err
	}
	return n, Check(n)
}

// Check says what is wrong with a promise.
func Check(n int64) error {
	if n < Least {
		return fmt.Errorf("expected at least %s", Format(Least))
	}
	return nil
}

// Format writes a size for people, in the largest binary unit of which there is one, with at most one decimal.
func Format(n int64) string {
	unit, size := "bytes", float64(n)
	for _, u := range []string{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"} {
		if size < 1023.95 {
			break
		}
		unit, size = u, size/1024
	}
	return strings.TrimSuffix(strconv.FormatFloat(size, 'f', 1, 64), ".0") + " " + unit
}
