// Package gonbpipe is the kernel's end of the named pipes through which programs that use
// GoNB's gonbui packages show HTML, images and widgets, and get values from widgets. One
// [Pipe] serves all processes of a session, one after another or at the same time.
//
//	fifo     the pipes; peek, reading from one without consuming
//	conn     one program at a pipe; stream, its messages; message, what they do; ids, of displays
//	front    the comm of the front end; script, the other end of it there; json, its values
package gonbpipe

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// Output receives what programs show. Its methods are called from several goroutines, and
// may block: the program then waits too.
type Output interface {
	// Stream writes to "stdout" or "stderr".
	Stream(name, text string)
	// Display shows data by MIME type. With an id, Update can change it.
	Display(data, metadata map[string]any, id string)
	// Update changes what was displayed with that id.
	Update(data, metadata map[string]any, id string)
	// Comm sends a comm message to the front ends.
	Comm(m Comm)
}

// Comm is a comm message of Jupyter's protocol. Its fields are those of eval.Comm.
type Comm struct {
	Type     string         // "comm_open", "comm_msg" or "comm_close"
	ID       string         // of the comm
	Target   string         // of comm_open
	Data     map[string]any // content
	Metadata map[string]any // of the message
	Buffers  [][]byte       // of the message
}

// Pipe is a pair of named pipes that programs find through their environment. Programs may
// come and go: each has its own connection.
type Pipe struct {
	out      Output
	dir      string
	front    *front
	ids      ids
	accepted chan struct{}

	mu        sync.Mutex
	conns     map[*conn]bool
	questions []protocol.InputRequest // not yet answered
	closed    bool
}

// Open makes the pipes in an existing folder and starts to serve them. kernel is the
// Jupyter server's id for this kernel, which is part of the name of its connection file:
// without it widgets cannot send values back, and say so. out receives what programs show.
func Open(dir, kernel string, out Output) (*Pipe, error) {
	p := &Pipe{out: out, dir: dir, front: newFront(kernel, out), accepted: make(chan struct{}), conns: map[*conn]bool{}}
	if err := p.renew(); err != nil {
		return nil, err
	}
	go p.accept()
	return p, nil
}

// there and back are the paths of the pipe that programs write to and of the one that they
// read.
func (p *Pipe) there() string { return filepath.Join(p.dir, "gonb") }
func (p *Pipe) back() string  { return filepath.Join(p.dir, "gonb-back") }

// Env returns what the environment of programs must contain. It stays the same.
func (p *Pipe) Env() []string {
	env := []string{protocol.GONB_PIPE_ENV + "=" + p.there(), protocol.GONB_PIPE_BACK_ENV + "=" + p.back()}
	if p.front.kernel != "" {
		env = append(env, protocol.GONB_JUPYTER_KERNEL_ID_ENV+"="+p.front.kernel)
	}
	return env
}

// Question returns how to ask the user for the next line of the programs' standard input:
// as a program requested with gonbui.RequestInput, each request for one line, else with no
// prompt.
func (p *Pipe) Question() (prompt string, password bool) {
	p.flush()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.questions) == 0 {
		return "", false
	}
	q := p.questions[0]
	p.questions = p.questions[1:]
	return q.Prompt, q.Password
}

// Begin marks the start of a cell, identified as the front end identifies its cells, or
// else by its code. What an earlier run of that cell displayed is gone: its display ids are
// made anew.
func (p *Pipe) Begin(cell string) {
	p.ids.begin(cell)
	p.front.begin()
}

// End marks the end of the cell's code. When it returns, everything that the cell displayed
// has been forwarded, and requests for input that was not read are forgotten.
func (p *Pipe) End() {
	p.flush()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.questions = nil
}

func (p *Pipe) flush() {
	for _, c := range p.connections() {
		c.flush()
	}
}

// Message receives a comm message of a front end. It reports whether the message belongs to
// a comm of this pipe; it ignores others.
func (p *Pipe) Message(m Comm) bool {
	address, value, known := p.front.message(m)
	if address != "" {
		for _, c := range p.connections() {
			c.deliver(address, value)
		}
	}
	return known
}

func (p *Pipe) connections() []*conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]*conn, 0, len(p.conns))
	for c := range p.conns {
		all = append(all, c)
	}
	return all
}

// Close stops serving and removes the pipes. Programs that use them afterwards fail.
func (p *Pipe) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	p.mu.Unlock()
	for waiting := true; waiting; {
		p.wake()
		select {
		case <-p.accepted:
			waiting = false
		case <-time.After(time.Millisecond):
		}
	}
	for _, c := range p.connections() {
		c.close()
	}
	p.front.close()
	for _, path := range []string{p.there(), p.back()} {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("remove the pipe to programs: %w", err)
		}
	}
	return nil
}
