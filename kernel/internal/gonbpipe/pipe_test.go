package gonbpipe

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestDisplays(t *testing.T) {
	l := newLab(t, "k")
	l.with(func() { l.slow = 5 * time.Millisecond })
	p := l.start("shows")
	p.line("synced")
	l.want("when Sync returns everything has been forwarded",
		"display text/html <b>1</b>",
		"display text/markdown *2*",
		"display image/png iVBORw==", // base64 of \x89PNG
		"display x text/html first",
		"update x text/html second",
		"display y text/markdown other",
		"display text/javascript run()",
		`display application/json {"a":1}, text/latex $x$, text/plain bytes map[width:3]`,
	)
	p.end()
}

// Displays have been forwarded when End returns, without a call of Sync.
func TestEnd(t *testing.T) {
	l := newLab(t, "k")
	l.with(func() { l.slow = 100 * time.Microsecond })
	p := l.start("burst")
	p.line("done")
	l.End()
	if got := l.take(); len(got) != 1000 || got[999] != "display text/html 999" {
		t.Errorf("%d of 1000 displays have been forwarded", len(got))
	}
	p.end()
}

// Programs come and go, and one that fails affects no other.
func TestProgramsComeAndGo(t *testing.T) {
	l := newLab(t, "k")
	for _, c := range []struct {
		program string
		want    []string
	}{
		{"one", []string{"display text/html one"}},
		{"half", []string{"display text/html whole"}},
		{"one", []string{"display text/html one"}},
		{"garbage", []string{"stderr gonbui: a message cannot be read: gob: encoded unsigned integer out of range"}},
		{"one", []string{"display text/html one"}},
		{"one way", nil},
		{"one", []string{"display text/html one"}},
		{"own type", []string{
			`stderr gonbui: a message cannot be read: gob: name not registered for interface: "github.com/sdtlab/sdtlab/kernel/internal/gonbpipe.custom"`,
			"display text/html after",
		}},
	} {
		p := l.start(c.program)
		p.end()
		l.settle()
		l.want(c.program, c.want...)
	}
}

// settle waits until no program is connected.
func (l *lab) settle() {
	l.t.Helper()
	for range 2000 {
		if len(l.connections()) == 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	l.t.Fatal("a program that has ended is still connected")
}

func TestProgramsAtTheSameTime(t *testing.T) {
	l := newLab(t, "k")
	first := l.start("shows")
	first.line("synced")
	second := l.start("burst")
	second.line("done")
	l.End()
	if got := l.take(); len(got) != 8+1000 {
		t.Errorf("%d displays, want 1008", len(got))
	}
	if n := len(l.connections()); n != 2 {
		t.Errorf("%d programs are connected, want 2", n)
	}
	first.end()
	second.end()
	l.settle()
}

func TestQuestions(t *testing.T) {
	l := newLab(t, "k")
	ask := func(why, want string) {
		t.Helper()
		prompt, password := l.Question()
		if got := fmt.Sprint(prompt, " ", password); got != want {
			t.Errorf("%s: %q, want %q", why, got, want)
		}
	}
	ask("nobody has said how", " false")
	p := l.start("asks")
	p.line("asked")
	ask("the first line", "name? false")
	ask("the second", "secret? true")
	ask("the third", " false")
	p.end()
	p = l.start("asks")
	p.line("asked")
	l.End()
	ask("the cell has ended", " false")
	p.end()
	l.want("questions show nothing of themselves")
}

// A program that does not read what it is sent blocks no other.
func TestDeafProgram(t *testing.T) {
	l := newLab(t, "k")
	p := l.start("deaf")
	p.line("subscribed")
	l.End()
	l.Message(Comm{Type: "comm_open", ID: "c", Target: target})
	start := time.Now()
	for i := range 20_000 {
		l.Message(Comm{Type: "comm_msg", ID: "c", Data: map[string]any{"address": "/flood", "value": strings.Repeat("x", 100) + fmt.Sprint(i)}})
	}
	l.End()
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("20,000 values take %v", took)
	}
	for _, c := range l.connections() {
		c.mu.Lock()
		if n := len(c.queue); n > queueLimit || n < queueLimit/2 || !strings.HasSuffix(c.queue[n-1].Value.(string), "19999") {
			t.Errorf("%d values wait, want the last %d", n, queueLimit)
		}
		c.mu.Unlock()
	}
	l.take()
	l.start("one").end()
	l.until("display text/html one")
	p.end()
	l.settle()
}

func TestClose(t *testing.T) {
	dir := t.TempDir()
	l := &lab{t: t}
	for _, connected := range []bool{false, true} {
		p, err := Open(dir, "k", l)
		if err != nil {
			t.Fatal(err)
		}
		l.Pipe = p
		var program *program
		if connected {
			program = l.start("burst")
			program.line("done")
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		if err := p.Close(); err != nil {
			t.Errorf("the second time: %v", err)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		if connected {
			program.end()
		}
	}
	if _, err := Open(filepath.Join(dir, "none"), "k", l); !os.IsNotExist(err) && (err == nil || !strings.Contains(err.Error(), "none")) {
		t.Errorf("no folder: %v", err)
	}
}

func TestIDs(t *testing.T) {
	var d ids
	for _, c := range []struct {
		why   string
		cell  string // begins, if not empty
		id    string
		want  string
		fresh bool
	}{
		{"the first use", "a", "x", "x", true},
		{"the second", "", "x", "x", false},
		{"in another cell: that one is changed", "b", "x", "x", false},
		{"a script's own", "", scripts + "1", scripts + "1_2", true},
		{"the same, changed", "", scripts + "1", scripts + "1_2", false},
		{"in another cell: one of its own", "c", scripts + "1", scripts + "1_3", true},
		{"the first cell again: what it displayed is gone", "a", "x", "x", true},
	} {
		if c.cell != "" {
			d.begin(c.cell)
		}
		if got, fresh := d.take(c.id); got != c.want || fresh != c.fresh {
			t.Errorf("%s: %s, %v, want %s, %v", c.why, got, fresh, c.want, c.fresh)
		}
	}
}
