package dataset

// Defaults of the optional fields of Request.
const (
	defaultStepDays   = 7
	defaultMaxDropped = 0.05
)

// WithDefaults returns the request with its documented defaults in place of zero values. The tables that the
// request points to are shared with the original, not changed.
func (r Request) WithDefaults() Request {
	if r.Grain == "" {
		r.Grain = Month
	}
	if r.Cohort == "" {
		r.Cohort = ByFirstOrder
	}
	if len(r.Window) == 0 {
		r.Window = []int32{30}
	}
	if r.StepDays == 0 {
		r.StepDays = defaultStepDays
	}
	if r.MaxCells == 0 {
		r.MaxCells = MaxCells
	}
	if r.MaxDropped == 0 {
		r.MaxDropped = defaultMaxDropped
	}
	return r
}

// Negative returns what a row with a negative amount of orders is, the default included.
func (r Request) Negative() Negative {
	if r.Tables.Orders == nil || r.Tables.Orders.Negative == "" {
		return NegativeRefund
	}
	return r.Tables.Orders.Negative
}

// Given lists the names of the tables that the request has, in the order of Tables' fields.
func (t Tables) Given() []string {
	var out []string
	for _, x := range []struct {
		name  string
		given bool
	}{
		{"orders", t.Orders != nil},
		{"customers", t.Customers != nil},
		{"spend", t.Spend != nil},
		{"messages", t.Messages != nil},
		{"surveys", t.Surveys != nil},
		{"tickets", t.Tickets != nil},
		{"events", t.Events != nil},
		{"rates", t.Rates != nil},
	} {
		if x.given {
			out = append(out, x.name)
		}
	}
	return out
}
