package config

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"parcours/internal/diag"
)

// brand checks [brand].
func (c *checker) brand() {
	raw := c.raw.Brand
	b := &c.site.Brand
	if c.has("brand.name") && c.text("brand.name", raw.Name) {
		b.Name = raw.Name
	}
	b.Logo = c.file("brand.logo", raw.Logo, ".svg", ".png")
	b.Face = c.file("brand.face", raw.Face, ".woff2")
	b.Color = c.color("brand.color", raw.Color)
	b.Dark = c.color("brand.color_dark", raw.ColorDark)
	if b.Color == "" && b.Dark != "" && c.absent("brand.color") {
		c.errorf(CodeConflict, "brand.color_dark", "add color", `"color_dark" is given without "color"`)
	}
}

var (
	colorForm  = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	colorShort = regexp.MustCompile(`^#?([0-9a-fA-F])([0-9a-fA-F])([0-9a-fA-F])$`)
	colorBare  = regexp.MustCompile(`^[0-9a-fA-F]{6}$`)
)

// color reads a colour in the only form that needs no knowledge of CSS.
func (c *checker) color(path, value string) string {
	if !c.has(path) {
		return ""
	}
	if colorForm.MatchString(value) {
		return strings.ToLower(value)
	}
	hint := `write # and six hexadecimal digits, such as "#1f4e5f"`
	if m := colorShort.FindStringSubmatch(value); m != nil {
		hint = `did you mean "#` + m[1] + m[1] + m[2] + m[2] + m[3] + m[3] + `"?`
	} else if colorBare.MatchString(value) {
		hint = `did you mean "#` + value + `"?`
	}
	c.errorf(CodeColor, path, hint, "%q is not a colour", value)
	return ""
}

// Lifecycles are the stages of the relationship, in order: the keys of [stages]. They are those of the journey maps,
// which this package does not know; a test compares them.
func Lifecycles() []string {
	return []string{"acquisition", "conversion", "retention", "loyalty", "reactivation", "advocacy"}
}

// stages checks [stages], the site's own words for the lifecycle.
func (c *checker) stages() {
	c.site.Stages = map[string]string{}
	for _, name := range sortedKeys(c.raw.Stages) {
		path := "stages." + name
		if !slices.Contains(Lifecycles(), name) {
			c.doc.ErrorAt(&c.l, CodeWord, c.doc.KeyPos(path), diag.OneOf(name, Lifecycles()), "%q is not a stage of the lifecycle", name)
			continue
		}
		if c.text(path, c.raw.Stages[name]) {
			c.site.Stages[name] = c.raw.Stages[name]
		}
	}
}

// codeForm is the form of diagnostic codes; which of them exist is known to the packages that give them.
var codeForm = regexp.MustCompile(`^P[CDJMORTX][0-9]{3}$`)

// warnings checks [warnings], which re-levels warnings by code. Errors cannot be silenced, so a code that is only
// ever an error has no effect here.
func (c *checker) warnings() {
	c.site.Report.Warnings = map[diag.Code]diag.Severity{}
	for _, code := range sortedKeys(c.raw.Warnings) {
		path := "warnings." + code
		if !codeForm.MatchString(code) {
			c.doc.ErrorAt(&c.l, CodeWarnings, c.doc.KeyPos(path), "codes are shown in brackets in the messages, such as PJ103",
				"%s is not the code of a warning", strconv.Quote(code))
			continue
		}
		switch c.word(path, c.raw.Warnings[code], "warning", []string{"error", "warning", "off"}) {
		case "error":
			c.site.Report.Warnings[diag.Code(code)] = diag.Error
		case "off":
			c.site.Report.Silenced = append(c.site.Report.Silenced, diag.Code(code))
		}
	}
}

// sortedKeys gives the keys of a map an order, so that messages come out the same at every run.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
