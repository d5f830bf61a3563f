package repl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/input"
	"github.com/sdtlab/sdtlab/kernel/internal/pipes"
)

// shell runs a command in a shell, with additional environment variables.
func (c *cell) shell(dir, command string, env ...string) error {
	defer func() { c.e.password = false }()
	name := "bash"
	if _, err := exec.LookPath(name); err != nil {
		name = "sh"
	}
	in, stdin, err := input.New(c.e.temp)
	if err != nil {
		return err
	}
	defer in.End()
	cmd := exec.Command(name, "-c", command)
	cmd.Env = env
	return c.start(cmd, dir, stdin, func(ctx context.Context, group int, flush func()) {
		in.Watch(ctx, group, flush, c.input(), func(err error) { c.out.Stream("stderr", err.Error()+"\n") })
	})
}

// pipe runs a program that reads text.
func (c *cell) pipe(args []string, text string) error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	var writing sync.WaitGroup
	writing.Go(func() {
		defer w.Close()
		w.WriteString(text) // the program need not read all of it
	})
	defer writing.Wait()
	return c.start(exec.Command(args[0], args[1:]...), c.dir(), r, func(context.Context, int, func()) {})
}

// start runs a program, shows its output and waits for its end. It closes stdin. An
// interrupt also reaches the program, which is killed if it does not end then. Processes
// that it leaves in the background, which may continue to write, are waited for only
// briefly.
//
// Output and error output are shown in the order reported by package pipes.
func (c *cell) start(cmd *exec.Cmd, dir string, stdin *os.File, watch func(ctx context.Context, group int, flush func())) error {
	defer stdin.Close()
	env, err := c.environ()
	if err != nil {
		return err
	}
	shown, err := pipes.New(func(i int, text []byte) { c.e.write([2]string{"stdout", "stderr"}[i], text) })
	if err != nil {
		return err
	}
	defer shown.Close()
	cmd.Dir, cmd.Env, cmd.Stdin = dir, append(env, cmd.Env...), stdin
	cmd.Stdout, cmd.Stderr = shown.Theirs()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	stdin.Close()
	shown.Started()
	ctx, done := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	watching.Go(func() { watch(ctx, cmd.Process.Pid, func() { shown.Flush() }) })
	unhook := context.AfterFunc(c.ctx, func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGINT)
		select {
		case <-ctx.Done():
		case <-time.After(patience):
			syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		}
	})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		err = cmd.Wait()
	}()
	shown.CopyUntil(ended, time.Second)
	<-ended
	done()
	unhook()
	watching.Wait()
	switch {
	case c.ctx.Err() != nil:
		return errors.New("interrupted")
	case err != nil:
		return fmt.Errorf("%s: %w", strings.TrimSpace(cmd.Args[len(cmd.Args)-1]), err)
	}
	return nil
}
