// Command reproduce makes tables of accuracy, with a training for each number, on local
// data:
//
//	go run ./notebooks/reproduce -table NAME [-data DIR] [-o DIR] [-network NAME] [-only TEXT] [-methods LIST] [-trials N] [-shard I/N]
//	go run ./notebooks/reproduce -table office -weights FILE [-set office31|photos256] …
//	go run ./notebooks/reproduce -table cross -source DIR -target DIR [-map FILE] [-partial] …
//	go run ./notebooks/reproduce -table NAME … -report markdown|csv|latex
//
// Tables 1 and 2 are the paper's, on Office-31 in the folder office31 of -data, and office is
// both on photographs that are at hand, with a network that was trained on ImageNet; cross is its
// Fig. 6 on any two folders of images.
//
// A cell is one method on one trial of one problem. Its result is written to its own file
// under -o, atomically, under a key made from its configuration; a finished cell is not run
// again. So a killed sweep resumes where it was, and shards on many machines fill one
// shared folder without a coordinator. -report, with the flags of the sweep, prints the
// existing results, and reads no data. The key does not depend on the content of the data or
// of the file of weights: if images or weights change, use another -o.
//
// -steps gives a quick preview, with figures that mean little.
//
//	request, options  the command line; shard, a share of the cells
//	table, tables     the tables; cell, one number; result, what came of it
//	office, office31, officecaltech, digits, glyphs, cross, stability
//	                  the cells of each; variant, rows of office with settings to choose among;
//	                  recipe, networks for photographs; trunk, a part of one that no training
//	                  moves; mapping, of classes; kept, a task for several cells
//	sweep             runs the cells; choice, the setting that a validator chooses
//	summary           combines results: average, published figures of others; taken and
//	                  capped, sentences below; report and bymethod, how it is printed
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM) // a cluster sends SIGTERM
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "reproduce:", err)
		os.Exit(1)
	}
}
