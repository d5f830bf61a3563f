// Package nb has helpers that keep the cells of a notebook short.
//
//	var source = nb.Must(lab.Pretrain(nb.Context()))
//	nb.Show(plots.LossCurves(source.History))
package nb

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
)

// Must returns v. If err is not nil, it prints the error and ends the cell.
func Must[T any](v T, err error) T {
	Check(err)
	return v
}

// Check prints the error and ends the cell if err is not nil.
func Check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// Figure is anything that can show itself in a notebook, such as the figures of package
// plots.
type Figure interface {
	// Display shows the figure in the output of the running cell.
	Display() error
}

// Show shows figures in the cell's output, one below another. If one cannot be shown, it
// prints the error and ends the cell.
func Show(figures ...Figure) {
	for _, f := range figures {
		Check(f.Display())
	}
}

// Context returns a context that ends when the cell is interrupted: training then saves its
// state and stops. Contexts of later cells are not affected.
func Context() context.Context {
	interrupts.Do(listen)
	current.Lock()
	defer current.Unlock()
	return current.ctx
}

var interrupts sync.Once

// current is the context for cells until the next interrupt.
var current struct {
	sync.Mutex
	ctx context.Context
	end context.CancelFunc
}

// listen ends the current context at each interrupt, and starts the next one.
func listen() {
	current.ctx, current.end = context.WithCancel(context.Background())
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, os.Interrupt)
	go func() {
		for range heard {
			current.Lock()
			current.end()
			current.ctx, current.end = context.WithCancel(context.Background())
			current.Unlock()
		}
	}()
}
