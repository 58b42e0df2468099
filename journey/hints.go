package journey

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"parcours/internal/diag"
	"parcours/internal/tomlpos"
)

// frenchKeys gives the English key for words that a French author writes.
var frenchKeys = map[string]string{
	"parcours": "journey", "carte": "journey", "etape": "stage", "etapes": "stage", "point_de_contact": "touchpoint", "point de contact": "touchpoint",
	"points de contact": "touchpoint", "ressenti": "feeling", "citation": "quote", "parole": "quote",
	"opportunite": "opportunity", "mesure": "metric", "indicateur": "metric", "canal": "channel", "emotions": "emotion",
	"equipes": "teams", "nom": "name", "titre": "title", "etat": "state", "but": "goal", "objectif": "goal", "responsable": "owner", "proprietaire": "owner",
	"mise_a_jour": "updated", "revue": "review", "besoins": "needs", "cycle": "lifecycle", "cycle_de_vie": "lifecycle", "pensee": "thought",
	"intensite": "intensity", "moment_de_verite": "moment_of_truth", "coulisses": "backstage", "evenement": "event", "gravite": "severity",
	"frequence": "frequency", "preuve": "evidence", "signale": "reported", "commence": "started", "resolu": "resolved", "informe": "informed",
	"abandonne": "dropped", "raison": "reason", "motif": "reason", "texte": "text", "resout": "resolves", "statut": "status",
	"echeance": "due", "cible": "target", "colonne": "column", "agregat": "aggregate", "echelle": "scale", "personnage": "persona",
	"emotion": "emotion", "effort": "effort", "friction": "friction", "action": "action", "scenario": "scenario", "persona": "persona",
	"intention": "goal", "sur": "on", "ou": "where", "table": "table", "date": "date", "lien": "on", "role": "role",
}

// later are keys that the format may take one day.
var later = []string{"sub_journey", "duration", "expectation", "frontstage", "physical_evidence", "support", "image", "compare_to"}

// explain adds what a map's author needs to know to the messages about syntax and shape.
func explain(in diag.List, src []byte) diag.List {
	var out diag.List
	for _, d := range in.Sorted() {
		switch d.Code {
		case tomlpos.CodeUnknown:
			unknownKey(&d)
		case tomlpos.CodeKind:
			if h := kindHint(d.Pos.Path); h != "" {
				d.Hint = h
			}
		case tomlpos.CodeMissing:
			d.Hint = missingHint(d)
		case tomlpos.CodeSyntax:
			syntaxHint(&d, src)
		}
		out.Add(d)
	}
	return out
}

// inElement recognises the path of a table of an array, with the name of its table.
var inElement = regexp.MustCompile(`^(?:stage\[\d+\]\.)?([a-z]+)\[\d+\]\.(.+)$`)

func unknownKey(d *diag.Diagnostic) {
	name := strings.Trim(key(d.Pos.Path), `"`)
	table := ""
	if m := inElement.FindStringSubmatch(d.Pos.Path); m != nil {
		table = m[1]
	}
	folded := strings.ReplaceAll(diag.Fold(name), "-", "_")
	en, known := frenchKeys[folded]
	switch {
	case table == "touchpoint" && (name == "lifecycle" || en == "lifecycle"):
		d.Hint = `"lifecycle" belongs to the stage: put it under [[stage]], above its first [[stage.touchpoint]]`
	case table == "" && (name == "touchpoint" || name == "touchpoints" || en == "touchpoint"):
		d.Hint = "write [[stage.touchpoint]] under its [[stage]]"
	case table != "" && slices.Contains(topTables, name):
		d.Hint = "write [[" + name + "]] as a table of its own, with on = \"…\""
	case known && en != name && slices.Contains(keysOf(d.Pos.Path), en):
		d.Hint = `write "` + en + `": keys are in English, texts in any language`
	case slices.Contains(later, name):
		d.Hint = "this key is not supported yet"
	}
}

// keysOf lists the keys of the table that holds the key at a path.
func keysOf(path string) []string {
	t := reflect.TypeOf(rawMap{})
	parts := strings.Split(path, ".")
	for _, part := range parts[:len(parts)-1] {
		name, _, _ := strings.Cut(part, "[")
		t = fieldType(t, name)
		if t == nil {
			return nil
		}
	}
	var out []string
	for i := range t.NumField() {
		out = append(out, t.Field(i).Tag.Get("toml"))
	}
	return out
}

// fieldType returns the struct behind a key, nil when there is none.
func fieldType(t reflect.Type, name string) reflect.Type {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Tag.Get("toml") != name {
			continue
		}
		if f.Type.Kind() == reflect.Slice {
			f.Type = f.Type.Elem()
		}
		if f.Type.Kind() == reflect.Struct && strings.HasPrefix(f.Type.Name(), "raw") {
			return f.Type
		}
	}
	return nil
}

// topTables are the flat tables that refer to the map with "on".
var topTables = []string{"feeling", "quote", "metric"}

// arrayTables are written with double brackets.
var arrayTables = []string{"persona", "stage", "feeling", "friction", "quote", "opportunity", "metric", "sla", "channel", "emotion"}

func kindHint(path string) string {
	if slices.Contains(arrayTables, path) {
		return "write [[" + path + "]], with double brackets"
	}
	if strings.HasPrefix(path, "stage[") && strings.HasSuffix(path, "].touchpoint") {
		return "write [[stage.touchpoint]], with double brackets"
	}
	switch key(path) {
	case "journey", "teams":
		if path == key(path) {
			return "write [" + path + "], with single brackets"
		}
	case "updated", "reported", "started", "resolved", "informed", "dropped", "due", "date":
		return "write a date without quotes: 2026-10-31"
	case "severity", "frequency", "impact", "effort", "valence", "intensity", "percentile", "customers_informed":
		return "write a whole number without quotes"
	case "moment_of_truth":
		return "write true or false without quotes"
	case "review", "first_reply", "resolution":
		return `write a duration between quotes: "90d"`
	case "segment", "where":
		return `write { column = "value" }`
	}
	return "put the text between quotes"
}

func missingHint(d diag.Diagnostic) string {
	switch {
	case strings.Contains(d.Msg, `"journey"`):
		return "begin the map with [journey] and title = \"…\""
	case strings.Contains(d.Msg, `"stage"`):
		return "add at least one [[stage]] with a name"
	}
	return d.Hint
}

// bareAccent is a key or header with a letter outside ASCII, which TOML takes only between quotes.
var bareAccent = regexp.MustCompile(`^\s*\[{0,2}\s*([\p{L}\d_ .-]+?)\s*(?:\]|=)`)

func syntaxHint(d *diag.Diagnostic, src []byte) {
	line := tomlpos.Line(src, d.Pos.Line)
	if m := bareAccent.FindStringSubmatch(line); m != nil && !isASCII(m[1]) {
		parts := strings.Split(m[1], ".")
		for i, p := range parts {
			if en, ok := frenchKeys[strings.ReplaceAll(diag.Fold(p), "-", "_")]; ok {
				parts[i] = en
			}
		}
		if en := strings.Join(parts, "."); isASCII(en) {
			d.Hint = `write "` + en + `": keys are in English, texts in any language`
		}
		return
	}
	if strings.ContainsAny(line, "“”„«") {
		d.Hint = `use straight quotes: "…"`
	}
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
