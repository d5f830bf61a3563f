package execution

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// Stopper carries the user's wish to stop: soft ends at the first Ctrl-C (or
// SIGTERM), and what runs is to settle and be saved; hard ends at the second, and
// what runs is to be killed.
type Stopper struct {
	Soft, Hard context.Context
}

// Listen returns a Stopper that hears this process's signals.
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

// ErrInterrupted is what a command returns that Ctrl-C ended.
var ErrInterrupted = errors.New("interrupted")
