// Command parcours turns Parquet exports of a shop and a customer-journey map into a static site.
package main

import (
	"os"
	_ "time/tzdata" // the binary must know every zone, wherever it runs

	"parcours/internal/cli"
)

func main() { os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
