package site

// term is the definition of a number or a word: what it is, how it is computed, its unit and where it comes from.
type term struct {
	ID, Name, Text, Formula, Unit, Source string
}

// term reads the definition of a word from the catalogue: term.<id>.name and .text always exist; .formula, .unit and
// .source when they have a meaning.
func (b *builder) term(id string, args ...any) term {
	opt := func(part string) string {
		if key := "term." + id + "." + part; b.loc.Has(key) {
			return b.t(key, args...)
		}
		return ""
	}
	return term{
		ID: "def-" + id, Name: b.t("term."+id+".name", args...), Text: b.t("term."+id+".text", args...),
		Formula: opt("formula"), Unit: opt("unit"), Source: opt("source"),
	}
}

// terms reads several definitions with the settings of this report as arguments.
func (b *builder) terms(ids ...string) []term {
	args := b.settingsArgs()
	out := make([]term, 0, len(ids))
	for _, id := range ids {
		out = append(out, b.term(id, args...))
	}
	return out
}

// def is the link to a definition on the methods page.
func (b *builder) def(id string) string { return b.href("methods#def-" + id) }
