package site

import (
	"math"

	"parcours/report/clv"
	"parcours/report/clv/btyd"
)

// spendSentences say how purchases are valued, and show the correlation that Gamma-Gamma supposes to be nothing.
func (b *builder) spendSentences(p *clv.Prediction) []string {
	if p.Final == nil || p.Final.Spend == nil {
		return nil
	}
	s := p.Final.Spend
	id := "spendmodel.means"
	if s.Name == "gamma-gamma" {
		id = "spendmodel.gamma"
	}
	out := []string{b.t(id, "Count", s.Customers)}
	if !math.IsNaN(s.Correlation) {
		out = append(out, b.t("spendmodel.correlation", "R", b.loc.SignedDec(s.Correlation, 2), "Interval", b.interval(b.loc.SignedDec(s.CorrLow, 2), b.loc.SignedDec(s.CorrHigh, 2))))
	}
	if s.MeanKnown {
		out = append(out, b.t("spendmodel.mean", "Mean", b.money(s.Mean)))
	}
	if s.Worthless > 0 {
		out = append(out, b.t("spendmodel.worthless", "Count", s.Worthless))
	}
	return out
}

// assumptions are what the chosen model takes for granted, in plain words.
func (b *builder) assumptions(p *clv.Prediction) []string {
	var out []string
	switch p.Chosen {
	case clv.ModelSBG, clv.ModelBGBB:
		out = append(out, b.t("assume.period"))
	case string(btyd.NBD):
		out = append(out, b.t("assume.rhythm"), b.t("assume.never"))
	case string(btyd.ParetoNBD):
		out = append(out, b.t("assume.rhythm"), b.t("assume.any_time"))
	default:
		out = append(out, b.t("assume.rhythm"), b.t("assume.after_purchase"))
	}
	out = append(out, b.t("assume.differ"), b.t("assume.same_shop"))
	if p.Final != nil && p.Final.Spend != nil && p.Final.Spend.Name == "gamma-gamma" {
		out = append(out, b.t("assume.value"))
	}
	return out
}

// predictionDoubts say when not to believe the forecast: here, and in general.
func (b *builder) predictionDoubts(r *clv.Report, p *clv.Prediction, f *clv.Forecast) []string {
	out := []string{b.t("distrust.contract"), b.t("distrust.season"), b.t("distrust.change"), b.t("distrust.new")}
	switch btyd.Name(p.Chosen) {
	case btyd.BGNBD, btyd.BGCNBD:
		if f.Certain > 0 {
			out = append(out, b.t("distrust.certain", "Share", b.pct0(f.Certain)))
		}
	}
	if s := f.Single; s.Known {
		out = append(out, b.t("distrust.single", "Count", s.X+1, "Mean", b.dec1(s.Mean), "Months", b.months(f.Months), "Low", b.int(int64(s.Low)),
			"High", b.int(int64(s.High)), "None", b.pct0(s.None)))
	} else {
		out = append(out, b.t("distrust.one"))
	}
	if f.Bootstrap.Known {
		out = append(out, b.t("distrust.interval"))
	}
	if !r.MarginKnown {
		out = append(out, b.t("distrust.revenue"))
	}
	return out
}
