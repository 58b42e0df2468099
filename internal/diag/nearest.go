package diag

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the form in which two words that a person would call equal are equal: lower case, without accents.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(strings.TrimSpace(s))) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Nearest returns the candidate closest to word, ignoring case and accents, or "" when none is within two edits
// (one for words of up to four letters). The first of equally close candidates wins.
func Nearest(word string, candidates []string) string {
	word = Fold(word)
	limit := 2
	if len([]rune(word)) <= 4 {
		limit = 1
	}
	best := ""
	for _, c := range candidates {
		if d := distance(word, Fold(c)); d <= limit {
			best, limit = c, d-1
		}
		if limit < 0 {
			break
		}
	}
	return best
}

// DidYouMean is the usual hint: `did you mean "x"?`, or "" when nothing is close.
func DidYouMean(word string, candidates []string) string {
	if n := Nearest(word, candidates); n != "" {
		return `did you mean "` + n + `"?`
	}
	return ""
}

// OneOf is the hint for a closed vocabulary: the nearest value, else all of them when they are few.
func OneOf(word string, allowed []string) string {
	if hint := DidYouMean(word, allowed); hint != "" {
		return hint
	}
	if len(allowed) > 12 {
		return ""
	}
	return `allowed: "` + strings.Join(allowed, `", "`) + `"`
}

// distance is the Damerau–Levenshtein distance with adjacent transpositions, in characters.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	if abs(len(s)-len(t)) > 2 {
		return 3
	}
	prev2 := make([]int, len(t)+1)
	prev := make([]int, len(t)+1)
	cur := make([]int, len(t)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(s); i++ {
		cur[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(t)]
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
