package config

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/currency"

	"parcours/internal/diag"
)

// Defaults of site.toml, in one place.
const (
	defaultLanguage = "en"
	defaultZone     = "UTC"
	defaultCurrency = "EUR"
	defaultOutput   = "public"
	defaultPages    = "content"
	defaultMaps     = "content/journey/*.toml"
	defaultPlays    = "content/playbook/*.toml"
)

// head checks [site].
func (c *checker) head() {
	raw := c.raw.Site
	if strings.TrimSpace(raw.Title) == "" && !c.bad["site.title"] && !c.bad["site"] {
		c.errorf(CodeMissing, "site.title", `add title = "…" under [site]: the name of the shop`, "the site has no title")
	}
	c.site.Title = raw.Title
	c.languages()
	c.zone()
	c.currency()
	c.theme()
	c.site.Output = c.output()
	c.site.Pages = c.pages()
	c.notice()
	c.week()
}

// languages reads `language` or `languages`; the first is the default.
func (c *checker) languages() {
	raw := c.raw.Site
	one, many := "site.language", "site.languages"
	if c.doc.Has(one) && c.doc.Has(many) {
		c.errorf(CodeConflict, many, "keep languages, its first element is the default", `"language" and "languages" are both given`)
	}
	switch {
	case c.has(many):
		for _, i := range c.list(many, raw.Languages) {
			if c.language(c.element(many, i), raw.Languages[i]) {
				c.site.Languages = append(c.site.Languages, raw.Languages[i])
			}
		}
	case c.has(one) && c.language(one, raw.Language):
		c.site.Languages = []string{raw.Language}
	}
	if len(c.site.Languages) == 0 {
		c.site.Languages = []string{defaultLanguage}
	}
}

// builtin are the languages of the embedded theme.
func builtin() []string { return []string{"fr", "en"} }

func (c *checker) language(path, tag string) bool {
	if slices.Contains(builtin(), tag) || c.hasCatalogue(tag) {
		return true
	}
	hint := diag.OneOf(tag, builtin())
	if c.raw.Site.Theme != "" {
		hint += "; or add themes/" + c.raw.Site.Theme + "/i18n/" + tag + "/ with its texts"
	}
	c.errorf(CodeLanguage, path, hint, "there are no texts in language %q", tag)
	return false
}

var tagForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// hasCatalogue reports whether the site's own theme brings the texts of a language.
func (c *checker) hasCatalogue(tag string) bool {
	theme := c.raw.Site.Theme
	return tagForm.MatchString(tag) && themeForm.MatchString(theme) && c.isDir(filepath.Join("themes", theme, "i18n", tag))
}

// zone reads the time zone of the report. "Local" is refused, because the report would change with the machine.
func (c *checker) zone() {
	c.site.ZoneName = defaultZone
	c.site.Calendar.Zone = time.UTC
	path := "site.timezone"
	if !c.has(path) {
		return
	}
	if loc := c.location(path, c.raw.Site.Timezone); loc != nil {
		c.site.ZoneName, c.site.Calendar.Zone = c.raw.Site.Timezone, loc
	}
}

func (c *checker) location(path, name string) *time.Location {
	if name != "" && name != "Local" {
		if loc, err := time.LoadLocation(name); err == nil {
			return loc
		}
	}
	c.errorf(CodeZone, path, zoneHint(name), "%q is not a time zone", name)
	return nil
}

// zoneHint knows the city alone ("Paris") beside the usual typing errors.
func zoneHint(name string) string {
	for _, z := range frequentZones() {
		if _, city, _ := strings.Cut(z, "/"); city != "" && diag.Fold(city) == diag.Fold(strings.ReplaceAll(name, " ", "_")) {
			return `did you mean "` + z + `"?`
		}
	}
	if hint := diag.DidYouMean(name, frequentZones()); hint != "" {
		return hint
	}
	return `write an IANA name such as "Europe/Paris" or "UTC"`
}

// frequentZones serve suggestions only; every IANA name is accepted.
func frequentZones() []string {
	return []string{
		"UTC", "Europe/Paris", "Europe/London", "Europe/Brussels", "Europe/Zurich", "Europe/Luxembourg", "Europe/Berlin",
		"Europe/Madrid", "Europe/Rome", "Europe/Lisbon", "Europe/Amsterdam", "Europe/Dublin", "Europe/Vienna", "Europe/Warsaw",
		"Europe/Prague", "Europe/Stockholm", "Europe/Copenhagen", "Europe/Oslo", "Europe/Helsinki", "Europe/Athens",
		"Europe/Istanbul", "Africa/Casablanca", "Africa/Tunis", "Africa/Algiers", "Africa/Dakar", "Africa/Johannesburg",
		"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto", "America/Montreal",
		"America/Sao_Paulo", "America/Mexico_City", "Asia/Tokyo", "Asia/Kolkata", "Asia/Dubai", "Asia/Kuwait", "Asia/Singapore",
		"Asia/Shanghai", "Asia/Hong_Kong", "Australia/Sydney", "Pacific/Auckland", "Indian/Reunion",
	}
}

// currency reads the report's currency and its number of minor digits.
func (c *checker) currency() {
	c.site.Currency, c.site.Digits = defaultCurrency, 2
	path, code := "site.currency", c.raw.Site.Currency
	if c.absent(path) && !c.bad["site"] {
		c.warnf(CodeMissing, path, `add currency = "EUR" under [site], or the currency of your amounts`, "no currency is given: amounts are written in EUR")
	}
	if !c.has(path) {
		return
	}
	unit, err := currency.ParseISO(code)
	if err != nil || unit.String() == "XXX" || unit.String() == "XTS" {
		c.errorf(CodeCurrency, path, currencyHint(code), "%q is not a currency", code)
		return
	}
	if unit.String() != code {
		c.errorf(CodeCurrency, path, "write "+unit.String(), "%q is not written as a currency code", code)
	}
	c.site.Currency = unit.String()
	c.site.Digits, _ = currency.Standard.Rounding(unit)
}

func currencyHint(code string) string {
	signs := map[string]string{"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY", "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD"}
	if iso, ok := signs[strings.ToLower(strings.TrimSpace(code))]; ok {
		return `did you mean "` + iso + `"?`
	}
	return `write an ISO 4217 code such as "EUR", "GBP" or "JPY"`
}

var themeForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// theme is a folder under themes/; "default" names the embedded one.
func (c *checker) theme() {
	path, name := "site.theme", c.raw.Site.Theme
	if !c.has(path) || name == "default" {
		return
	}
	if !themeForm.MatchString(name) {
		c.errorf(CodePath, path, "letters, digits, - and _ only; the folder themes/<name> of the project", "%q is not the name of a theme", name)
		return
	}
	if c.site.Root != "" && !c.isDir(filepath.Join("themes", name)) {
		c.errorf(CodePath, path, c.nearEntry("themes", name), "there is no folder themes/%s", name)
		return
	}
	c.site.Theme = name
}

// notice is the banner of every page, in every language of the site.
func (c *checker) notice() {
	raw, path := c.raw.Site.Notice, "site.notice"
	if !c.has(path) {
		return
	}
	c.site.Notice = map[string]string{}
	if raw.single {
		c.text(path, raw.all)
		for _, lang := range c.site.Languages {
			c.site.Notice[lang] = raw.all
		}
		return
	}
	for _, lang := range sortedKeys(raw.by) {
		at := path + "." + lang
		switch {
		case slices.Contains(raw.odd, lang):
			c.errorf(CodeList, at, "", "the notice in %q is not a text", lang)
		case !slices.Contains(c.site.Languages, lang):
			c.errorf(CodeLanguage, at, diag.OneOf(lang, c.site.Languages), "the site has no language %q", lang)
		case c.text(at, raw.by[lang]):
			c.site.Notice[lang] = raw.by[lang]
		}
	}
	for _, lang := range c.site.Languages {
		if _, ok := raw.by[lang]; !ok {
			c.errorf(CodeLanguage, path, "", "the notice has no text in language %q", lang)
		}
	}
}

// text reports whether a text says something.
func (c *checker) text(path, value string) bool {
	if strings.TrimSpace(value) == "" {
		c.errorf(CodeList, path, "leave the line out for none", "%q is an empty text", key(path))
		return false
	}
	return true
}

// week reads the two settings of the calendar.
func (c *checker) week() {
	c.site.Calendar.WeekStart = time.Monday
	if c.word("site.week_start", c.raw.Site.WeekStart, "monday", []string{"monday", "sunday"}) == "sunday" {
		c.site.Calendar.SundayWeek = true
		c.site.Calendar.WeekStart = time.Sunday
	}
	c.site.Calendar.FiscalStart = time.Month(c.between("site.fiscal_year_start", c.raw.Site.FiscalYearStart, 1, 12, 1))
}
