package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"parcours/internal/demo"
)

func (a *app) initCmd() *cobra.Command {
	var lang string
	cmd := &cobra.Command{
		Use: "init DIR", Short: "make a small project that builds at once", Args: oneFolder,
		Long: `init writes a commented site.toml, a small sample of orders, a journey map and a page.
Build it, then put your own exports in the place of the sample.`,
		Example: "  parcours init shop && cd shop && parcours build",
	}
	cmd.Flags().StringVar(&lang, "language", "en", "language of the texts: en or fr")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if lang != "en" && lang != "fr" {
			return fmt.Errorf("--language %q: expected en or fr", lang)
		}
		return a.run(func(cmd *cobra.Command, args []string) error {
			if err := folderHint(demo.Init(cmd.Context(), args[0], lang)); err != nil {
				return err
			}
			a.say("made %s; next: cd %s && parcours build", args[0], args[0])
			return nil
		})(cmd, args)
	}
	return cmd
}

func (a *app) demoCmd() *cobra.Command {
	var opt demo.Options
	cmd := &cobra.Command{
		Use: "demo DIR", Short: "make a complete fictional shop: data, maps and pages", Args: oneFolder,
		Long: `demo writes the synthetic exports of a fictional shop: orders, customers, marketing
spend, e-mail events, surveys, support tickets and touchpoint events, with journey maps
and pages. The same options and seed give the same bytes on every machine. It streams,
so that a hundred million orders need little memory.`,
		Example: "  parcours demo shop\n  parcours demo big --orders 20000000 --customers 3000000 --data-only",
	}
	f := cmd.Flags()
	f.Int64Var(&opt.Orders, "orders", 0, fmt.Sprintf("number of orders to aim at (default %d)", demo.DefaultOrders))
	f.Int64Var(&opt.Customers, "customers", 0, fmt.Sprintf("number of customers (default %d, or orders ÷ 2.7)", demo.DefaultCustomers))
	f.Uint64Var(&opt.Seed, "seed", demo.DefaultSeed, "seed of every draw")
	f.IntVar(&opt.Months, "months", demo.DefaultMonths, "months of history before the current one")
	f.BoolVar(&opt.DataOnly, "data-only", false, "write the tables only, without site.toml, maps and pages")
	f.BoolVar(&opt.Force, "force", false, "replace the files of an earlier run in DIR")
	cmd.RunE = a.run(func(cmd *cobra.Command, args []string) error {
		opt.Dir = args[0]
		line := a.progress()
		line.phase("writing orders")
		opt.Progress = line.rows
		err := demo.Generate(cmd.Context(), opt)
		line.clear()
		if err := folderHint(err); err != nil {
			return err
		}
		if opt.DataOnly {
			a.say("made the tables of a fictional shop in %s", args[0])
		} else {
			a.say("made a fictional shop in %s; next: cd %s && parcours build", args[0], args[0])
		}
		return nil
	})
	return cmd
}

func folderHint(err error) error {
	if errors.Is(err, demo.ErrNotEmpty) {
		return fmt.Errorf("%w; choose a new or empty one", err)
	}
	return err
}

func (a *app) manCmd() *cobra.Command {
	return &cobra.Command{
		Use: "man DIR", Short: "write the manual pages, one for each command", Args: oneFolder,
		Example: "  parcours man /usr/local/share/man/man1",
		RunE: a.run(func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			root := cmd.Root()
			root.DisableAutoGenTag = true // the date of the build has no place in a manual
			if err := doc.GenManTree(root, &doc.GenManHeader{Title: "PARCOURS", Section: "1", Source: "parcours " + Version(), Manual: "parcours"}, args[0]); err != nil {
				return err
			}
			pages, _ := filepath.Glob(filepath.Join(args[0], "parcours*.1"))
			a.say("wrote %s to %s", count(len(pages), "page"), strings.TrimSuffix(args[0], "/"))
			return nil
		}),
	}
}
