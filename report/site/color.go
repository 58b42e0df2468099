package site

import (
	"fmt"
	"math"
	"strconv"
)

// rgb is an sRGB colour, 0–255.
type rgb [3]float64

// The theme's grounds, light and dark: text in the brand's colour must stand out on them.
var (
	paperLight = rgb{0xfd, 0xfc, 0xf9}
	paperDark  = rgb{0x11, 0x15, 0x1b}
)

// minContrast is WCAG 2.2 success criterion 1.4.3 (AA) for text.
const minContrast = 4.5

func parseColor(s string) (rgb, bool) {
	if len(s) != 7 || s[0] != '#' {
		return rgb{}, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil {
		return rgb{}, false
	}
	return rgb{float64(n >> 16), float64(n >> 8 & 255), float64(n & 255)}, true
}

func (c rgb) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0])), int(math.Round(c[1])), int(math.Round(c[2])))
}

// luminance is the relative luminance of WCAG 2.2.
func (c rgb) luminance() float64 {
	linear := func(v float64) float64 {
		v /= 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}

func contrast(a, b rgb) float64 {
	la, lb := a.luminance(), b.luminance()
	if la < lb {
		la, lb = lb, la
	}
	return (la + 0.05) / (lb + 0.05)
}

// readableOn moves the colour toward black or white, away from the ground, until text in it has enough contrast.
func (c rgb) readableOn(ground rgb) rgb {
	target := rgb{}
	if ground.luminance() < 0.5 {
		target = rgb{255, 255, 255}
	}
	for step := 0.0; step <= 1; step += 0.05 {
		var mixed rgb
		for i := range mixed {
			mixed[i] = math.Round(c[i] + (target[i]-c[i])*step)
		}
		if contrast(mixed, ground) >= minContrast {
			return mixed
		}
	}
	return target
}
