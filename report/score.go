package report

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"

	"parcours/internal/diag"
	"parcours/internal/memory"
	"parcours/report/clv"
	"parcours/report/dataset"
	"parcours/report/dataset/handoff"
	"parcours/report/segment"
	"parcours/report/site"
)

// The codes of scores.
const (
	codeNoForecast diag.Code = "PD013" // no model tells what customers will do
	codePoor       diag.Code = "PD014" // warning: the forecast failed its test
)

// ScoreOptions say where scores go. Out is the file, "" scores.parquet (or .csv) beside site.toml.
type ScoreOptions struct {
	Options
	Form  handoff.Form // "": by the ending of Out, else Parquet
	Force bool         // replace a file that parcours did not write
}

// ScoreResult is a finished file of scores.
type ScoreResult struct {
	Result        // Out and Bytes are those of the file
	Customers     int64
	Model         string
	HorizonMonths int32
	AsOf          dataset.Day
}

// Score writes what the chosen model says of every customer to a file, for tools in which customers are known by name. It
// never writes into a published folder. Mistakes of the user are in Diagnostics, and nothing is written when one of
// them is an error; the error is for cancellation and failures of the machine.
func Score(ctx context.Context, opt ScoreOptions) (*ScoreResult, error) {
	res := &ScoreResult{}
	l := &res.Diagnostics
	clock := stopwatch(&res.Steps)
	p, ok := load(opt.Options, l)
	if p != nil {
		p.place(&opt, l)
		res.Out, ok = opt.Out, ok && !p.stop(opt.Options, l)
	}
	clock("check")
	if !ok {
		return res, nil
	}
	res.Memory = p.memory(opt.Options)
	defer memory.Hold(res.Memory)()
	req := p.request(opt.Options)
	agg, err := p.aggregates(ctx, req, opt.Options, &res.Result)
	clock("data")
	if err != nil || agg == nil {
		return res, err
	}
	opt.phase("fitting models")
	forecast, err := p.predict(ctx, agg, l)
	clock("models")
	if err != nil || p.stop(opt.Options, l) {
		return res, err
	}
	res.Model, res.HorizonMonths, res.AsOf = forecast.Chosen, forecast.Settings.HorizonMonths, agg.Manifest.AsOf
	w := &scoreWriter{res: res, forecast: forecast, currency: agg.Manifest.Currency}
	opt.phase("reading again")
	list, err := w.write(ctx, opt, func(yield func([]dataset.Customer) error) (diag.List, error) {
		return p.source().Customers(ctx, req, agg, yield)
	})
	clock("scores")
	l.Append(list)
	p.stop(opt.Options, l)
	return res, err
}

// predict returns a prediction that can score customers; when there is none, the list says why.
func (p *project) predict(ctx context.Context, agg *dataset.Aggregates, l *diag.List) (*clv.Prediction, error) {
	l.Append(p.bare(agg))
	l.Append(p.untested(agg))
	o := p.site.Report.Options
	o.Predict.Draws = 1 // scores have no intervals
	r, err := abandon(ctx, func() *clv.Report {
		return clv.Compute(agg, p.site.Calendar, clv.Options{Margin: o.Margin, MinCell: p.site.Report.MinCell, Settings: o.Predict})
	})
	if err != nil {
		return nil, err
	}
	var forecast *clv.Prediction
	if r != nil {
		forecast = r.Prediction
	}
	pos := diag.Position{File: p.site.File}
	if p.site.Doc.Has("clv.model") {
		pos = p.site.Doc.Pos("clv.model")
	}
	told := func(s diag.Severity, code diag.Code, msg, hint string) {
		l.Add(diag.Diagnostic{Severity: s, Code: code, Pos: pos, Source: p.site.Doc.Line(pos.Line), Msg: msg, Hint: hint})
	}
	_, able := forecast.Score(dataset.Customer{})
	switch {
	case agg.Totals.Customers == 0:
		told(diag.Error, codeNoForecast, "there is no customer to score", "")
	case forecast == nil:
		told(diag.Error, codeNoForecast, `there is nothing to score with: "model" is "none"`, `leave model out, or write model = "auto"`)
	case forecast.Chosen == "":
		why, err := p.clauses(reasons(forecast))
		told(diag.Error, codeNoForecast, "no model can score customers: "+why, "")
		return nil, err
	case !able:
		told(diag.Error, codeNoForecast, fmt.Sprintf("the model %q forecasts customers together, not one by one", forecast.Chosen), `leave model out, or write model = "auto"`)
	case forecast.Poor:
		why, err := p.english(forecast.PoorWhy)
		told(diag.Warning, codePoor, "the forecast did not stand its test on held-out history: "+why, "the lifetime-value page shows the test; use the order of the scores rather than their size")
		return forecast, err
	}
	return forecast, nil
}

// reasons say why no model was chosen: what stands against each, and without any, what that leads to.
func reasons(p *clv.Prediction) []clv.Message {
	var out []clv.Message
	seen := map[string]bool{}
	add := func(m clv.Message) {
		if key := fmt.Sprint(m); !seen[key] {
			seen[key] = true
			out = append(out, m)
		}
	}
	for _, r := range p.Ladder {
		if !r.Used && r.Name != "cohort-curve" && r.Name != clv.ModelNone {
			add(r.Why)
		}
	}
	if len(out) == 0 {
		return p.Why
	}
	return out
}

// english writes messages of the models as diagnostics are written.
func (p *project) english(list []clv.Message) (string, error) {
	text, err := site.Sentences(p.theme, "en", list)
	return strings.TrimSuffix(strings.ReplaceAll(text, "\u00a0", " "), "."), err
}

// clauses writes messages that are no sentences of their own, as those of the ladder are.
func (p *project) clauses(list []clv.Message) (string, error) {
	var parts []string
	for _, m := range list {
		part, err := p.english([]clv.Message{m})
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; "), nil
}

// scoreWriter turns customers into rows of a file.
type scoreWriter struct {
	res      *ScoreResult
	forecast *clv.Prediction
	currency string
	file     *handoff.Scores
	rows     []handoff.ScoreRow
}

// write puts the file in its place when every customer is in it.
func (w *scoreWriter) write(ctx context.Context, opt ScoreOptions, customers func(func([]dataset.Customer) error) (diag.List, error)) (diag.List, error) {
	var l diag.List
	file, err := handoff.CreateScores(opt.Out, opt.Form)
	if err != nil {
		l.Add(unwritableScores(opt.Out, err))
		return l, nil
	}
	w.file = file
	var full *writeError
	l, err = customers(w.add)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil || l.HasErrors() {
		file.Discard()
		if errors.As(err, &full) {
			l.Add(unwritableScores(opt.Out, full.error))
			err = nil
		}
		return l, err
	}
	if w.res.Bytes, err = file.Close(); err != nil {
		l.Add(unwritableScores(opt.Out, err))
	}
	return l, nil
}

// add scores customers on all processors; each row depends on its customer alone.
func (w *scoreWriter) add(customers []dataset.Customer) error {
	if cap(w.rows) < len(customers) {
		w.rows = make([]handoff.ScoreRow, len(customers))
	}
	w.rows = w.rows[:len(customers)]
	workers := runtime.GOMAXPROCS(0)
	var running sync.WaitGroup
	for i := range workers {
		from, to := i*len(customers)/workers, (i+1)*len(customers)/workers
		running.Go(func() {
			for j := from; j < to; j++ {
				w.rows[j] = w.row(customers[j])
			}
		})
	}
	running.Wait()
	w.res.Customers += int64(len(customers))
	if err := w.file.Write(w.rows); err != nil {
		return &writeError{err}
	}
	return nil
}

func (w *scoreWriter) row(c dataset.Customer) handoff.ScoreRow {
	s, _ := w.forecast.Score(c)
	return handoff.ScoreRow{
		Customer: strings.ToValidUTF8(c.ID, "\uFFFD"), X: c.X, TX: c.TX, Age: c.T,
		Alive: s.Alive, Orders: s.Orders, Value: int64(math.Round(s.Value)), Currency: w.currency,
		Segment: string(segment.Of(int(c.R), int(c.F))), Months: w.res.HorizonMonths, AsOf: w.res.AsOf,
	}
}
