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

// lightOn is a lighter tone of the colour, of the same hue, that reads well on a dark ground: well above the minimum,
// because thin light letters on dark look thinner than they are.
func (c rgb) lightOn(ground rgb) rgb {
	const wanted = 9
	h, s, l := c.hsl()
	for ; l < 1; l += 0.02 {
		if tone := fromHSL(h, s, l); contrast(tone, ground) >= wanted {
			return tone
		}
	}
	return rgb{255, 255, 255}
}

// hsl gives hue (0–6), saturation and lightness (0–1).
func (c rgb) hsl() (h, s, l float64) {
	r, g, b := c[0]/255, c[1]/255, c[2]/255
	high, low := math.Max(r, math.Max(g, b)), math.Min(r, math.Min(g, b))
	l = (high + low) / 2
	d := high - low
	if d == 0 {
		return 0, 0, l
	}
	s = d / (1 - math.Abs(2*l-1))
	switch high {
	case r:
		h = math.Mod((g-b)/d+6, 6)
	case g:
		h = (b-r)/d + 2
	default:
		h = (r-g)/d + 4
	}
	return h, s, l
}

func fromHSL(h, s, l float64) rgb {
	chroma := (1 - math.Abs(2*l-1)) * s
	x := chroma * (1 - math.Abs(math.Mod(h, 2)-1))
	parts := [6][3]float64{{chroma, x, 0}, {x, chroma, 0}, {0, chroma, x}, {0, x, chroma}, {x, 0, chroma}, {chroma, 0, x}}
	p, m := parts[int(h)%6], l-chroma/2
	return rgb{math.Round((p[0] + m) * 255), math.Round((p[1] + m) * 255), math.Round((p[2] + m) * 255)}
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
