package site

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"parcours/internal/diag"
)

// brand is the shop's look as files of the site.
type brand struct {
	logo string // path, "" none
	css  string // path, "" none
}

// loadBrand copies the logo and the face of the site and writes the style sheet with its colours. Only colours of the
// form #rrggbb reach it; nothing else of site.toml does.
func (s *shared) loadBrand(in Input) {
	c := in.Config.Brand
	if c.Logo != "" {
		s.brand.logo = s.brandFile(in, c.Logo, "brand-logo", ".svg", ".png", ".jpg", ".webp")
	}
	face := ""
	if c.Face != "" {
		face = s.brandFile(in, c.Face, "brand-face", ".woff2")
	}
	if css := brandCSS(c.Color, c.Dark, strings.TrimPrefix(face, "assets/")); css != "" {
		s.brand.css = s.addAsset("brand.css", []byte(css))
	}
}

func (s *shared) brandFile(in Input, name, as string, exts ...string) string {
	ext := strings.ToLower(path.Ext(name))
	ok := false
	for _, e := range exts {
		ok = ok || e == ext
	}
	pos := diag.Position{File: in.Config.File}
	if !ok {
		s.diags.Errorf(codeBrand, pos, "%s cannot be used here: give a file that ends in %s", name, strings.Join(exts, ", "))
		return ""
	}
	content, err := fs.ReadFile(in.Project, path.Clean(name))
	if err != nil {
		s.diags.Errorf(codeBrand, pos, "cannot read the brand file %s", name)
		return ""
	}
	return s.addAsset(as+ext, content)
}

// codeBrand is the code of mistakes in the brand's files.
const codeBrand diag.Code = "PO020"

var hexColor = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

func brandCSS(color, dark, face string) string {
	var out strings.Builder
	if face != "" {
		fmt.Fprintf(&out, "@font-face { font-family: \"Brand\"; src: url(\"%s\") format(\"woff2\"); font-display: swap; }\n", face)
		out.WriteString(":root { --serif: \"Brand\", Georgia, \"Times New Roman\", serif; }\n")
	}
	if !hexColor.MatchString(color) {
		return out.String()
	}
	light, _ := parseColor(color)
	fmt.Fprintf(&out, ":root { --brand: %s; }\n", light.readableOn(paperLight))
	night := light.lightOn(paperDark)
	if hexColor.MatchString(dark) {
		night, _ = parseColor(dark)
		night = night.readableOn(paperDark)
	}
	fmt.Fprintf(&out, "@media screen and (prefers-color-scheme: dark) { :root { --brand: %s; } }\n", night)
	return out.String()
}
