package execution

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// Stopper carries the user's wish to stop. Soft ends at the first Ctrl-C (or SIGTERM): what
// runs should settle and be saved. Hard ends at the second: what runs is killed.
type Stopper struct {
	Soft, Hard context.Context
}

// Listen returns a Stopper that receives this process's signals.
func Listen() Stopper {
	soft, first := context.WithCancel(context.Background())
	hard, second := context.WithCancel(context.Background())
	heard := make(chan os.Signal, 2)
	signal.Notify(heard, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-heard
		first()
		<-heard
		second()
	}()
	return Stopper{soft, hard}
}

// ErrInterrupted is the error of a command that Ctrl-C ended.
var ErrInterrupted = errors.New("interrupted")
