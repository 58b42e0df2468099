package journey

import (
	"slices"
	"strings"

	"parcours/internal/diag"
)

// words are the built-in emotions by valence from −2 to +2, French then English.
var words = [5][]string{
	{"anxiété", "frustration", "colère", "découragement", "méfiance", "peur", "anxiety", "anger", "discouragement", "distrust", "fear"},
	{
		"hésitation", "doute", "ennui", "confusion", "déception", "agacement", "inquiétude", "impatience", "regret",
		"hesitation", "doubt", "boredom", "disappointment", "annoyance", "worry",
	},
	{"neutre", "indifférence", "neutral", "indifference"},
	{
		"intérêt", "curiosité", "confiance", "satisfaction", "soulagement", "espoir", "gratitude", "amusement",
		"interest", "curiosity", "trust", "relief", "hope",
	},
	{"joie", "enthousiasme", "fierté", "émerveillement", "joy", "enthusiasm", "pride", "wonder"},
}

// ambivalent are words that exist in the vocabulary without a valence of their own.
var ambivalent = []string{"surprise"}

// vocabulary maps a folded word to its emotions: several when two languages differ by accents alone, as in
// "hésitation" and "hesitation".
type vocabulary struct {
	byWord map[string][]Emotion
	names  []string // spelling as printed, for suggestions, in a fixed order
}

func newVocabulary() *vocabulary {
	v := &vocabulary{byWord: map[string][]Emotion{}}
	for i, list := range words {
		for _, w := range list {
			key := diag.Fold(w)
			v.byWord[key] = append(v.byWord[key], Emotion{Word: w, Valence: i - 2})
			v.names = append(v.names, w)
		}
	}
	return v
}

// declare adds a word of the map's own; it takes the place of a built-in one.
func (v *vocabulary) declare(e Emotion) {
	key := diag.Fold(e.Word)
	if _, ok := v.byWord[key]; !ok {
		v.names = append(v.names, e.Word)
	}
	v.byWord[key] = []Emotion{e}
}

// find looks a word up without regard to case and accents; of two spellings, the one written wins, then the first.
func (v *vocabulary) find(word string) (Emotion, bool) {
	list := v.byWord[diag.Fold(word)]
	if len(list) == 0 {
		return Emotion{}, false
	}
	for _, e := range list {
		if strings.EqualFold(e.Word, strings.TrimSpace(word)) {
			return e, true
		}
	}
	return list[0], true
}

// hint explains a word without a valence.
func (v *vocabulary) hint(word string) string {
	if slices.Contains(ambivalent, diag.Fold(word)) {
		return `it may be good or bad: add valence = -2 … 2, or declare it with [[emotion]]`
	}
	if list := v.split(word); list != nil {
		return `write a list: ["` + strings.Join(list, `", "`) + `"]`
	}
	if h := diag.DidYouMean(word, v.names); h != "" {
		return h
	}
	return `give it a valence from -2 to 2, or declare it with [[emotion]]`
}

// split recognises several known words in one text, as in "Frustration ou Satisfaction".
func (v *vocabulary) split(word string) []string {
	parts := strings.Split(strings.NewReplacer(" ou ", "/", " or ", "/", " et ", "/", " and ", "/", ",", "/").Replace(word), "/")
	if len(parts) < 2 {
		return nil
	}
	for i, p := range parts {
		e, ok := v.find(p)
		if !ok {
			return nil
		}
		parts[i] = e.Word
	}
	return parts
}

// channels are the built-in channels: canonical id and French alias, "" when they are the same.
var channels = [][2]string{
	{"ad", "publicite"},
	{"site", ""},
	{"app", "application"},
	{"email", ""},
	{"sms", ""},
	{"phone", "telephone"},
	{"chat", ""},
	{"social", "reseaux"},
	{"post", "courrier"},
	{"store", "magasin"},
	{"parcel", "colis"},
	{"other", "autre"},
}

// builtinChannel returns the canonical id of a built-in channel; "e-mail" and "E-mail" are "email".
func builtinChannel(word string) (string, bool) {
	w := strings.ReplaceAll(diag.Fold(word), "-", "")
	for _, c := range channels {
		if w == c[0] || (c[1] != "" && w == c[1]) {
			return c[0], true
		}
	}
	return "", false
}

// channelNames lists ids and aliases, for suggestions.
func channelNames() []string {
	var out []string
	for _, c := range channels {
		out = append(out, c[0])
		if c[1] != "" {
			out = append(out, c[1])
		}
	}
	return out
}

var (
	states     = []string{"current", "target"}
	lifecycles = []string{"acquisition", "conversion", "retention", "loyalty", "reactivation", "advocacy"}
	evidences  = []string{"hypothesis", "observed", "measured"}
	statuses   = []string{"idea", "planned", "in progress", "delivered", "dropped"}
	aggregates = []string{"mean", "median", "p90", "share", "count", "sum"}
)

// french gives the English value of closed words that a French author may write.
var french = map[string]string{
	"actuel": "current", "actuelle": "current", "cible": "target",
	"fidelisation": "loyalty", "fidelite": "loyalty", "recommandation": "advocacy", "ambassadeur": "advocacy",
	"hypothese": "hypothesis", "observe": "observed", "observee": "observed", "mesure": "measured", "mesuree": "measured",
	"idee": "idea", "planifie": "planned", "planifiee": "planned", "prevu": "planned", "prevue": "planned", "en cours": "in progress",
	"livre": "delivered", "livree": "delivered", "fait": "delivered", "abandonne": "dropped", "abandonnee": "dropped",
	"moyenne": "mean", "mediane": "median", "part": "share", "taux": "share", "nombre": "count", "somme": "sum",
}

// closed finds a word in a closed list without regard to case, accents and "_" or "-" for a space.
func closed(word string, allowed []string) (string, bool) {
	w := strings.NewReplacer("_", " ", "-", " ").Replace(diag.Fold(word))
	for _, a := range allowed {
		if w == a {
			return a, true
		}
	}
	return "", false
}

// closedHint suggests the English word for a French one, else the nearest or all of them.
func closedHint(word string, allowed []string) string {
	if en, ok := french[diag.Fold(word)]; ok && slices.Contains(allowed, en) {
		return `write "` + en + `": fixed values are in English`
	}
	return diag.OneOf(word, allowed)
}
