// Command kernel runs notebooks, writes reports of them, is a Jupyter kernel itself, and
// installs what Jupyter needs. No Python is needed. The cells of a notebook share one live
// process. Where that is impossible, it drives GoNB, the Go kernel, which it builds from
// the project's go.mod.
//
//	go run ./kernel demo                 the quickstart notebook, start to report
//	go run ./kernel run NOTEBOOK…        any notebook
//	go run ./kernel sweep NOTEBOOK -p …  it, for every combination of values
//	go run ./kernel report RUN_DIR…      a report of run directories
//	go run ./kernel new NAME             a notebook of your own
//	go run ./kernel repl                 cells typed in the terminal
//	go run ./kernel install              kernels for Jupyter; faster back ends
//	go run ./kernel doctor               what is installed and what is missing
//
// It contains no machine learning: that is in the packages that notebooks import.
//
//	demo, run, sweep, report, new, repl, serve, install, doctor
//	              the commands; platform, those that need Linux; computeon, their --backend
//	parameters    the values set in a notebook's cells: variables, which there are; kind, what
//	              values they take; value, as Go code
//	grid          the points of a sweep; shard, a share of them; completed, which need no execution;
//	              sweeptable, what came of them; sweepjobs, files for clusters
//	rundirs       what a report covers; reportstage, the folder in which it is made; saved, where a
//	              notebook goes; outfolder, the -o of these commands
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/spf13/cobra"

	"github.com/sdtlab/sdtlab/kernel/internal/execution"
)

func main() {
	stop := execution.Listen()
	err := command(stop, os.Stdout, os.Stderr).ExecuteContext(stop.Soft)
	if err = userError(err, stop.Soft.Err() != nil); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n", err)
	}
	os.Exit(status(err))
}

// userError returns a command's error as the user sees it: after Ctrl-C, a program that the
// command ran and that the signal ended is not reported.
func userError(err error, stopped bool) error {
	var program *exec.ExitError
	if errors.Is(err, context.Canceled) || stopped && errors.As(err, &program) && !program.Exited() {
		return execution.ErrInterrupted
	}
	return err
}

// status returns the exit status for a command's error: 0 for none, 130 after Ctrl-C, as
// shells do, else 1.
func status(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, execution.ErrInterrupted):
		return 130
	}
	return 1
}

// command returns the command line: results go to out, progress and remarks to
// remarks.
func command(stop execution.Stopper, out, remarks io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:           "kernel",
		Short:         "Run notebooks, write reports, install the Jupyter kernel",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetOut(out)
	root.SetErr(remarks)
	root.CompletionOptions.DisableDefaultCmd = true
	root.PersistentFlags().Var(new(computeOn), "backend", `back end of the cells: "go", "onnx", "xla-cpu" or "xla-cuda" if it is installed, or a setting of GOMLX_BACKEND (default: the fastest that doctor measured)`)
	root.AddCommand(demoCommand(stop), runCommand(stop), sweepCommand(stop), reportCommand(stop), newCommand(), installCommand(), doctorCommand())
	root.AddCommand(platformCommands()...)
	return root
}
