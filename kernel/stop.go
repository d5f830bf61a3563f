package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// stopper carries the user's wish to stop: soft ends at the first Ctrl-C (or
// SIGTERM), and what runs is to settle and be saved; hard ends at the second, and
// what runs is to be killed.
type stopper struct {
	soft, hard context.Context
}

// listen returns a stopper that hears this process's signals.
func listen() stopper {
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
	return stopper{soft, hard}
}

// errInterrupted is what a command returns that Ctrl-C ended.
var errInterrupted = errors.New("interrupted")
