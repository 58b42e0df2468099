package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"parcours/internal/diag"
	"parcours/internal/memory"
	"parcours/internal/tomlpos"
	"parcours/journey"
	"parcours/report/config"
	"parcours/report/dataset"
	"parcours/report/dataset/handoff"
	"parcours/report/dataset/parquetscan"
	"parcours/report/measure"
	"parcours/report/recommend"
	"parcours/report/site"
	"parcours/themes"
)

// project is everything that is read and checked before any data.
type project struct {
	site  *config.Site
	files fs.FS // folder of site.toml
	theme fs.FS
	maps  []*journey.Map
	pages []*site.Page
	book  *recommend.Playbook
}

// load reads and checks configuration, maps, pages and plays together. It reports false when an error stops the run.
func load(opt Options, l *diag.List) (*project, bool) {
	cfg, list := config.Load(opt.Config)
	l.Append(list)
	if cfg == nil {
		return nil, false
	}
	if !opt.AsOf.IsZero() {
		cfg.Report.AsOf = opt.AsOf
	}
	p := &project{site: cfg, files: os.DirFS(cfg.Root)}
	p.theme = themes.Default()
	if cfg.Theme != "" {
		over, err := fs.Sub(p.files, "themes/"+cfg.Theme)
		if err == nil {
			p.theme = themes.Overlay(over, p.theme)
		}
	}
	if !cfg.Doc.Has("journey.maps") && len(cfg.Glob(cfg.Maps)) == 0 {
		cfg.Maps = nil // nobody asked for maps and there are none
	}
	p.maps, list = journey.LoadAll(p.files, cfg.Maps, journey.Options{AsOf: cfg.Report.AsOf, Languages: cfg.Languages})
	l.Append(list)
	p.pages, list = site.LoadPages(p.files, cfg.Pages, cfg.Languages)
	l.Append(list)
	p.book, list = p.playbook()
	l.Append(list)
	return p, !p.stop(opt, l)
}

// stop applies the chosen severities and reports whether an error stops the run.
func (p *project) stop(opt Options, l *diag.List) bool {
	levels := map[diag.Code]diag.Severity{}
	off := map[diag.Code]bool{}
	for code, s := range p.site.Report.Warnings {
		levels[code] = s
	}
	for _, code := range p.site.Report.Silenced {
		off[code] = true
	}
	l.Relevel(levels, off)
	if p.site.Doc != nil {
		l.Excerpt(p.site.File, p.site.Doc.Line) // data sources know places in site.toml, not its text
	}
	if opt.Strict {
		l.Strict()
	}
	return l.HasErrors()
}

// playbook reads the plays of the theme and of the site and compiles them.
func (p *project) playbook() (*recommend.Playbook, diag.List) {
	var l diag.List
	var plays []recommend.Play
	add := func(fsys fs.FS, globs ...string) {
		for _, glob := range globs {
			names, _ := fs.Glob(fsys, glob)
			slices.Sort(names)
			for _, name := range names {
				src, err := fs.ReadFile(fsys, name)
				if err != nil {
					l.Errorf("PR001", diag.Position{File: name}, "cannot be read: %v", err)
					continue
				}
				more, list := recommend.Load(name, src)
				l.Append(list)
				plays = append(plays, more...)
			}
		}
	}
	add(p.theme, "playbook/*.toml")
	add(p.files, p.site.Playbooks...)
	l.Append(recommend.Unknown(plays, p.site.PlaysOff, p.site.OffPos))
	book, list := recommend.Compile(plays, measure.Catalogue(), p.site.PlaysOff, p.site.Languages)
	l.Append(list)
	return book, l
}

// request is the question asked of the data.
func (p *project) request(opt Options) dataset.Request {
	r := p.site.Report
	req := dataset.Request{
		Calendar: p.site.Calendar, Grain: r.Grain, Currency: p.site.Currency, Digits: p.site.Digits,
		Cohort: r.Cohort, Dimension: r.Dimension, Window: r.Window, MaxDropped: r.MaxDropped,
		Touchpoint: pairs(p.counted()), Tables: p.site.Data, Progress: opt.Progress, Phase: opt.Phase, Memory: p.memory(opt),
	}
	if !r.AsOf.IsZero() {
		day := r.AsOf.Days()
		req.AsOf = &day
	}
	if !r.Calibration.IsZero() {
		day := r.Calibration.Days()
		req.Calibration = &day
	}
	return req
}

// counted are the maps that figures are taken from: a map in two languages is one map.
func (p *project) counted() []*journey.Map {
	def := p.site.Languages[0]
	return journey.InLanguage(p.maps, def, def)
}

// pairs lists the consecutive touchpoints of the current maps that have an event in the data.
func pairs(maps []*journey.Map) []dataset.Pair {
	var out []dataset.Pair
	for _, m := range maps {
		if m.State == "target" {
			continue
		}
		last := ""
		for _, s := range m.Stages {
			for _, t := range s.Touchpoints {
				if t.Event == "" {
					continue
				}
				if pair := (dataset.Pair{From: last, To: t.Event}); last != "" && !slices.Contains(out, pair) {
					out = append(out, pair)
				}
				last = t.Event
			}
		}
	}
	return out
}

// memory is what the process promises to take at most.
func (p *project) memory(opt Options) int64 {
	asked := opt.Memory
	if asked == 0 {
		asked = p.site.Memory
	}
	if asked == 0 {
		asked = memory.Default
	}
	return memory.Affordable(asked)
}

// source reads the data.
func (p *project) source() *parquetscan.Source { return parquetscan.New(p.site.Data) }

// keepingSource reads the data as far as what was kept of them does not do.
func (p *project) keepingSource(opt Options) (*parquetscan.Source, error) {
	src := p.source()
	if opt.NoCache || !opt.Incremental && !p.site.Incremental {
		return src, nil
	}
	h := sha256.New()
	fmt.Fprintln(h, opt.Version)
	if err := addProgram(h); err != nil {
		return nil, err
	}
	return src.Keep(parquetscan.Keeping{
		Dir: filepath.Join(p.site.Root, ".parcours", "rows"), Program: hex.EncodeToString(h.Sum(nil)), Rehash: opt.Rehash,
	}), nil
}

// measure answers the question from the stored aggregates when nothing changed, else from the data, and computes
// every metric. It returns nil after errors of the user.
func (p *project) measure(ctx context.Context, opt Options, res *Result) (*measured, error) {
	req := p.request(opt)
	agg, err := p.aggregates(ctx, req, opt, res)
	if err != nil || agg == nil {
		return nil, err
	}
	res.Diagnostics.Append(p.bare(agg))
	res.Diagnostics.Append(p.untested(agg))
	r := p.site.Report
	mo := r.Options
	mo.Modes, mo.MinCell = r.Modes, r.MinCell
	m := &measured{}
	opt.phase("fitting models")
	if m.results, err = abandon(ctx, func() *measure.Results { return measure.Compute(agg, req.Calendar, mo) }); err != nil {
		return nil, err
	}
	m.advice = p.book.Evaluate(m.results.Figures(), p.counted(), agg.Manifest.AsOf)
	if p.site.Report.AsOf.IsZero() {
		// Review dates and loops are judged at the end of the data, which is known only now.
		res.Diagnostics.Append(p.late(agg.Manifest.AsOf))
	}
	if p.stop(opt, &res.Diagnostics) {
		return nil, nil
	}
	return m, nil
}

// abandon runs f, and gives up at once when the run is cancelled: fitting models may take seconds, and nothing that they do
// is seen outside.
func abandon[T any](ctx context.Context, f func() T) (T, error) {
	done := make(chan T, 1)
	go func() { done <- f() }()
	select {
	case r := <-done:
		return r, nil
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// late repeats the checks of the maps that need the report's date and returns the warnings that it adds.
func (p *project) late(asOf dataset.Day) diag.List {
	y, m, d := dataset.Date(asOf)
	opt := journey.Options{AsOf: tomlpos.Date{Year: y, Month: m, Day: d}, Languages: p.site.Languages}
	maps, l := journey.LoadAll(p.files, p.site.Maps, opt)
	p.maps = maps
	return l
}

func (p *project) aggregates(ctx context.Context, req dataset.Request, opt Options, res *Result) (*dataset.Aggregates, error) {
	src, err := p.keepingSource(opt)
	if err != nil {
		return nil, err
	}
	defer func() { res.Mapping = src.Mapping() }()
	dir := filepath.Join(p.site.Root, ".parcours", "aggregates")
	key := ""
	if !opt.NoCache {
		files, list, err := src.Fingerprint(ctx)
		if err != nil {
			return nil, err
		}
		if list.HasErrors() {
			res.Diagnostics.Append(list)
			return nil, nil
		}
		if key, err = cacheKey(req, files, opt.Version); err != nil {
			return nil, err
		}
		if agg, err := handoff.Read(dir, key); err == nil && !opt.Rehash {
			res.Cached = true
			return agg, nil
		}
	}
	opt.phase("reading")
	start := time.Now()
	agg, list, err := src.Aggregate(ctx, req)
	res.Diagnostics.Append(list)
	if err != nil || agg == nil || list.HasErrors() {
		return nil, err
	}
	res.Read.Took, res.Read.Strategy = time.Since(start), src.Strategy()
	for _, f := range agg.Files {
		res.Read.Rows += f.Rows
	}
	res.Read.Reused = src.Reused()
	res.Read.Rows -= res.Read.Reused.Rows
	// A folder that cannot be written costs time at the next build, never this one. Warnings of the data would be lost
	// with the next reading, so only a clean answer is kept.
	if key != "" && list.Len() == 0 {
		_ = handoff.Write(ctx, dir, key, agg)
	}
	return agg, ctx.Err()
}

// cacheKey names a question about given files, as asked by this very program.
func cacheKey(req dataset.Request, files []dataset.FileRow, version string) (string, error) {
	h := sha256.New()
	zone := req.Calendar.Location().String()
	req.Calendar.Zone = nil
	enc := json.NewEncoder(h)
	if err := enc.Encode([]any{dataset.SchemaVersion, version, zone, req, files}); err != nil {
		return "", fmt.Errorf("name the stored aggregates: %w", err)
	}
	if err := addProgram(h); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// addProgram adds the running program itself, so that aggregates of another build of parcours are never reused.
func addProgram(w io.Writer) error {
	path, err := os.Executable()
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// input is what the pages are made from.
func (p *project) input(opt Options, m *measured) site.Input {
	return site.Input{
		Config: p.site, Results: m.results, Maps: p.maps, Advice: m.advice, Theme: p.theme, Project: p.files,
		Pages: p.pages, Version: opt.Version, Built: opt.Built,
	}
}

// json is the published data/metrics.json.
func (m *measured) json(p *project) ([]byte, error) {
	var recs []measure.JSONRecommendation
	for _, r := range m.advice.Recommendations {
		j := measure.JSONRecommendation{ID: r.Play.ID, Stage: r.Play.Stage, Evidence: r.Evidence}
		if r.Value != nil {
			j.Value, j.Low, j.High = &r.Value.Mid, &r.Value.Low, &r.Value.High
		}
		recs = append(recs, j)
	}
	why, err := site.Why(p.input(Options{}, m))
	if err != nil {
		return nil, err
	}
	m.results.Why = why
	return m.results.JSON(recs, p.site.Languages[0])
}
