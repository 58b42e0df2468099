package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"parcours/report"
	"parcours/report/dataset"
	"parcours/report/dataset/handoff"
)

func (a *app) scoreCmd() *cobra.Command {
	var p projectFlags
	var opt report.ScoreOptions
	var out string
	cmd := &cobra.Command{
		Use: "score", Short: "write one row per customer for a CRM: alive, expected orders and value", Args: noArgs,
		Long: `score fits the models of the lifetime-value page and writes what the chosen one says of
every customer: customer_id, x (purchase days after the first), t_x_days (from the first
to the last), age_days (from the first to as_of), p_alive, expected_orders and
expected_value_minor (discounted, in minor units of currency) within horizon_months,
segment, as_of.

The file names customers: it is personal data, readable by you alone, and never written
into a published folder. Horizon, discount rate and model are those of [clv].`,
		Example: "  parcours score\n  parcours score --out crm/scores.csv",
	}
	p.add(cmd)
	p.addRows(cmd)
	f := cmd.Flags()
	f.StringVarP(&out, "out", "o", "", "file to write (default: scores.parquet beside site.toml)")
	f.BoolVar(&opt.Force, "force", false, "replace a file that does not hold scores")
	// The flag of all commands, which here also names the form of the file.
	f.StringVar(&a.format, "format", "text", "form of the file: parquet or csv (default: by its name); or of diagnostics: text or json")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		switch form := handoff.Form(a.format); form {
		case handoff.Parquet, handoff.CSV:
			opt.Form, a.format = form, "text"
		case "text", "json":
		default:
			return fmt.Errorf("--format %q: expected parquet, csv, text or json", a.format)
		}
		return a.usage(&p, func(cmd *cobra.Command, common report.Options) error {
			opt.Options = common
			opt.Out = out
			start := time.Now()
			res, err := report.Score(cmd.Context(), opt)
			a.line.clear()
			if err != nil {
				return err
			}
			if err := a.report(res.Diagnostics); err != nil {
				return err
			}
			a.scored(res, time.Since(start))
			return nil
		})(cmd, args)
	}
	return cmd
}

// scored tells what the file is, on standard output: whoever hands it on should have read it.
func (a *app) scored(res *report.ScoreResult, took time.Duration) {
	if !a.quiet && a.format == "text" {
		fmt.Fprintf(a.out, "%s: %s, %s, %d months from %s\n", res.Out, count(int(res.Customers), "customer"), res.Model, res.HorizonMonths, dataset.FormatDay(res.AsOf))
		fmt.Fprintln(a.out, "The file names customers: it is personal data and must not be published.")
	}
	a.say("wrote %s, %s, in %s", res.Out, size(res.Bytes), took.Round(10*time.Millisecond))
	if a.verbose {
		a.work(&res.Result)
	}
}
