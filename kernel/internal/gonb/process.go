package gonb

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/project"
)

// Process is a running kernel and the session with it.
type Process struct {
	Client *jupyter.Client
	Info   map[string]any // content of its kernel_info_reply

	cmd    *exec.Cmd
	temp   string         // the folder of its files, removed by Stop
	folder *regexp.Regexp // matches the folder of a cell's program
	done   chan struct{}  // closed when the process has ended
	exit   error          // how it ended, once done is closed
}

// startLimit is how long a kernel may take to answer its first message.
const startLimit = 2 * time.Minute

// Start starts the kernel in folder dir and waits until it answers. The project's packages
// can be imported from the first cell on. Errors of the compiler come as text with cell and
// line.
//
// The kernel has its own process group: a Ctrl-C in the terminal reaches it only through
// Interrupt. Its temporary files are under a folder that Stop removes, however the process
// ended. Stop must be called. env is added to its environment.
func Start(ctx context.Context, p project.Project, t Tools, dir string, env ...string) (*Process, error) {
	temp, err := os.MkdirTemp("", "sdt-")
	if err != nil {
		return nil, fmt.Errorf("start the kernel: %w", err)
	}
	k := &Process{
		temp: temp, done: make(chan struct{}),
		folder: regexp.MustCompile(regexp.QuoteMeta(temp) + `/gonb_[0-9a-f]+/`),
	}
	conn := jupyter.NewConnection(temp)
	file := filepath.Join(temp, "kernel.json")
	if err := conn.Write(file); err != nil {
		k.Stop()
		return nil, err
	}
	log, err := os.Create(k.log())
	if err != nil {
		k.Stop()
		return nil, fmt.Errorf("start the kernel: %w", err)
	}
	defer log.Close()
	cwd, err := os.Getwd()
	if err != nil {
		k.Stop()
		return nil, fmt.Errorf("start the kernel: %w", err)
	}
	k.cmd = exec.Command(t.GoNB(), "--kernel", file, "-go_work="+p.Root, "-raw_error")
	k.cmd.Dir = dir
	k.cmd.Env = append(os.Environ(), env...)
	for name, value := range project.Environ(os.Environ(), cwd, t.Dir) {
		k.cmd.Env = append(k.cmd.Env, name+"="+value)
	}
	k.cmd.Env = append(k.cmd.Env, "TMPDIR="+temp)
	k.cmd.Stdout, k.cmd.Stderr = log, log
	ownGroup(k.cmd)
	alive, ended := context.WithCancelCause(context.WithoutCancel(ctx))
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // for as long as the process lives: see dieWithParent
		defer runtime.UnlockOSThread()
		err := k.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		k.exit = k.cmd.Wait()
		ended(k.death())
		close(k.done)
	}()
	if err := <-started; err != nil {
		k.cmd = nil
		k.Stop()
		return nil, fmt.Errorf("start the kernel: %w", err)
	}
	if err := k.connect(ctx, alive, conn); err != nil {
		err = k.Explain(err)
		k.Stop()
		return nil, err
	}
	return k, nil
}

func (k *Process) connect(ctx, alive context.Context, conn jupyter.Connection) (err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, fmt.Errorf("no answer within %s", startLimit))
	defer cancel()
	if k.Client, err = dial(ctx, alive, conn); err != nil {
		return err
	}
	k.Info, err = k.Client.Info(ctx)
	return err
}

// dial tries until the kernel has made its sockets.
func dial(ctx, alive context.Context, conn jupyter.Connection) (*jupyter.Client, error) {
	for {
		c, err := jupyter.Dial(alive, conn)
		if err == nil {
			return c, nil
		}
		select {
		case <-alive.Done():
			return nil, context.Cause(alive)
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: %w", context.Cause(ctx), err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// Talk returns the session with the kernel.
func (k *Process) Talk() *jupyter.Client { return k.Client }

// About returns the content of its kernel_info_reply.
func (k *Process) About() map[string]any { return k.Info }

// PID returns the process's id.
func (k *Process) PID() int { return k.cmd.Process.Pid }

// Interrupt asks the kernel to stop the running cell: it signals the cell's program, and
// kills it if it has not ended after five seconds. It does not reach a cell that is still
// being compiled; ask again until the cell settles.
func (k *Process) Interrupt() error {
	if err := k.cmd.Process.Signal(os.Interrupt); err != nil {
		return fmt.Errorf("interrupt the kernel: %w", err)
	}
	return nil
}

// Kill ends the kernel and all processes that it started.
func (k *Process) Kill() { killGroup(k.cmd) }

// Explain returns why the session failed with err: if the process has ended, or ends within
// a moment, that and the last lines of its log.
func (k *Process) Explain(err error) error {
	select {
	case <-k.done:
		return k.death()
	case <-time.After(2 * time.Second):
		return err
	}
}

func (k *Process) death() error {
	how := "exit status 0"
	if k.exit != nil {
		how = k.exit.Error()
	}
	return fmt.Errorf("the kernel process died (%s)%s", how, k.lastWords())
}

func (k *Process) log() string { return filepath.Join(k.temp, "kernel.log") }

// lastWords returns the lines of the kernel's log, after a line break, that say why it gave
// up; "" if they do not.
func (k *Process) lastWords() string {
	data, err := os.ReadFile(k.log())
	if err != nil {
		return ""
	}
	at := gaveUp.FindIndex(data)
	if at == nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(data[at[0]:])), "\n")
	return "; its log says\n  " + strings.Join(lines[:min(len(lines), 5)], "\n  ")
}

// Program returns the path of the Go file that GoNB made from the cells for the last one;
// before the first cell, the file does not exist.
func (k *Process) Program() string {
	made, _ := filepath.Glob(filepath.Join(k.temp, "gonb_*", "main.go"))
	if len(made) == 0 {
		return filepath.Join(k.temp, "main.go")
	}
	return made[0]
}

// Tidy returns a message with the files of a cell's program as bare names: their folder is
// new in each run and removed after it.
func (k *Process) Tidy(m jupyter.Message) jupyter.Message {
	m.Content = k.folder.ReplaceAll(m.Content, nil)
	return m
}

// gaveUp finds a panic, or a line that klog marks as fatal.
var gaveUp = regexp.MustCompile(`(?m)^(panic: |fatal error: |F\d{4} )`)

// Stop ends the kernel, politely first, and removes its files.
func (k *Process) Stop() {
	if k.Client != nil {
		if err := k.Client.Shutdown(); err == nil {
			select {
			case <-k.done:
			case <-time.After(3 * time.Second):
			}
		}
	}
	if k.cmd != nil {
		k.Kill()
		<-k.done
	}
	if k.Client != nil {
		k.Client.Close()
	}
	os.RemoveAll(k.temp)
}
