package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"parcours/internal/memory"
)

// The checks of arguments say what is expected; the library's own speak of "arg(s)".

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no argument, not %q", cmd.Name(), args[0])
	}
	return nil
}

func oneFolder(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return fmt.Errorf("%s needs a folder: parcours %s", cmd.Name(), cmd.Use)
	case len(args) > 1:
		return fmt.Errorf("%s takes one folder, not %d", cmd.Name(), len(args))
	case args[0] == "":
		return errors.New("the folder has no name")
	}
	return nil
}

func files(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%s needs a file: parcours %s", cmd.Name(), cmd.Use)
	}
	return nil
}

// plainHelp gives the commands that the library adds the style of the others, and refuses a shell that it does not know.
func plainHelp(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Short = "help about a command"
		case "completion":
			c.Short = "print the completion script of a shell"
			var shells []string
			for _, s := range c.Commands() {
				s.Short = "print the completion script of " + s.Name()
				shells = append(shells, s.Name())
			}
			c.Use = "completion SHELL"
			c.Args = cobra.ArbitraryArgs
			c.RunE = func(*cobra.Command, []string) error {
				return fmt.Errorf("completion needs a shell: %s", strings.Join(shells, ", "))
			}
		}
	}
}

// promise is a size of memory on the command line; 0 is none.
type promise int64

// String is empty for the default, so that the help does not show one: the configuration may have its own.
func (p *promise) String() string {
	if *p == 0 {
		return ""
	}
	return memory.Format(int64(*p))
}

// Set reads the size.
func (p *promise) Set(text string) error {
	n, err := memory.Promise(text)
	*p = promise(n)
	return err
}

// Type names the value in the help.
func (p *promise) Type() string { return "SIZE" }
