// Command reproduce makes tables of accuracy, each number from a training of its own, on
// data that is at hand:
//
//	go run ./notebooks/reproduce -table NAME [-data DIR] [-o DIR] [-network NAME] [-only TEXT] [-methods LIST] [-trials N] [-shard I/N]
//	go run ./notebooks/reproduce -table cross -source DIR -target DIR [-map FILE] [-partial] …
//	go run ./notebooks/reproduce -table NAME … -report markdown|csv|latex
//
// Tables 1 and 2 are the paper's, on Office-31 in the folder office31 of -data; cross is
// its Fig. 6 on any two folders of images.
//
// A cell is one method on one trial of one problem. Its result is written under -o as a
// file of its own, atomically, under a key made of its configuration; a cell that is done
// is not done again. So a sweep that was killed goes on where it was, and shards on many
// machines fill one shared folder without a coordinator. -report, with the flags that the
// sweep had, prints what is there, and reads no data. The key does not know the content
// of the data: of changed images make the table in another -o.
//
// -steps makes a quick look of it, with figures that mean little.
//
//	request, options  what the command line asks for; shard, which share
//	table, tables     the tables; cell, one number; result, what came of it
//	office31, officecaltech, digits, glyphs, cross, stability
//	                  the cells of each; recipe, networks for photographs; mapping, of classes;
//	                  kept, a task for several cells
//	sweep             makes the cells; choice, which setting a validator takes
//	summary           puts results together: average, published figures of others; taken and
//	                  capped, sentences below; report, how it is printed
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM) // a cluster sends the latter
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "reproduce:", err)
		os.Exit(1)
	}
}
