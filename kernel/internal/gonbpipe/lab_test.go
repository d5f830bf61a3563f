package gonbpipe

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// lab is a pipe under test, with an output that records what arrives.
type lab struct {
	*Pipe
	t *testing.T

	mu     sync.Mutex
	slow   time.Duration                     // each display takes this long
	seen   func(data map[string]any, m Comm) // may be nil
	events []string
	names  map[string]string // ids as the tests name them
}

func newLab(t *testing.T, kernel string) *lab {
	t.Helper()
	l := &lab{t: t, names: map[string]string{}}
	var err error
	if l.Pipe, err = Open(t.TempDir(), kernel, l); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func (l *lab) note(event string, data map[string]any, m Comm) {
	l.mu.Lock()
	l.events = append(l.events, event)
	seen := l.seen
	l.mu.Unlock()
	if seen != nil {
		seen(data, m)
	}
}

// shown returns data by MIME type in a line, in order.
func shown(data map[string]any) string {
	var parts []string
	for _, mime := range slices.Sorted(maps.Keys(data)) {
		text, err := json.Marshal(data[mime])
		if err != nil {
			text = []byte(err.Error())
		}
		var s string
		if json.Unmarshal(text, &s) == nil {
			text = []byte(s)
		}
		if strings.Contains(string(text), "globalThis.gonb_comm = comm") {
			text = []byte("THE SCRIPT")
		}
		parts = append(parts, mime+" "+string(text))
	}
	return strings.Join(parts, ", ")
}

// name returns an id as it is, or #1, #2 … for generated ones.
func (l *lab) name(id string) string {
	if len(id) < 3 {
		return id
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.names[id] == "" {
		l.names[id] = fmt.Sprintf("#%d", len(l.names)+1)
	}
	return l.names[id]
}

func (l *lab) Stream(name, text string) { l.note(name+" "+strings.TrimSpace(text), nil, Comm{}) }
func (l *lab) Display(data, metadata map[string]any, id string) {
	l.mu.Lock()
	slow := l.slow
	l.mu.Unlock()
	time.Sleep(slow)
	event := "display " + shown(data)
	if id != "" {
		event = "display " + l.name(id) + " " + shown(data)
	}
	if len(metadata) > 0 {
		event += fmt.Sprint(" ", metadata)
	}
	l.note(event, data, Comm{})
}
func (l *lab) Update(data, metadata map[string]any, id string) {
	l.note("update "+l.name(id)+" "+shown(data), data, Comm{})
}
func (l *lab) Comm(m Comm) { l.note(fmt.Sprint(m.Type, " ", m.Data), nil, m) }

// with changes how the output behaves.
func (l *lab) with(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

// take returns what was recorded, and clears it.
func (l *lab) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	events := l.events
	l.events = nil
	return events
}

// want checks what was recorded.
func (l *lab) want(why string, want ...string) {
	l.t.Helper()
	if got := l.take(); !slices.Equal(got, want) {
		l.t.Errorf("%s:\n\t%s\nwant\n\t%s", why, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// program is a running program.
type program struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	stdin io.Closer
	t     *testing.T
	lab   *lab
}

// start starts a program. Its standard input stays empty until it should end.
func (l *lab) start(name string) *program {
	l.t.Helper()
	p := &program{cmd: exec.Command(os.Args[0]), t: l.t, lab: l}
	p.cmd.Env = append(os.Environ(), append(l.Env(), programVariable+"="+name, "GORACE=atexit_sleep_ms=0")...)
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		l.t.Fatal(err)
	}
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		l.t.Fatal(err)
	}
	p.lines = bufio.NewScanner(out)
	if err := p.cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { p.cmd.Process.Kill() })
	return p
}

// line waits for the program to print a line.
func (p *program) line(want string) {
	p.t.Helper()
	stuck := time.AfterFunc(20*time.Second, func() { p.cmd.Process.Kill() })
	defer stuck.Stop()
	if !p.lines.Scan() || p.lines.Text() != want {
		p.t.Fatalf("the program says %q, want %q; shown:\n\t%s", p.lines.Text(), want, strings.Join(p.lab.take(), "\n\t"))
	}
}

// end closes the program's input and waits for the program to end.
func (p *program) end() {
	p.t.Helper()
	p.stdin.Close()
	done := make(chan error, 1)
	go func() { done <- p.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			p.t.Errorf("the program: %v", err)
		}
	case <-time.After(20 * time.Second):
		p.t.Error("the program does not end")
		p.cmd.Process.Kill()
		<-done
	}
}

// until waits for an event.
func (l *lab) until(event string) {
	l.t.Helper()
	for range 2000 {
		l.mu.Lock()
		found := slices.ContainsFunc(l.events, func(e string) bool { return strings.Contains(e, event) })
		l.mu.Unlock()
		if found {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	l.t.Fatalf("%q does not come; there were:\n\t%s", event, strings.Join(l.take(), "\n\t"))
}
