// Package recommend evaluates a playbook: rules over metrics and the journey map that become recommendations with
// their evidence and the value at stake.
package recommend

import "parcours/report/measure"

// Play is one entry of a playbook, as data. Texts are by language tag.
type Play struct {
	ID        string
	Stage     string // acquisition, conversion, retention, loyalty, reactivation, advocacy
	Title     map[string]string
	Why       map[string]string // text with {{figure}} placeholders
	Contra    map[string]string // what would change our mind
	When      string            // condition, an expression
	Evidence  []string          // names of figures
	Value     string            // expression: value at stake over a year, in minor units
	ValueLow  string
	ValueHigh string
	Formula   map[string]string // Value in words
	Effort    int               // 1–5
	Owner     map[string]string // default owner
	Permanent map[string][]string
	OneOff    map[string][]string
	File      string // playbook it comes from
}

// Recommendation is a play that triggered.
type Recommendation struct {
	Play        Play
	Evidence    []measure.Figure
	Touchpoints []Link // places of the maps it cites
	Value       *Stake // nil: no estimate
	Priority    float64
	Numbers     map[string]float64 // figures quoted by Why, by name
}

// Stake is the value at stake over a year in minor units, an order of magnitude and not a forecast.
type Stake struct{ Low, Mid, High float64 }

// Link points to a touchpoint or friction of a map.
type Link struct {
	Map, ID, Title string
}

// Outcome is the result of a playbook.
type Outcome struct {
	Recommendations []Recommendation // best first
	// Skipped are plays that could not be judged because a figure they need is unknown, with its name.
	Skipped []Skipped
	Quiet   int // plays judged and not triggered
}

// Skipped is a play without an answer.
type Skipped struct{ ID, Figure string }
