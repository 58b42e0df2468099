// Package report is the pipeline: load and check, aggregate, measure, recommend, render, put in place.
package report

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"parcours/internal/diag"
	"parcours/internal/memory"
	"parcours/internal/outdir"
	"parcours/internal/tomlpos"
	"parcours/report/dataset"
	"parcours/report/dataset/parquetscan"
	"parcours/report/measure"
	"parcours/report/recommend"
	"parcours/report/site"
)

// Options say what to build. Only Config is required.
type Options struct {
	Config  string       // path of site.toml
	Out     string       // output folder; "": the configuration's, beside site.toml
	AsOf    tomlpos.Date // overrides report.as_of
	Strict  bool         // warnings are errors
	NoCache bool         // do not use or write .parcours
	// Incremental keeps the rows of files in .parcours/rows and does not read files again that did not change, even if the
	// configuration does not say so. Rehash compares whole files for that, not only their sizes and footers.
	Incremental, Rehash bool
	Version             string
	Built               string // printed build date, "" none
	// Memory is what the process may take, in bytes; 0: as the configuration says, else memory.Default. It is never more than
	// three quarters of what the machine has. The site does not depend on it.
	Memory   int64
	Progress func(rows, total int64) // rows read; nil or called from one goroutine at a time
	Phase    func(name string)       // called as each phase begins: "reading", "computing" and so on; may be nil
}

// Result is a finished build.
type Result struct {
	Diagnostics diag.List
	Out         string
	Pages       int
	Bytes       int64
	Unchanged   bool                  // the folder already held this site
	Cached      bool                  // the aggregates came from .parcours
	Memory      int64                 // what was promised
	Read        Reading               // zero when the aggregates came from .parcours
	Mapping     []parquetscan.Mapping // which column serves which role
	Steps       []Step
}

// Reading is what it took to make the aggregates of the rows.
type Reading struct {
	Rows     int64
	Reused   parquetscan.Reused // what was not read again
	Took     time.Duration
	Strategy parquetscan.Strategy
}

// Step is the time that one stage took.
type Step struct {
	Name string
	Took time.Duration
}

// Build makes the site. Mistakes of the user are in Result.Diagnostics, and nothing is written when one of them is an error;
// the error is for cancellation and failures of the machine.
func Build(ctx context.Context, opt Options) (*Result, error) {
	res := &Result{}
	clock := stopwatch(&res.Steps)
	p, ok := load(opt, &res.Diagnostics)
	clock("check")
	if !ok {
		return res, nil
	}
	res.Memory = p.memory(opt)
	defer memory.Hold(res.Memory)()
	m, err := p.measure(ctx, opt, res)
	clock("data")
	if err != nil || m == nil {
		return res, err
	}
	opt.phase("making pages")
	files, err := p.render(ctx, opt, m, &res.Diagnostics)
	clock("pages")
	if err != nil || files == nil {
		return res, err
	}
	opt.phase("writing")
	err = p.write(ctx, opt, res, files, m.results)
	clock("write")
	return res, err
}

func (o *Options) phase(name string) {
	if o.Phase != nil {
		o.Phase(name)
	}
}

// rendered is what making the pages comes to.
type rendered struct {
	files site.Files
	list  diag.List
	err   error
}

// render makes all files in memory. It returns nil after errors of the user.
func (p *project) render(ctx context.Context, opt Options, m *measured, l *diag.List) (site.Files, error) {
	r, err := abandon(ctx, func() (r rendered) {
		r.files, r.list, r.err = site.Render(p.input(opt, m))
		if r.err == nil && !r.list.HasErrors() {
			r.files["data/metrics.json"], r.err = m.json(p)
		}
		return r
	})
	if err == nil {
		err = r.err
	}
	l.Append(r.list)
	if err != nil || p.stop(opt, l) {
		return nil, err
	}
	return r.files, nil
}

// write swaps the finished files in.
func (p *project) write(ctx context.Context, opt Options, res *Result, files site.Files, r *measure.Results) error {
	out := opt.Out
	if out == "" {
		out = filepath.Join(p.site.Root, filepath.FromSlash(p.site.Output))
	}
	res.Out = out
	m := outdir.Manifest{Generator: "parcours " + opt.Version, AsOf: dataset.FormatDay(r.Manifest.AsOf)}
	for _, f := range r.Quality.Files {
		m.Inputs = append(m.Inputs, outdir.Input{File: f.File, Hash: f.Hash})
	}
	slices.SortFunc(m.Inputs, func(a, b outdir.Input) int { return strings.Compare(a.File, b.File) })
	w, err := outdir.Write(ctx, out, files, m)
	var foreign *outdir.ForeignError
	if errors.As(err, &foreign) {
		res.Diagnostics.Add(diag.Diagnostic{
			Severity: diag.Error, Code: "PO001", Pos: diag.Position{File: out}, Msg: foreign.Error(),
			Hint: "choose another folder with --out, or empty this one",
		})
		return nil
	}
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		res.Diagnostics.Add(unwritable(out, err))
		return nil
	}
	for name := range files {
		if strings.HasSuffix(name, ".html") {
			res.Pages++
		}
	}
	res.Bytes, res.Unchanged = w.Bytes, w.Unchanged
	return err
}

// unwritable explains why the site could not be put in its folder; the earlier one is still there.
func unwritable(out string, err error) diag.Diagnostic {
	d := diag.Diagnostic{Severity: diag.Error, Code: "PO002", Pos: diag.Position{File: out}, Msg: "the site cannot be written: " + err.Error()}
	var cause syscall.Errno
	var wrong *outdir.NotFolderError
	if errors.As(err, &cause) {
		d.Msg = "the site cannot be written: " + cause.Error()
	}
	switch {
	case errors.As(err, &wrong):
		d.Hint = "choose another folder with --out, or take it away"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		d.Hint = "the new site is made beside the earlier one and takes its place: the folder that holds them must be writable"
	case errors.Is(err, syscall.EBUSY), errors.Is(err, syscall.EXDEV):
		d.Hint = "a mounted folder cannot be replaced: choose a folder inside it with --out"
	case errors.Is(err, syscall.ENOSPC):
		d.Hint = "there must be room for the new site beside the earlier one"
	}
	return d
}

// Check reports every mistake that can be found without computing anything: configuration, maps, pages, plays, and
// the columns of the data.
func Check(ctx context.Context, opt Options) (diag.List, error) {
	var l diag.List
	p, ok := load(opt, &l)
	if !ok {
		return l, nil
	}
	list, err := p.source().Check(ctx, p.request(opt))
	l.Append(list)
	p.stop(opt, &l)
	return l, err
}

// Metrics returns data/metrics.json without making the site.
func Metrics(ctx context.Context, opt Options) ([]byte, diag.List, error) {
	res := &Result{}
	p, ok := load(opt, &res.Diagnostics)
	if !ok {
		return nil, res.Diagnostics, nil
	}
	defer memory.Hold(p.memory(opt))()
	m, err := p.measure(ctx, opt, res)
	if err != nil || m == nil || p.stop(opt, &res.Diagnostics) {
		return nil, res.Diagnostics, err
	}
	text, err := m.json(p)
	if err == nil {
		err = ctx.Err()
	}
	return text, res.Diagnostics, err
}

// measured is what the data says.
type measured struct {
	results *measure.Results
	advice  recommend.Outcome
}

func stopwatch(steps *[]Step) func(name string) {
	last := time.Now()
	return func(name string) {
		now := time.Now()
		*steps = append(*steps, Step{name, now.Sub(last)})
		last = now
	}
}
