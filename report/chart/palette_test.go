package chart

import (
	"fmt"
	"io/fs"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parcours/themes"
)

func themeFile(t *testing.T, name string) string {
	t.Helper()
	src, err := fs.ReadFile(themes.Default(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

var property = regexp.MustCompile(`(--[a-z0-9-]+): *(#[0-9a-f]{3,6})\b`)

// properties reads the colours of the first :root block after a mark of the style sheet.
func properties(t *testing.T, css, after string) map[string]string {
	t.Helper()
	at := strings.Index(css, after)
	if at < 0 {
		t.Fatalf("the style sheet has no %q", after)
	}
	body := css[at:]
	body = body[strings.Index(body, ":root"):]
	body = body[:strings.Index(body, "}")]
	out := map[string]string{}
	for _, m := range property.FindAllStringSubmatch(body, -1) {
		out[m[1]] = m[2]
	}
	return out
}

// pageColors reads the page's table of colours: name → the last custom property of its chain.
func pageColors(t *testing.T) map[string]string {
	t.Helper()
	js := themeFile(t, "static/js/parcours.js")
	table := js[strings.Index(js, "var colors = {"):]
	table = table[:strings.Index(table, "};")]
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`(\w+): "([^"]+)"`).FindAllStringSubmatch(table, -1) {
		chain := regexp.MustCompile(`--[a-z0-9-]+`).FindAllString(m[2], -1)
		out[m[1]] = chain[len(chain)-1]
	}
	return out
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(hex string) float64 {
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = fmt.Sprintf("%c%c%c%c%c%c", hex[0], hex[0], hex[1], hex[1], hex[2], hex[2])
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestContrastIsComputedAsPublished(t *testing.T) {
	for _, c := range []struct {
		a    string
		want float64
	}{{"#000", 21}, {"#767676", 4.54}, {"#fac858", 1.56}, {"#5470c6", 4.66}} {
		if got := contrast(c.a, "#fff"); math.Abs(got-c.want) > 0.01 {
			t.Errorf("%s on white: %.2f, want %.2f", c.a, got, c.want)
		}
	}
}

func TestThePageKnowsEveryColour(t *testing.T) {
	if got, want := slices.Sorted(maps.Keys(pageColors(t))), slices.Sorted(maps.Keys(tokens)); !slices.Equal(got, want) {
		t.Errorf("the page knows %v, the options use %v", got, want)
	}
	for r, l := range looks {
		if !tokens[l.token] {
			t.Errorf("role %q has the unknown colour %q", r, l.token)
		}
	}
}

// Text needs 4.5:1, marks that carry a finding 3:1. The pale shades never stand alone: they lie in stacks, between lines
// of the ground, and every value is in the table.
func TestColoursHaveContrast(t *testing.T) {
	css, names := themeFile(t, "static/parcours.css"), pageColors(t)
	light := properties(t, css, "")
	dark := maps.Clone(light)
	maps.Copy(dark, properties(t, css, "@media screen and (prefers-color-scheme: dark)"))
	for scheme, colors := range map[string]map[string]string{"light": light, "dark": dark} {
		for least, tokens := range map[float64][]string{
			4.5: {"ink", "ink2", "ink3", "main", "good", "bad", "cost"},
			3:   {"mid", "mean", "care", "q5", "q6"},
		} {
			for _, token := range tokens {
				color, ok := colors[names[token]]
				if !ok {
					t.Errorf("%s: the theme has no %s", scheme, names[token])
					continue
				}
				if got := contrast(color, colors["--paper"]); got < least {
					t.Errorf("%s: %s (%s) has %.2f:1, needs %.1f", scheme, token, color, got, least)
				}
			}
		}
	}
}
