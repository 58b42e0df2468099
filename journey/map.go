// Package journey holds the customer-journey map: its model, its TOML form, and every check that needs no data.
package journey

import (
	"time"

	"parcours/internal/diag"
	"parcours/internal/tomlpos"
)

// Map is one journey in one state, resolved: ids filled in, shorthands expanded, references checked. Order is the
// order of the file.
type Map struct {
	File          string // as in messages
	ID            string // slug, unique among the site's maps of one language
	Lang          string // from the file name, "achat.fr.toml"; "" serves every language
	Title         string
	State         string // "current" or "target"
	Scenario      string
	Goal          string
	Owner         string // name of the team when the map declares teams
	Updated       tomlpos.Date
	ReviewDays    int // 0: no review period
	Personas      []Persona
	Stages        []Stage
	Frictions     []Friction
	Quotes        []Quote
	Opportunities []Opportunity
	Metrics       []Metric
	SLAs          []SLA
	Channels      map[string]Channel // every channel used or declared, by canonical id
	Pos           diag.Position      // of the map's id, or of its header
}

// ReviewDue is the day by which the map should be reviewed, zero when it has no review period or no update.
func (m *Map) ReviewDue() tomlpos.Date {
	if m.ReviewDays == 0 || m.Updated.IsZero() {
		return tomlpos.Date{}
	}
	u := m.Updated
	t := time.Date(u.Year, u.Month, u.Day+m.ReviewDays, 0, 0, 0, 0, time.UTC)
	return tomlpos.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
}

// Persona is a point of view.
type Persona struct {
	ID, Name, Role, Quote string
	Needs                 []string
	Segment               map[string]string // column = value, filters the measured data
}

// Lifecycle is the stage of the company's view of the relationship that a journey stage serves.
type Lifecycle string

// The lifecycle stages, in order.
const (
	Acquisition  Lifecycle = "acquisition"
	Conversion   Lifecycle = "conversion"
	Retention    Lifecycle = "retention"
	Loyalty      Lifecycle = "loyalty"
	Reactivation Lifecycle = "reactivation"
	Advocacy     Lifecycle = "advocacy"
)

// Stage is a phase of the customer's path.
type Stage struct {
	ID, Name    string
	Lifecycle   Lifecycle // "" when not given
	Touchpoints []Touchpoint
	Pos         diag.Position
}

// Touchpoint is a contact on one channel.
type Touchpoint struct {
	ID, Name      string
	Channel       string // canonical id, "" when not given
	Action        string
	Thought       string
	Feelings      []Feeling // the map's own (Persona "") first, always there, then one per persona that has its own
	Intensity     int       // 1–3
	MomentOfTruth bool
	Backstage     []string
	Event         string // name of the event in the data
	Pos           diag.Position
}

// Feeling is what one persona ("" for all) feels: emotions with their valences, at least one, or none when unknown.
type Feeling struct {
	Persona  string
	Emotions []Emotion
}

// Emotion is a word and its valence from −2 to +2.
type Emotion struct {
	Word    string
	Valence int
}

// Mean returns the mean valence, ok false without emotion: a gap in the curve.
func (f Feeling) Mean() (v float64, ok bool) {
	if len(f.Emotions) == 0 {
		return 0, false
	}
	sum := 0
	for _, e := range f.Emotions {
		sum += e.Valence
	}
	return float64(sum) / float64(len(f.Emotions)), true
}

// Feeling returns what a persona feels: its own feeling, else the map's. Persona "" is the map's.
func (t Touchpoint) Feeling(persona string) Feeling {
	for _, f := range t.Feelings {
		if f.Persona == persona {
			return f
		}
	}
	if len(t.Feelings) == 0 {
		return Feeling{}
	}
	return t.Feelings[0]
}

// Evidence says how well a claim is supported.
type Evidence string

// The levels of evidence.
const (
	Hypothesis Evidence = "hypothesis"
	Seen       Evidence = "observed"
	Measured   Evidence = "measured"
)

// Loop is the state of a friction, derived from its dates.
type Loop string

// The states of the loop.
const (
	Reported Loop = "reported" // also when no date is given
	Started  Loop = "started"
	Resolved Loop = "resolved"
	Informed Loop = "informed"
	Dropped  Loop = "dropped"
)

// Friction is a pain point. Criticality is Severity × Frequency.
type Friction struct {
	ID, Title                                                string
	On                                                       []string // touchpoint or stage ids, resolved
	Severity, Frequency                                      int
	Evidence                                                 Evidence
	Source, Owner                                            string
	ReportedOn, StartedOn, ResolvedOn, InformedOn, DroppedOn tomlpos.Date
	Reason                                                   string
	CustomersInformed                                        int
	Pos                                                      diag.Position
}

// Criticality is severity × frequency, from 1 to 25.
func (f Friction) Criticality() int { return f.Severity * f.Frequency }

// Loop derives the state from the dates.
func (f Friction) Loop() Loop {
	switch {
	case !f.DroppedOn.IsZero():
		return Dropped
	case !f.InformedOn.IsZero():
		return Informed
	case !f.ResolvedOn.IsZero():
		return Resolved
	case !f.StartedOn.IsZero():
		return Started
	}
	return Reported
}

// Open reports whether the friction still hurts: neither resolved, informed nor dropped.
func (f Friction) Open() bool { l := f.Loop(); return l == Reported || l == Started }

// Quote is a customer's words.
type Quote struct {
	On            []string
	Persona, Text string
	Source        string
	Date          tomlpos.Date
}

// Opportunity is an action. Impact and Effort are 0 when not given.
type Opportunity struct {
	ID, Title      string
	Resolves       []string // friction ids
	On             []string // touchpoints: of the frictions it resolves, or its own when written as a shorthand
	Impact, Effort int
	Status         string // idea, planned, in progress, delivered, dropped
	Owner          string
	Due            tomlpos.Date
	Metric         string
	Target         float64
	HasTarget      bool
	Pos            diag.Position
}

// Metric is an indicator bound to a table and a column.
type Metric struct {
	ID, Name, Table, Column, Aggregate string
	On                                 []string
	Worst, Best                        float64 // of the scale, for the conversion to −2…+2; equal when none
	Where                              map[string]string
	Target                             float64
	HasTarget                          bool
}

// SLA is a service level of one channel; durations in seconds, 0 when not given.
type SLA struct {
	Channel                string
	FirstReply, Resolution int64
	Percentile             int
}

// Channel is a canonical id, a label per language for the built-in ones, and a name for those declared in a map.
type Channel struct {
	ID, Name string // Name "" for a built-in channel: the site's catalogue has its label
}

// Options are what checks need from the outside.
type Options struct {
	AsOf      tomlpos.Date // for review dates and loops; zero when not known yet: those warnings are then left out
	Languages []string     // of the site, the default first: what a file name may end in
}
