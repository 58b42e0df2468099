package clv

import (
	"parcours/report/cohort"
	"parcours/report/dataset"
	"parcours/report/kpi"
	"parcours/report/stats"
)

// Compute measures lifetime value; nil without customers.
func Compute(agg *dataset.Aggregates, cal dataset.Calendar, opt Options) *Report {
	if agg.Totals.Customers == 0 {
		return nil
	}
	on := cohort.Compute(agg, cal, cohort.On, "", cohort.Options{MinCell: opt.MinCell})
	r := &Report{Margin: opt.Margin, CAC: costs(agg, cal)}
	if r.MarginKnown = r.Margin > 0; !r.MarginKnown {
		r.Margin = 1
	}
	r.HasCAC = len(r.CAC) > 0
	all := costOf(r.CAC, "")
	r.Observed, r.Mean = observed(on), mean(on)
	r.Payback = payback(r.Mean, r.Margin, all)
	r.Formula, r.Missing = formula(agg, cal, r.Margin, all)
	r.Channels = channels(agg, cal, r, opt)
	r.Prediction = predict(agg, cal, r, opt)
	return r
}

func observed(on cohort.Table) []Observed {
	all := make([]Observed, 0, len(on.Cohorts))
	for _, c := range on.Cohorts {
		o := Observed{Cohort: c.Cohort, Size: c.Size, Truncated: c.Truncated}
		for age, cell := range c.Cells {
			if cell.State == dataset.Future {
				break
			}
			value, _ := stats.Ratio(cell.CumulativeNet, c.Size)
			o.Points = append(o.Points, Point{Age: int32(age), State: cell.State, Value: value, Customers: c.Size})
		}
		all = append(all, o)
	}
	return all
}

func mean(on cohort.Table) []Point {
	points := make([]Point, 0, len(on.Mean))
	for _, m := range on.Mean {
		points = append(points, Point{
			Age: m.Age, State: dataset.Complete, Value: m.CumulativeNet, Customers: m.Customers, Cohorts: m.Cohorts,
		})
	}
	return points
}

// paybackCohorts is the number of cohorts that a mean needs to speak of payback. At high ages the mean is that of the
// oldest cohort alone, often the one that mixes new and old customers, and would cover any cost.
const paybackCohorts = 3

// payback looks for the first mean point that covers the cost. Each mean is over the cohorts old enough for it, so the
// curve may fall; the first age that covers counts. Where the data hold fewer cohorts than paybackCohorts, all of
// them are asked for.
func payback(points []Point, margin float64, cost CAC) Payback {
	if !cost.Known || len(points) == 0 {
		return Payback{}
	}
	p := Payback{Known: true}
	for _, point := range points {
		if point.Cohorts < min(paybackCohorts, points[0].Cohorts) {
			break
		}
		p.Horizon = point.Age
		if !p.Reached && point.Value*margin >= cost.Value {
			p.Reached, p.Age = true, point.Age
		}
	}
	return p
}

// channels compares the values of the dimension when it is the channel. Unlike the other tables it needs no complete
// period: it counts what each customer brought so far.
func channels(agg *dataset.Aggregates, cal dataset.Calendar, r *Report, opt Options) []Channel {
	if agg.Manifest.Dimension != "channel" {
		return nil
	}
	var all []Channel
	for _, dim := range cohort.Dims(agg) {
		on := cohort.Compute(agg, cal, cohort.On, dim.Value, cohort.Options{MinCell: opt.MinCell})
		c := Channel{Dim: dim.Value, Customers: dim.Customers, Payback: -1}
		for _, row := range on.Cohorts {
			c.Orders += row.Total.Orders
			c.Net += row.Total.Net
		}
		c.PerHead, _ = stats.Ratio(c.Net, c.Customers)
		repeat := kpi.Eligible(agg, dim.Value, repeatDays)
		c.Repeat, c.RepeatLow, c.RepeatHigh = repeat.EligibleRate, repeat.EligibleLow, repeat.EligibleHigh
		c.RepeatN = repeat.Eligible
		c.cost(costOf(r.CAC, dim.Value), r.Margin, mean(on))
		all = append(all, c)
	}
	return all
}

// repeatDays is the window of Channel.Repeat.
const repeatDays = 90

func (c *Channel) cost(cost CAC, margin float64, points []Point) {
	if c.Dim == dataset.OtherDim || c.Dim == dataset.NoDim || !cost.Known {
		return
	}
	c.CAC, c.CACKnown = cost.Value, true
	if cost.Value > 0 {
		c.Ratio, c.RatioKnown = c.PerHead*margin/cost.Value, true
	}
	if p := payback(points, margin, cost); p.Reached {
		c.Payback = p.Age
	}
}

// costs computes acquisition cost in total and by channel, nil without spend.
func costs(agg *dataset.Aggregates, cal dataset.Calendar) []CAC {
	var all []CAC
	from, to, ok := spent(agg, cal)
	if !ok {
		return nil
	}
	for _, r := range agg.Acquisition {
		if len(all) == 0 || all[len(all)-1].Channel != r.Channel {
			all = append(all, CAC{Channel: r.Channel})
		}
		if from <= r.Period && r.Period <= to {
			c := &all[len(all)-1]
			c.Spend += r.Spend
			c.NewCustomers += r.NewCustomers
		}
	}
	for i := range all {
		all[i].Value, all[i].Known = stats.Ratio(all[i].Spend, all[i].NewCustomers)
	}
	return all
}

// spent returns the first and last complete periods with spend.
func spent(agg *dataset.Aggregates, cal dataset.Calendar) (from, to int32, ok bool) {
	m := agg.Manifest
	for _, r := range agg.Acquisition {
		if r.Channel != "" || r.Spend == 0 || cal.StateOf(m.Grain, r.Period, m.AsOf) != dataset.Complete {
			continue
		}
		if !ok {
			from, ok = r.Period, true
		}
		to = r.Period
	}
	return from, to, ok
}

func costOf(all []CAC, channel string) CAC {
	for _, c := range all {
		if c.Channel == channel {
			return c
		}
	}
	return CAC{}
}
