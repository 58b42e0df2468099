package funnel

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"parcours/report/dataset"
	"parcours/report/stats"
)

// The metrics with a scale of their own; any other is a mean.
const (
	NPS  = "nps"
	CSAT = "csat"
	CES  = "ces"
)

type scoreKey struct{ metric, touchpoint string }

// scores summarises each metric over all answers and by named touchpoint, in periods up to last.
func scores(rows []dataset.ScoreRow, last int32) []Score {
	byKey := map[scoreKey]map[int32][]dataset.ScoreRow{}
	add := func(k scoreKey, r dataset.ScoreRow) {
		if byKey[k] == nil {
			byKey[k] = map[int32][]dataset.ScoreRow{}
		}
		byKey[k][r.Period] = append(byKey[k][r.Period], r)
	}
	for _, r := range rows {
		if r.Period > last {
			continue
		}
		metric := canonical(r.Metric)
		add(scoreKey{metric, ""}, r)
		if r.Touchpoint != "" {
			add(scoreKey{metric, r.Touchpoint}, r)
		}
	}
	var all []Score
	for k, periods := range byKey {
		if s, ok := latest(k, periods); ok {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b Score) int {
		return cmp.Or(cmp.Compare(a.Metric, b.Metric), cmp.Compare(a.Touchpoint, b.Touchpoint))
	})
	return all
}

// canonical writes the known metrics in lower case, as exports have "NPS" and "nps"; other names are the site's.
func canonical(metric string) string {
	if lower := strings.ToLower(metric); lower == NPS || lower == CSAT || lower == CES {
		return lower
	}
	return metric
}

// latest summarises the last period with answers, beside the one before it.
func latest(k scoreKey, periods map[int32][]dataset.ScoreRow) (Score, bool) {
	order := make([]int32, 0, len(periods))
	for p := range periods {
		order = append(order, p)
	}
	slices.Sort(order)
	var now Score
	for i := len(order) - 1; i >= 0; i-- {
		s := summarise(k, periods[order[i]])
		switch {
		case s.Answers == 0:
			continue
		case now.Answers == 0:
			now, now.Period = s, order[i]
		default:
			now.Previous, now.PreviousKnown = s.Value, true
			return now, true
		}
	}
	return now, now.Answers > 0
}

func summarise(k scoreKey, rows []dataset.ScoreRow) Score {
	s := Score{Metric: k.metric, Touchpoint: k.touchpoint}
	var promoters, passives, detractors, top int64
	var sum, squares float64
	for _, r := range rows {
		if offScale(k.metric, r.Score) {
			s.OffScale += r.Answers
			continue
		}
		s.Answers += r.Answers
		v, n := float64(r.Score)/100, float64(r.Answers)
		sum, squares = sum+n*v, squares+n*v*v
		switch {
		case r.Score >= 900:
			promoters += r.Answers
		case r.Score > 600:
			passives += r.Answers
		default:
			detractors += r.Answers
		}
		if r.Score >= 400 {
			top += r.Answers
		}
	}
	if s.Answers == 0 {
		return s
	}
	s.mean(sum, squares)
	switch k.metric {
	case NPS:
		var i stats.Interval
		s.Value, i, _ = stats.NPS(promoters, passives, detractors)
		s.Low, s.High, s.HasInterval = i.Low, i.High, true
	case CSAT:
		s.Value, _ = stats.Ratio(top, s.Answers)
		i := stats.Wilson(top, s.Answers)
		s.Low, s.High, s.HasInterval = i.Low, i.High, true
	default:
		s.Value, s.Low, s.High, s.HasInterval = s.Mean, s.MeanLow, s.MeanHigh, s.MeanLow < s.MeanHigh
	}
	return s
}

// offScale reports answers that the metric's scale does not have: a 1–100 score among 0–10 would swamp it.
func offScale(metric string, score int32) bool {
	switch metric {
	case NPS:
		return score < 0 || score > 1000
	case CSAT:
		return score < 100 || score > 500
	}
	return false
}

func (s *Score) mean(sum, squares float64) {
	n := float64(s.Answers)
	s.Mean = sum / n
	half := 0.0
	if s.Answers > 1 {
		variance := math.Max(0, squares-sum*sum/n) / (n - 1)
		half = stats.Z95 * math.Sqrt(variance/n)
	}
	s.MeanLow, s.MeanHigh = s.Mean-half, s.Mean+half
}
