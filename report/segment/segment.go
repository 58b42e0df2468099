// Package segment groups customers by recency, frequency and monetary value (RFM).
package segment

import "parcours/report/dataset"

// Name is a segment of the R × F grid.
type Name string

// The segments of the usual eleven-name grid, best first.
const (
	Champions         Name = "champions"
	Loyal             Name = "loyal"
	PotentialLoyalist Name = "potential-loyalist"
	New               Name = "new"
	Promising         Name = "promising"
	NeedAttention     Name = "need-attention"
	AboutToSleep      Name = "about-to-sleep"
	AtRisk            Name = "at-risk"
	CantLose          Name = "cant-lose"
	Hibernating       Name = "hibernating"
	Lost              Name = "lost"
)

// Report is everything the segments page shows.
type Report struct {
	Customers int64
	Net       int64
	Edges     dataset.RFMEdges
	Segments  []Segment  // in the order of the constants, empty ones included
	Grid      [5][5]Cell // [R−1][F−1]
	// Status splits customers by recency alone, with thresholds from the purchase rhythm.
	Status Status
	// Concentration. The best fifth cannot be cut exactly where customers tie, so these are the shares of customers and
	// of net of those with M = 5; TopKnown is false without customers or without positive net.
	TopCustomers, TopNet float64
	TopKnown             bool
}

// Segment is one named group.
type Segment struct {
	Name      Name
	Customers int64
	Orders    int64
	Net       int64
}

// Cell is one cell of the R × F grid.
type Cell struct {
	Name      Name
	Customers int64
	Net       int64
}

// Status counts active, dormant and lost customers by days since the last order: active ≤ ActiveDays < dormant ≤
// LostDays < lost. The thresholds are p80 and p95 of observed gaps unless configured.
type Status struct {
	ActiveDays, LostDays  int32
	Configured            bool // both thresholds are the site's
	Fallback              bool // too few gaps to derive a threshold: DefaultActiveDays and DefaultLostDays stand in
	Active, Dormant, Lost int64
}

// Options are the report's choices; zero thresholds are derived.
type Options struct {
	ActiveDays, LostDays int32
}
