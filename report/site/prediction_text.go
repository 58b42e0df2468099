package site

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"parcours/report/clv"
	"parcours/report/dataset"
	"parcours/report/i18n"
	"parcours/themes"
)

// Why writes the choice of the model in the site's first language, for metrics.json; "" without models.
func Why(in Input) (string, error) {
	if in.Results.CLV == nil || in.Results.CLV.Prediction == nil {
		return "", nil
	}
	loc, err := i18n.Load(in.Config.Languages[0], themes.Layers(in.Theme)...)
	if err != nil {
		return "", err
	}
	b := &builder{Input: in, loc: loc.WithCurrency(in.Results.Manifest.Currency, in.Results.Manifest.Digits)}
	text := b.paragraph(in.Results.CLV.Prediction.Why)
	if missing := loc.Missing(); len(missing) > 0 {
		return "", fmt.Errorf("messages missing from the catalogue: %s", strings.Join(missing, ", "))
	}
	return text, nil
}

// sentence writes a message of the models. The name of an argument says what it is: clv.Sentences lists them.
func (b *builder) sentence(m clv.Message) string {
	var args []any
	counted := false
	for _, name := range sortedKeys(m.Args) {
		value := m.Args[name]
		if n, err := strconv.ParseInt(value, 10, 64); err == nil && countable[name] && !counted {
			args, counted = append(args, "Count", n), true
		}
		args = append(args, argName(name), b.argument(m.ID, name, value))
	}
	return b.t(m.ID, args...)
}

// countable are the arguments that a sentence may agree with; at most one of them is in a sentence.
var countable = map[string]bool{"customers": true, "purchases": true, "rows": true, "failed": true, "days": true, "repeaters": true}

// argName is the name of an argument as catalogues write it: rmse_gain is RmseGain.
func argName(name string) string {
	parts := strings.Split(name, "_")
	for i, p := range parts {
		parts[i] = capital(p)
	}
	return strings.Join(parts, "")
}

// argument writes one value of a message; what is not of the announced form is shown as it is.
func (b *builder) argument(id, name, value string) string {
	switch name {
	case "model", "second", "best", "baseline", "plain":
		return b.modelName(value)
	case "parameter":
		return symbol(value)
	case "upper":
		if value == "true" {
			return b.t("prediction.to_infinity")
		}
		return b.t("prediction.to_zero")
	case "day", "end":
		return b.dayText(value)
	case "example":
		return inert(value)
	}
	if n, err := strconv.ParseInt(value, 10, 64); err == nil {
		return b.int(n)
	}
	v, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return inert(value)
	}
	switch name {
	case "bias", "other_bias":
		return b.loc.SignedPct(v, 1)
	case "rmse_gain": // what the error does: a model may be preferred for its bias although its error is greater
		return b.loc.SignedPct(-v, 1)
	case "share":
		return b.pct(v)
	case "limit":
		if strings.Contains(id, "dependent") { // of a correlation
			return b.dec2(v)
		}
		return b.pct0(v)
	case "gap":
		return b.dec1(v)
	case "mae", "other_mae":
		return b.loc.Dec(v, 3)
	}
	return b.dec2(v)
}

// dayText writes a day given as 2026-10-31.
func (b *builder) dayText(value string) string {
	if d, ok := parseDay(value); ok {
		return b.loc.Day(d)
	}
	return inert(value)
}

func (b *builder) sentences(list []clv.Message) []string {
	out := make([]string, 0, len(list))
	for _, m := range list {
		out = append(out, b.sentence(m))
	}
	return out
}

func (b *builder) paragraph(list []clv.Message) string { return strings.Join(b.sentences(list), " ") }

// modelName is a model as papers call it.
func (b *builder) modelName(name string) string {
	if b.loc.Has("model." + name) {
		return b.t("model." + name)
	}
	return inert(name)
}

// symbol is a parameter as papers write it.
func symbol(name string) string {
	switch name {
	case "alpha":
		return "α"
	case "beta":
		return "β"
	case "gamma":
		return "γ"
	case "delta":
		return "δ"
	}
	return name
}

func parseDay(value string) (dataset.Day, bool) {
	at, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return 0, false
	}
	return dataset.CivilDay(at.Year(), at.Month(), at.Day()), true
}
