package live

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"syscall"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/input"
	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
	"github.com/sdtlab/sdtlab/kernel/internal/pipes"
)

// process is the worker: the process that holds the values.
type process struct {
	cmd      *exec.Cmd
	sending  sync.Mutex // held while a command is sent
	commands *gob.Encoder
	reports  chan host.Report
	output   *pipes.Pair
	stdin    *input.Input
	done     chan struct{}
	exit     error // set when done is closed

	out   func(stream string, text []byte)
	tail  []byte // of the error output: a dying process explains itself there
	dying bool   // the runtime is printing its last messages
}

var streams = [2]string{"stdout", "stderr"}

// startWorker starts the worker program in folder dir. out receives its output; temp is a
// folder for its input.
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
	p.cmd.Stdin = stdinR
	theirCommands, commands, err := os.Pipe()
	reports, theirReports, reportsErr := os.Pipe()
	var outputErr error
	p.output, outputErr = pipes.New(p.hand)
	if err = errors.Join(err, reportsErr, outputErr); err == nil {
		p.cmd.Stdout, p.cmd.Stderr = p.output.Theirs()
		p.cmd.ExtraFiles = []*os.File{theirCommands, theirReports}
		err = p.cmd.Start()
	}
	for _, f := range []*os.File{stdinR, theirCommands, theirReports} {
		f.Close() // if the file was not opened, there is nothing to close
	}
	if err != nil {
		commands.Close()
		reports.Close()
		if p.output != nil {
			p.output.Close()
		}
		stdin.End()
		return nil, fmt.Errorf("start the process for the values: %w", err)
	}
	p.output.Started()
	p.commands = gob.NewEncoder(commands)
	ended, copied := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(copied)
		p.output.CopyUntil(ended, lastWords)
	}()
	go func() {
		decoder := gob.NewDecoder(reports)
		for {
			var r host.Report
			if err := decoder.Decode(&r); err != nil {
				break
			}
			p.reports <- r
		}
		syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // its children too: they hold its output open
		p.exit = p.cmd.Wait()
		close(ended)
		<-copied
		p.output.Close()
		commands.Close()
		reports.Close()
		close(p.done)
	}()
	return p, nil
}

// hand forwards a piece of output. The traces that the runtime prints as it ends the
// process go only to the tail: they are hundreds of lines about code that is not the
// user's.
func (p *process) hand(stream int, text []byte) {
	if stream == 1 && p.dying {
		p.tail = append(p.tail, text[:min(len(text), max(0, 2*tailLimit-len(p.tail)))]...)
		return
	}
	if stream == 1 {
		p.tail = append(p.tail, text...)
		if m := traces.FindSubmatchIndex(p.tail); m != nil {
			p.dying = true
			text = text[:max(0, len(text)-(len(p.tail)-m[2]))]
		} else {
			p.tail = p.tail[max(0, len(p.tail)-tailLimit):]
		}
	}
	p.out(streams[stream], text)
}

// traces matches the start of the runtime's traces after one of its own errors, which list
// all goroutines with registers: "fatal error: stack overflow". For errors that the runtime
// finds in a program, such as concurrent map writes, the trace is of one goroutine and is
// not matched.
var traces = regexp.MustCompile(`(?m)^fatal error: .*\n(?:.+\n){0,3}(\n(?:runtime stack:|goroutine \d+ gp=))`)

// lastWords is how long to wait for the output of a process that has ended: a child that
// has left its process group may keep the pipes open for ever.
const lastWords = time.Second

// tailLimit is how many bytes of the error output are kept to explain an end.
const tailLimit = 64 << 10

// flush forwards all output that the process has written so far.
func (p *process) flush() { p.output.Flush() }

// errEnded is the error of do when the process has ended.
var errEnded = errors.New("the process that held the values has ended")

// do makes the process carry out a command and returns its report. Meanwhile ask, if not
// nil, answers reads from standard input.
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

// interrupt asks the running cell to stop. The process itself sends the signal, to itself and
// to the processes it started, because a cell may have told Go to ignore the signal or to die
// of it.
func (p *process) interrupt() { p.send(host.Command{Interrupt: true}) }

// kill ends the process and everything that it started.
func (p *process) kill() {
	syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	select {
	case <-p.done:
	case <-time.After(5 * time.Second): // one of its children may keep a pipe open
	}
}
