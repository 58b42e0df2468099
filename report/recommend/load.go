package recommend

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"parcours/internal/diag"
	"parcours/internal/tomlpos"
	"parcours/journey"
)

// The codes of this package. PX codes are those of expressions.
const (
	CodeMissing     diag.Code = "PR002" // a key that every play needs
	CodeID          diag.Code = "PR003" // an id that is no slug, or that is taken
	CodeStage       diag.Code = "PR004" // not a stage of the lifecycle
	CodeEffort      diag.Code = "PR005" // effort out of 1–5
	CodeFigure      diag.Code = "PR006" // evidence or placeholder that is no figure
	CodeLanguage    diag.Code = "PR007" // a text missing in a language of the site
	CodeValue       diag.Code = "PR008" // value, its bounds and its formula do not go together
	CodeOff         diag.Code = "PR009" // a play switched off that does not exist
	CodePlaceholder diag.Code = "PR010" // {{ without }}
	CodeList        diag.Code = "PR011" // an empty text, or something given twice

	CodeSyntax  diag.Code = "PX101" // not an expression
	CodeName    diag.Code = "PX102" // unknown figure or function
	CodeType    diag.Code = "PX103" // a number where a condition is expected, or the reverse
	CodeUnits   diag.Code = "PX104" // figures with different units compared or added
	CodeForm    diag.Code = "PX105" // something that expressions of a playbook cannot do
	CodeLength  diag.Code = "PX106" // too long
	CodePercent diag.Code = "PX107" // warning: a fraction compared with a percentage
)

type rawBook struct {
	Play []rawPlay `toml:"play"`
}

type rawPlay struct {
	ID        string          `toml:"id"`
	Stage     string          `toml:"stage"`
	When      string          `toml:"when"`
	Evidence  tomlpos.Strings `toml:"evidence"`
	Effort    int64           `toml:"effort"`
	Value     string          `toml:"value"`
	ValueLow  string          `toml:"value_low"`
	ValueHigh string          `toml:"value_high"`
	// French and English are written [play.fr] and [play.en], any other language [play.text.xx].
	French  *rawText           `toml:"fr"`
	English *rawText           `toml:"en"`
	Text    map[string]rawText `toml:"text"`
}

type rawText struct {
	Title     string          `toml:"title"`
	Why       string          `toml:"why"`
	Contra    string          `toml:"contra"`
	Formula   string          `toml:"formula"`
	Owner     string          `toml:"owner"`
	Permanent tomlpos.Strings `toml:"permanent"`
	OneOff    tomlpos.Strings `toml:"one_off"`
}

// Load reads one playbook and checks the shape of its plays. Figures, expressions and languages are checked by Compile.
func Load(name string, src []byte) ([]Play, diag.List) {
	var raw rawBook
	doc, l := tomlpos.Load(name, src, &raw)
	if doc == nil {
		return nil, l
	}
	if l.HasErrors() {
		raw = rawBook{}
		if err := doc.Salvage(l, &raw); err != nil {
			return nil, l
		}
	}
	ld := loader{doc: doc, l: &l, bad: wrongKinds(l)}
	var plays []Play
	for i, r := range raw.Play {
		plays = append(plays, ld.play("play["+strconv.Itoa(i)+"]", r))
	}
	return plays, l
}

// wrongKinds lists the values that the shape check refused and that were therefore not decoded.
func wrongKinds(l diag.List) map[string]bool {
	bad := map[string]bool{}
	for _, d := range l.Sorted() {
		if d.Code != tomlpos.CodeKind {
			continue
		}
		path := d.Pos.Path
		for strings.HasSuffix(path, "]") {
			path = path[:strings.LastIndexByte(path, '[')]
		}
		bad[path] = true
	}
	return bad
}

type loader struct {
	doc *tomlpos.Doc
	l   *diag.List
	bad map[string]bool
}

var idForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// stages are the stages of the lifecycle, in order.
func stages() []string {
	return []string{
		string(journey.Acquisition), string(journey.Conversion), string(journey.Retention), string(journey.Loyalty),
		string(journey.Reactivation), string(journey.Advocacy),
	}
}

func (ld *loader) play(path string, r rawPlay) Play {
	p := Play{
		ID: r.ID, Stage: r.Stage, When: r.When, Value: r.Value, ValueLow: r.ValueLow, ValueHigh: r.ValueHigh, Effort: int(r.Effort),
		Title: map[string]string{}, Why: map[string]string{}, Contra: map[string]string{}, Formula: map[string]string{},
		Owner: map[string]string{}, Permanent: map[string][]string{}, OneOff: map[string][]string{},
		File: ld.doc.File, doc: ld.doc, path: path,
	}
	if ld.need(path, "id", "") && !idForm.MatchString(r.ID) {
		ld.error(CodeID, path+".id", "lower-case letters, digits and hyphens, such as \"second-order\"", "%q is not an id", r.ID)
	}
	if ld.need(path, "stage", "") && !slices.Contains(stages(), r.Stage) {
		ld.error(CodeStage, path+".stage", diag.OneOf(r.Stage, stages()), "%q is not a stage of the lifecycle", r.Stage)
	}
	ld.need(path, "when", "the condition that makes the play a recommendation")
	if ld.need(path, "effort", "from 1 (a day) to 5 (a project of months)") && (r.Effort < 1 || r.Effort > 5) {
		ld.error(CodeEffort, path+".effort", "", "effort is %d; expected a number from 1 (a day) to 5 (a project of months)", r.Effort)
	}
	ld.evidence(path+".evidence", r.Evidence, &p)
	ld.values(path, r)
	ld.texts(path, r, &p)
	return p
}

// need reports whether a play gives a key and its value can be looked at.
func (ld *loader) need(path, name, hint string) bool {
	at := path + "." + name
	if !ld.doc.Has(at) {
		ld.doc.ErrorAt(ld.l, CodeMissing, ld.doc.KeyPos(path), hint, "the play has no %s", name)
		return false
	}
	return !ld.bad[at]
}

func (ld *loader) error(code diag.Code, path, hint, format string, args ...any) {
	ld.doc.Error(ld.l, code, path, hint, format, args...)
}

func (ld *loader) evidence(path string, names []string, p *Play) {
	for i, n := range names {
		at := element(ld.doc, path, i)
		if slices.Contains(names[:i], n) {
			ld.error(CodeList, at, "", "%q is given twice as evidence", n)
			continue
		}
		p.Evidence = append(p.Evidence, n)
	}
}

// element returns the path of an element of a setting that is one text or a list of texts.
func element(doc *tomlpos.Doc, path string, i int) string {
	if p := path + "[" + strconv.Itoa(i) + "]"; doc.Has(p) {
		return p
	}
	return path
}

// values checks that the three expressions of the value at stake go together.
func (ld *loader) values(path string, r rawPlay) {
	has := func(name string) bool { return ld.doc.Has(path + "." + name) }
	for _, name := range []string{"value_low", "value_high"} {
		if has(name) && !has("value") {
			ld.error(CodeValue, path+"."+name, "value is the middle estimate", "%s is given without value", name)
		}
	}
	if has("value") && has("value_low") != has("value_high") {
		ld.error(CodeValue, path+".value", "", "give both value_low and value_high, or neither")
	}
}

// texts reads the texts of every language that the play gives.
func (ld *loader) texts(path string, r rawPlay, p *Play) {
	if r.French != nil {
		ld.text(path+".fr", "fr", *r.French, p)
	}
	if r.English != nil {
		ld.text(path+".en", "en", *r.English, p)
	}
	for _, lang := range sortedKeys(r.Text) {
		at := path + ".text." + lang
		if _, twice := p.Title[lang]; twice {
			ld.error(CodeList, at, "", "the texts in %q are given twice", lang)
			continue
		}
		ld.text(at, lang, r.Text[lang], p)
	}
	if len(p.Title) == 0 && !ld.bad[path+".fr"] && !ld.bad[path+".en"] {
		ld.doc.ErrorAt(ld.l, CodeMissing, ld.doc.KeyPos(path), "add [play.fr] or [play.en] with title and why", "the play has no text")
	}
}

func (ld *loader) text(path, lang string, r rawText, p *Play) {
	for _, t := range []struct{ name, value, hint string }{
		{"title", r.Title, "what to do, in a few words"}, {"why", r.Why, "what the figures say"},
	} {
		if strings.TrimSpace(t.value) == "" && !ld.bad[path+"."+t.name] {
			ld.error(CodeMissing, path+"."+t.name, t.hint, "the texts in %q have no %s", lang, t.name)
		}
	}
	if ld.doc.Has(p.path+".value") && strings.TrimSpace(r.Formula) == "" && !ld.bad[path+".formula"] {
		ld.error(CodeValue, path+".formula", "say in words how the value is estimated", "the texts in %q have no formula, but the play has a value", lang)
	}
	p.Title[lang], p.Why[lang] = r.Title, r.Why
	set(p.Contra, lang, r.Contra)
	set(p.Formula, lang, r.Formula)
	set(p.Owner, lang, r.Owner)
	if len(r.Permanent) > 0 {
		p.Permanent[lang] = r.Permanent
	}
	if len(r.OneOff) > 0 {
		p.OneOff[lang] = r.OneOff
	}
}

func set(m map[string]string, lang, value string) {
	if strings.TrimSpace(value) != "" {
		m[lang] = value
	}
}
