package live

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/input"
	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
	"golang.org/x/sys/unix"
)

// process is the worker: the process that holds the values.
type process struct {
	cmd      *exec.Cmd
	sending  sync.Mutex // of commands
	commands *gob.Encoder
	reports  chan host.Report
	pipes    [2]*os.File // its output and error output
	stdin    *input.Input
	done     chan struct{}
	exit     error // when done

	writing sync.Mutex // a piece of output goes out whole, before what follows
	out     func(stream string, text []byte)
	tail    []byte // of the error output: a dying process says why there
}

var streams = [2]string{"stdout", "stderr"}

// startWorker starts the worker, a program, in a folder. out takes its output; temp is a folder for
// its input.
func startWorker(program string, dir string, env []string, temp string, out func(stream string, text []byte)) (*process, error) {
	p := &process{out: out, done: make(chan struct{}), reports: make(chan host.Report)}
	stdin, stdinR, err := input.New(temp)
	if err != nil {
		return nil, err
	}
	p.stdin = stdin
	p.cmd = exec.Command(program)
	p.cmd.Dir, p.cmd.Env = dir, env
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	theirs := []*os.File{stdinR}
	var ours []*os.File
	for range 4 {
		r, w, pipeErr := os.Pipe()
		err = errors.Join(err, pipeErr)
		theirs, ours = append(theirs, w), append(ours, r)
	}
	if err != nil {
		return nil, fmt.Errorf("start the process for the values: %w", err)
	}
	theirs[1], ours[0] = ours[0], theirs[1] // commands go the other way
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = theirs[0], theirs[3], theirs[4]
	p.cmd.ExtraFiles = theirs[1:3]
	err = p.cmd.Start()
	for _, f := range theirs {
		f.Close()
	}
	if err != nil {
		for _, f := range ours {
			f.Close()
		}
		stdin.End()
		return nil, fmt.Errorf("start the process for the values: %w", err)
	}
	p.commands = gob.NewEncoder(ours[0])
	p.pipes = [2]*os.File{ours[2], ours[3]}
	var readers sync.WaitGroup
	for i := range p.pipes {
		readers.Go(func() { p.read(i) })
	}
	go func() {
		decoder := gob.NewDecoder(ours[1])
		for {
			var r host.Report
			if err := decoder.Decode(&r); err != nil {
				break
			}
			p.reports <- r
		}
		syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // its children too: they have its output open
		p.exit = p.cmd.Wait()
		readers.Wait()
		for _, f := range ours {
			f.Close()
		}
		close(p.done)
	}()
	return p, nil
}

// read hands on one stream of output until the process ends.
func (p *process) read(i int) {
	for p.copy(i) == nil {
	}
}

// copy hands on what a stream has, and waits for something if it has nothing.
func (p *process) copy(i int) error {
	conn, err := p.pipes[i].SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = conn.Read(func(fd uintptr) bool {
		p.writing.Lock()
		defer p.writing.Unlock()
		var n int
		if n, failed = p.take(i, int(fd)); errors.Is(failed, syscall.EAGAIN) {
			return false
		}
		if failed == nil && n == 0 {
			failed = io.EOF
		}
		return true
	})
	if err != nil {
		return err
	}
	return failed
}

// take reads once and hands on what there is. The lock is held.
func (p *process) take(i, fd int) (int, error) {
	buffer := make([]byte, 64<<10)
	n, err := syscall.Read(fd, buffer)
	if n <= 0 {
		return 0, err
	}
	if i == 1 {
		p.tail = append(p.tail, buffer[:n]...)
		p.tail = p.tail[max(0, len(p.tail)-tailLimit):]
	}
	p.out(streams[i], buffer[:n])
	return n, nil
}

// tailLimit is how much of the error output is kept to explain an end.
const tailLimit = 64 << 10

// flush hands on all output that the process has written so far.
func (p *process) flush() {
	p.writing.Lock()
	defer p.writing.Unlock()
	for i, f := range p.pipes {
		conn, err := f.SyscallConn()
		if err != nil {
			continue
		}
		conn.Control(func(fd uintptr) {
			for {
				waiting, err := unix.IoctlGetInt(int(fd), unix.TIOCINQ)
				if err != nil || waiting == 0 {
					return
				}
				if n, err := p.take(i, int(fd)); n == 0 || err != nil {
					return
				}
			}
		})
	}
}

// errEnded is what do returns when the process is gone.
var errEnded = errors.New("the process that held the values has ended")

// do has the process carry out a command and returns its report. ask, if not nil, answers what waits for
// standard input meanwhile.
func (p *process) do(c host.Command, ask input.Ask) (host.Report, error) {
	if ask != nil {
		if err := p.stdin.Open(); err != nil {
			return host.Report{}, err
		}
	} else {
		p.stdin.End()
	}
	if err := p.send(c); err != nil {
		<-p.done
		return host.Report{}, errEnded
	}
	if ask != nil {
		ctx, cancel := context.WithCancel(context.Background())
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			p.stdin.Watch(ctx, p.cmd.Process.Pid, p.flush, ask, func(err error) { p.out("stderr", []byte(err.Error()+"\n")) })
		}()
		defer func() {
			cancel()
			<-answered
		}()
	}
	select {
	case r := <-p.reports:
		p.flush()
		return r, nil
	case <-p.done:
		return host.Report{}, errEnded
	}
}

// send sends a command.
func (p *process) send(c host.Command) error {
	p.sending.Lock()
	defer p.sending.Unlock()
	return p.commands.Encode(c)
}

// interrupt asks the running cell to stop. The process sends the signal, to itself and to what
// it has started, since a cell may have told Go to ignore it or to die of it.
func (p *process) interrupt() { p.send(host.Command{Interrupt: true}) }

// kill ends the process and all that it started.
func (p *process) kill() {
	syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	select {
	case <-p.done:
	case <-time.After(5 * time.Second): // a child of its own may keep a pipe open
	}
}
