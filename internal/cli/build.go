package cli

import (
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"parcours/internal/memory"
	"parcours/internal/tomlpos"
	"parcours/report"
)

// projectFlags are the flags of every command that reads a project.
type projectFlags struct {
	config  string
	asOf    string
	strict  bool
	noCache bool
	memory  promise
}

func (p *projectFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&p.config, "config", "c", "site.toml", "configuration file")
	cmd.Flags().StringVar(&p.asOf, "as-of", "", "last day that counts, YYYY-MM-DD (default: report.as_of, else the last day in the data)")
	cmd.Flags().BoolVar(&p.strict, "strict", false, "treat warnings as errors")
}

// addRows is for the commands that read the rows.
func (p *projectFlags) addRows(cmd *cobra.Command) {
	cmd.Flags().Var(&p.memory, "memory", "memory to take at most, such as 512MiB, 1.5GiB or 2GB (default: build.memory, else 1GiB; never over three quarters of the machine's)")
	cmd.Flags().BoolVar(&p.noCache, "no-cache", false, "read the data again even when nothing changed")
}

func (p *projectFlags) options(a *app) (report.Options, error) {
	opt := report.Options{Config: p.config, Strict: p.strict, NoCache: p.noCache, Version: Version()}
	if p.asOf != "" {
		t, err := time.Parse(time.DateOnly, p.asOf)
		if err != nil {
			return opt, fmt.Errorf("--as-of %q: expected a date such as 2026-10-31", p.asOf)
		}
		opt.AsOf = tomlpos.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
	}
	if s := os.Getenv("SOURCE_DATE_EPOCH"); s != "" {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return opt, fmt.Errorf("SOURCE_DATE_EPOCH %q: expected seconds since 1970", s)
		}
		opt.Built = time.Unix(n, 0).UTC().Format(time.DateOnly)
	}
	opt.Memory = int64(p.memory)
	return opt, nil
}

func (a *app) buildCmd() *cobra.Command {
	var p projectFlags
	var out string
	var incremental, rehash bool
	cmd := &cobra.Command{
		Use: "build", Short: "make the site", Args: noArgs,
		Long: `build reads site.toml, the journey maps, the pages and the data, and writes the site.

Everything is checked first and every mistake is told at once; nothing is written when
there is an error, and an earlier site stays as it was. A folder that parcours did not
make is never overwritten.`,
		Example: "  parcours build\n  parcours build --config shop/site.toml --out /srv/www/shop --as-of 2026-10-31",
	}
	p.add(cmd)
	p.addRows(cmd)
	cmd.Flags().StringVarP(&out, "out", "o", "", "output folder (default: site.output, else public beside site.toml)")
	cmd.Flags().BoolVar(&incremental, "incremental", false, "keep the rows of the data in .parcours/rows (personal data) and do not read files again that did not change (also: build.incremental)")
	cmd.Flags().BoolVar(&rehash, "rehash", false, "compare whole files with what was kept of them, not only their sizes and footers; the first time, read all")
	cmd.RunE = a.usage(&p, func(cmd *cobra.Command, opt report.Options) error {
		opt.Out, opt.Incremental, opt.Rehash = out, incremental, rehash
		start := time.Now()
		res, err := report.Build(cmd.Context(), opt)
		a.line.clear()
		if err != nil {
			return err
		}
		if err := a.report(res.Diagnostics); err != nil {
			return err
		}
		a.told(res, time.Since(start))
		return nil
	})
	return cmd
}

// usage parses the project flags before the command counts as started, so that a bad date is a usage error.
func (a *app) usage(p *projectFlags, work func(*cobra.Command, report.Options) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		opt, err := p.options(a)
		if err != nil {
			return err
		}
		return a.run(func(cmd *cobra.Command, _ []string) error {
			if a.line = a.progress(); a.line != nil {
				opt.Progress, opt.Phase = a.line.rows, a.line.phase
			}
			return work(cmd, opt)
		})(cmd, args)
	}
}

func (a *app) told(res *report.Result, took time.Duration) {
	verb := "wrote"
	if res.Unchanged {
		verb = "nothing changed in"
	}
	a.say("%s %s: %s, %s, in %s", verb, res.Out, count(res.Pages, "page"), size(res.Bytes), took.Round(10*time.Millisecond))
	if a.verbose {
		a.work(res)
	}
}

// work tells how the time was spent and what the data were taken for.
func (a *app) work(res *report.Result) {
	for _, s := range res.Steps {
		a.say("  %-10s %s", s.Name, s.Took.Round(time.Millisecond))
	}
	a.read(res)
	for _, m := range res.Mapping {
		found := ""
		if m.Found {
			found = " (found by its name)"
		}
		a.say("  %s.%s = %s%s", m.Table, m.Role, m.Column, found)
	}
	if res.Cached {
		a.say("  the aggregates came from .parcours; --no-cache reads the data again")
	}
}

// read tells how fast rows were read and what memory the whole run took.
func (a *app) read(res *report.Result) {
	if r := res.Read; r.Rows > 0 && r.Took > 0 {
		a.say("  read %d rows in %s, %s", r.Rows, r.Took.Round(time.Millisecond), speed(float64(r.Rows)/r.Took.Seconds()))
		where := "in memory"
		if n := r.Strategy.Spilled; n > 0 {
			where = "with a temporary file of " + memory.Format(n)
		}
		a.say("  %s, %s of customers, %s", where, count(r.Strategy.Partitions, "partition"), count(r.Strategy.Workers, "worker"))
	}
	if r := res.Read.Reused; r.Files > 0 {
		a.say("  %s with %d rows did not change and came from .parcours", count(r.Files, "file"), r.Rows)
	}
	peak := ""
	if n := memory.Peak(); n > 0 {
		peak = "peak memory " + memory.Format(n) + " of "
	}
	if res.Memory > 0 {
		a.say("  %s%s promised", peak, memory.Format(res.Memory))
	}
}

func size(n int64) string {
	if n < 1_000_000 {
		return fmt.Sprintf("%d kB", (n+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

func (a *app) checkCmd() *cobra.Command {
	var p projectFlags
	cmd := &cobra.Command{
		Use: "check", Short: "check configuration, maps, pages, plays and the columns of the data; write nothing", Args: noArgs,
		Long: `check reads everything that build reads except the rows of the data, of which it reads
the columns only, and tells every mistake with its place. It writes nothing.`,
		Example: "  parcours check\n  parcours check --strict --format json",
	}
	p.add(cmd)
	cmd.RunE = a.usage(&p, func(cmd *cobra.Command, opt report.Options) error {
		l, err := report.Check(cmd.Context(), opt)
		if err != nil {
			return err
		}
		if err := a.report(l); err != nil {
			return err
		}
		_, warnings := l.Count()
		a.say("no error, %s", count(warnings, "warning"))
		return nil
	})
	return cmd
}

func (a *app) metricsCmd() *cobra.Command {
	var p projectFlags
	cmd := &cobra.Command{
		Use: "metrics", Short: "print metrics.json without making the site", Args: noArgs,
		Long: `metrics computes everything and prints the figures as JSON on standard output, as build
writes them to data/metrics.json.`,
		Example: "  parcours metrics | jq .totals",
	}
	p.add(cmd)
	p.addRows(cmd)
	cmd.RunE = a.usage(&p, func(cmd *cobra.Command, opt report.Options) error {
		text, l, err := report.Metrics(cmd.Context(), opt)
		a.line.clear()
		if err != nil {
			return err
		}
		if a.format == "text" || l.HasErrors() {
			if err := a.report(l); err != nil {
				return err
			}
		}
		_, err = a.out.Write(text)
		return err
	})
	return cmd
}
