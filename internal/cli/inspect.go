package cli

import (
	"github.com/spf13/cobra"

	"parcours/internal/diag"
	"parcours/report/dataset/parquetscan"
)

func (a *app) inspectCmd() *cobra.Command {
	return &cobra.Command{
		Use: "inspect FILE...", Short: "show what is in Parquet files, and a mapping to paste into site.toml", Args: files,
		Long: `inspect reads files, globs or folders and prints, for each schema: columns with their types, rows, row
groups, codecs, smallest and largest values, nulls and distinct values; then the [data.…]
table that parcours would use, by the names of the columns.`,
		Example: "  parcours inspect exports/*.parquet\n  parcours inspect --format json orders.parquet",
		RunE: a.run(func(cmd *cobra.Command, args []string) error {
			r, l := parquetscan.Inspect(cmd.Context(), args)
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			write := r.WriteText
			if a.format == "json" {
				write = r.WriteJSON
			}
			if err := write(a.out); err != nil {
				return err
			}
			return a.listed(l)
		}),
	}
}

// listed is report for commands that write no site.
func (a *app) listed(l diag.List) error {
	if a.format == "json" {
		if l.Len() > 0 {
			if err := l.PrintJSON(a.errs); err != nil {
				return err
			}
		}
	} else {
		a.print(l)
	}
	if l.HasErrors() {
		return errReported
	}
	return nil
}
