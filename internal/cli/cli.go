// Package cli is the command line of parcours: data on standard output, everything else on standard error.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"parcours/internal/diag"
)

// The exit codes, part of the contract with CI jobs.
const (
	exitOK      = 0
	exitErrors  = 1 // errors in configuration, maps, pages, data or output
	exitUsage   = 2 // wrong command line
	exitCrossed = 3 // built, but a threshold was crossed
)

// version is set by the linker for a release; otherwise the module's version or revision is told.
var version = ""

// app carries what every command needs.
type app struct {
	in          io.Reader
	out, errs   io.Writer
	started     bool // a command's own work began: later errors are not usage errors
	format      string
	quiet       bool
	verbose     bool
	interactive bool
	line        *progress // nil where nobody watches
}

// reported is returned by a command that has already printed its diagnostics.
var errReported = errors.New("reported")

// Run executes one command line and returns the exit code.
func Run(args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	a := &app{in: in, out: out, errs: errs, interactive: isTerminal(errs)}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errReported):
		return exitErrors
	case !a.started:
		fmt.Fprintf(errs, "parcours: %v\n", err)
		fmt.Fprintln(errs, "parcours: see parcours --help")
		return exitUsage
	}
	a.failed(err)
	return exitErrors
}

// failed tells what no command has told: a stop, or a failure of the machine. A program that reads JSON gets JSON.
func (a *app) failed(err error) {
	msg := err.Error()
	if errors.Is(err, context.Canceled) {
		msg = "stopped; nothing was written"
	}
	if a.format == "json" {
		var l diag.List
		l.Add(diag.Diagnostic{Severity: diag.Error, Code: "PO003", Msg: msg})
		if l.PrintJSON(a.errs) == nil {
			return
		}
	}
	fmt.Fprintf(a.errs, "parcours: %s\n", msg)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "parcours",
		Short: "turn a shop's Parquet exports and its journey map into a static site",
		Long: `parcours reads Parquet exports of a shop's data and a customer-journey map in TOML,
computes cohort retention, customer lifetime value, segments and lifecycle, and
writes a static site in French and English that opens anywhere.

  parcours init shop           make a small project that builds at once
  parcours inspect *.parquet   look at your exports and get a mapping to paste
  parcours build               read ./site.toml, write ./public

Exit codes: 0 done, 1 errors, 2 wrong usage, 3 built but a threshold was crossed.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.format, "format", "text", "form of diagnostics and reports: text or json")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "print errors only")
	flags.BoolVarP(&a.verbose, "verbose", "v", false, "tell what is done and how long it takes")
	root.MarkFlagsMutuallyExclusive("quiet", "verbose")
	root.AddCommand(a.buildCmd(), a.checkCmd(), a.metricsCmd(), a.scoreCmd(), a.inspectCmd(), a.initCmd(), a.demoCmd(), a.versionCmd(), a.manCmd())
	plainHelp(root)
	return root
}

// run wraps the work of a command: flags are checked first, and errors from here on are not usage errors.
func (a *app) run(work func(cmd *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		if a.format != "text" && a.format != "json" {
			return fmt.Errorf("--format %q: expected text or json", a.format)
		}
		a.started = true
		return work(cmd, args)
	}
}

// report prints diagnostics and returns errReported when one of them is an error.
func (a *app) report(l diag.List) error {
	errs, warnings := l.Count()
	switch {
	case a.format == "json":
		if err := l.PrintJSON(a.errs); err != nil {
			return err
		}
	case a.quiet:
		a.print(l.OnlyErrors())
	default:
		a.print(l)
	}
	if a.format == "text" && errs > 0 {
		fmt.Fprintf(a.errs, "parcours: %s, %s; nothing was written\n", count(errs, "error"), count(warnings, "warning"))
	}
	if errs > 0 {
		return errReported
	}
	return nil
}

// atOnce is the number of diagnostics that a person at a terminal reads before the first ones have scrolled away.
const atOnce = 20

// print writes diagnostics as text: all of them to a file or a pipe, the first ones to a terminal.
func (a *app) print(l diag.List) {
	most := l.Len()
	if a.interactive && !a.verbose {
		most = atOnce
	}
	if left := l.PrintFirst(a.errs, most); left > 0 {
		fmt.Fprintf(a.errs, "and %d more; --verbose prints them all\n", left)
	}
}

func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// say prints a line for a person, unless --quiet or --format json.
func (a *app) say(format string, args ...any) {
	if !a.quiet && a.format == "text" {
		fmt.Fprintf(a.errs, "parcours: "+format+"\n", args...)
	}
}

func (a *app) versionCmd() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "print the version", Args: noArgs,
		RunE: a.run(func(*cobra.Command, []string) error {
			fmt.Fprintln(a.out, "parcours "+Version())
			return nil
		}),
	}
}

// Version is the release, else the module's version, else "dev". It never holds a build date, so that equal sources make equal sites.
func Version() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}
