// Package recommend evaluates a playbook: rules over metrics and the journey map that become recommendations with
// their evidence and the value at stake.
//
// The order of use is Load, Compile, Evaluate. Everything that can be wrong with a play is found by the first two, before any
// data is read.
package recommend

import (
	"parcours/internal/tomlpos"
	"parcours/report/measure"
)

// Play is one entry of a playbook, as data. Texts are by language tag and may hold {{figure}} placeholders.
type Play struct {
	ID        string
	Stage     string // acquisition, conversion, retention, loyalty, reactivation, advocacy
	Title     map[string]string
	Why       map[string]string
	Contra    map[string]string // what would change our mind
	When      string            // condition, an expression
	Evidence  []string          // names of figures
	Value     string            // expression: value at stake over a year, in minor units; "" no estimate
	ValueLow  string
	ValueHigh string
	Formula   map[string]string // Value in words
	Effort    int               // 1–5
	Owner     map[string]string // default owner
	Permanent map[string][]string
	OneOff    map[string][]string
	File      string // playbook it comes from

	doc  *tomlpos.Doc // positions; nil for a play made by hand
	path string       // "play[3]"
}

// Recommendation is a play that triggered.
type Recommendation struct {
	Play        Play
	Evidence    []measure.Figure   // known figures only, in the order of the play
	Figures     []measure.Figure   // every figure that the texts quote, by name, unknown ones included: for Expand
	Touchpoints []Link             // places of the maps it cites
	Value       *Stake             // nil: no estimate
	Priority    float64            // low value ÷ effort, in minor units; 0 without estimate
	Numbers     map[string]float64 // known figures quoted by the texts, by name
}

// Stake is the value at stake over a year in minor units, an order of magnitude and not a forecast. Low ≤ Mid ≤ High.
type Stake struct{ Low, Mid, High float64 }

// Link points to a touchpoint or friction of a map.
type Link struct {
	Map, ID, Title string
	Kind           LinkKind
	Criticality    int // of a friction, 1–25
}

// LinkKind says what a Link points to.
type LinkKind string

// The kinds of links.
const (
	ToFriction   LinkKind = "friction"
	ToTouchpoint LinkKind = "touchpoint"
)

// Outcome is the result of a playbook.
type Outcome struct {
	Recommendations []Recommendation // best first
	// Skipped are plays that could not be judged because a figure they need is unknown, with its name; by id.
	Skipped []Skipped
	Quiet   int // plays judged and not triggered
}

// Skipped is a play without an answer. Title may hold placeholders, like every text of a play.
type Skipped struct {
	ID, Figure string
	Title      map[string]string
}
