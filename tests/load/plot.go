package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/lintel-id/lintel/tests/load/plot"
	"github.com/lintel-id/lintel/tests/load/report"
)

// draw makes the plots of a file of results.
func draw(args []string, out, complaints io.Writer) int {
	flags := flag.NewFlagSet("load plot FILE", flag.ContinueOnError)
	flags.SetOutput(complaints)
	dir := flags.String("out", ".", "the folder for the plots")
	if len(args) == 0 {
		flags.Usage()
		return 2
	}
	if err := flags.Parse(args[1:]); err != nil {
		return 2
	}
	found, err := report.Read(args[0])
	if err != nil {
		_, _ = fmt.Fprintln(complaints, "load:", err)
		return 1
	}
	for _, drawn := range plot.All(found) {
		path := filepath.Join(*dir, drawn.Name+".svg")
		if err := os.WriteFile(path, drawn.SVG, 0o644); err != nil {
			_, _ = fmt.Fprintln(complaints, "load:", err)
			return 1
		}
		_, _ = fmt.Fprintln(out, path)
	}
	return 0
}
