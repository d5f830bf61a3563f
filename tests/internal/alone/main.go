//go:build linux

// Command alone runs a program in a network that leads nowhere, and writes what it asks
// the network for to a file, a line each:
//
//	alone FILE PROGRAM [ARGUMENT]…
//
// The program has a network namespace of its own, where every address leads back to this
// command: it is the proxy of $HTTP_PROXY and $HTTPS_PROXY, which refuses, the name server
// that knows no name, and what listens on ports 80 and 443 of all the world. Lines begin
// with "proxy ", "name " or "port ". The exit status is the program's, or 125 where there
// is no namespace to be had: it wants root, or a system that lets users make their own.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// within marks the process that is in the namespace.
const within = "SDT_TEST_ALONE"

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: alone FILE PROGRAM [ARGUMENT]…")
		os.Exit(125)
	}
	run := enter
	if os.Getenv(within) != "" {
		run = serve
	}
	err := run(os.Args[1], os.Args[2:])
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "alone:", err)
		os.Exit(125)
	}
}

// enter runs this command again in a new namespace.
func enter(string, []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	c := exec.Command(self, os.Args[1:]...)
	c.Env = append(os.Environ(), within+"=1")
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGTERM}
	if os.Getuid() != 0 {
		c.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		c.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		c.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	return wait(c)
}

// serve answers for the network while the program runs in it.
func serve(file string, args []string) error {
	asked, err := os.Create(file)
	if err != nil {
		return err
	}
	defer asked.Close()
	if err := everywhereIsHere(); err != nil {
		return fmt.Errorf("make a network of one machine: %w", err)
	}
	proxy, err := listen(asked)
	if err != nil {
		return err
	}
	os.Unsetenv(within)
	c := exec.Command(args[0], args[1:]...)
	c.Env = os.Environ()
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"} {
		c.Env = append(c.Env, name+"=http://"+proxy)
	}
	c.Env = append(c.Env, "NO_PROXY=localhost,127.0.0.1", "no_proxy=localhost,127.0.0.1")
	return wait(c)
}

// wait runs a command to its end; an interrupt is for it alone.
func wait(c *exec.Cmd) error {
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := c.Start(); err != nil {
		return err
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for s := range signals {
			c.Process.Signal(s)
		}
	}()
	return c.Wait()
}
