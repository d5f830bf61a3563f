package gonbpipe

import (
	"bufio"
	"encoding/json"
	"io"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// page is a browser page run by node: it shows what the lab displays, and sends its
// messages to the pipe.
type page struct {
	lab  *lab
	in   io.WriteCloser
	said chan any
	urls chan string

	mu sync.Mutex // of in
}

func (l *lab) openPage() *page {
	l.t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		l.t.Skip("node is not installed")
	}
	cmd := exec.Command(node, "testdata/page.js")
	p := &page{lab: l, said: make(chan any, 10), urls: make(chan string, 10)}
	if p.in, err = cmd.StdinPipe(); err != nil {
		l.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		l.t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	done := make(chan bool)
	go func() {
		defer close(done)
		for s := bufio.NewScanner(out); s.Scan(); {
			p.hear(s.Bytes())
		}
	}()
	l.t.Cleanup(func() {
		l.Close() // the page is informed
		p.in.Close()
		<-done
		if err := cmd.Wait(); err != nil || stderr.Len() > 0 {
			l.t.Errorf("the page: %v\n%s", err, stderr.String())
		}
	})
	l.with(func() {
		l.seen = func(data map[string]any, m Comm) {
			if html, ok := data["text/html"].(string); ok {
				p.tell(map[string]any{"html": html})
			}
			if m.Type != "" {
				p.tell(map[string]any{"comm": map[string]any{"type": m.Type, "comm_id": m.ID, "data": m.Data}})
			}
		}
	})
	return p
}

// hear handles a line printed by the page.
func (p *page) hear(line []byte) {
	var m struct {
		Said    any
		URL     string
		Header  struct{ Username, Version, Session string }
		Channel string
		MsgType string `json:"msg_type"`
		Content struct {
			ID     string         `json:"comm_id"`
			Target string         `json:"target_name"`
			Data   map[string]any `json:"data"`
		}
	}
	if err := json.Unmarshal(line, &m); err != nil {
		p.lab.t.Errorf("%v in %s", err, line)
	}
	switch {
	case m.URL != "":
		p.urls <- m.URL
	case m.MsgType == "":
		p.said <- m.Said
	case m.Channel != "control" || m.Header.Version == "" || len(m.Header.Session) != 32:
		p.lab.t.Errorf("not a message for a kernel: %s", line)
	default:
		if !p.lab.Message(Comm{Type: m.MsgType, ID: m.Content.ID, Target: m.Content.Target, Data: m.Content.Data}) {
			p.lab.t.Errorf("the pipe does not know the comm of %s", line)
		}
	}
}

func (p *page) tell(x any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := json.NewEncoder(p.in).Encode(x); err != nil {
		p.lab.t.Errorf("tell the page: %v", err)
	}
}

// say returns an expression's value in the page.
func (p *page) say(expression string) any {
	p.tell(map[string]any{"say": expression})
	select {
	case x := <-p.said:
		return x
	case <-time.After(10 * time.Second):
		p.lab.t.Fatalf("the page does not say %s", expression)
		return nil
	}
}

func TestButton(t *testing.T) {
	l := newLab(t, "id of kernel")
	page := l.openPage()
	l.Begin("cell 1")
	p := l.start("button")
	l.until("display text/html ready")
	page.tell(map[string]any{"click": "b"})
	l.until("clicked 1")
	page.tell(map[string]any{"click": "b"})
	l.until("clicked 2")
	p.end()
	l.settle()
	if url := <-page.urls; url != "ws://example.org/user/me/api/kernels/id%20of%20kernel/channels?session_id=S&token=t%26t" {
		t.Errorf("the page connects to %s", url)
	}
	l.End()
	got := strings.Join(l.take(), "\n")
	if !strings.HasPrefix(got, "display #1 text/html THE SCRIPT\n") || strings.Count(got, "THE SCRIPT") != 1 || strings.Count(got, "update #1 text/html \n") != 1 {
		t.Errorf("the script is not shown first, and taken away:\n%s", got)
	}

	l.Begin("cell 2") // later: the script is still there, and says so
	l.front.mu.Lock()
	l.front.heard = time.Time{}
	l.front.mu.Unlock()
	p = l.start("button")
	l.until("display text/html ready")
	page.tell(map[string]any{"click": "b"})
	l.until("clicked 1")
	page.tell(map[string]any{"click": "b"})
	l.until("clicked 2")
	p.end()
	if len(page.urls) != 0 {
		t.Error("the script that is there connects again")
	}
	if n := page.say("Object.keys(globalThis).filter((k) => k.includes('gonb')).length"); n != 1.0 {
		t.Errorf("%v globals of ours, want 1", n)
	}
}

func TestSlider(t *testing.T) {
	l := newLab(t, "k")
	page := l.openPage()
	p := l.start("slider")
	l.until("ready")
	page.tell(map[string]any{"move": "s", "value": "9"})
	l.until("moved to 9")
	l.until("reads 0")
	p.end()
	if got := page.say("document.getElementById('s').value"); got != 0.0 {
		t.Errorf("the slider stands at %v, want 0, as set by the program", got)
	}
}

func TestLists(t *testing.T) {
	l := newLab(t, "k")
	l.openPage()
	l.start("lists").end()
	l.until("display text/html [1 2.5] map[a:b]")
}

// A broken connection is made again, and messages sent meanwhile are not lost.
func TestConnectionBreaks(t *testing.T) {
	l := newLab(t, "k")
	page := l.openPage()
	p := l.start("button")
	l.until("display text/html ready")
	page.tell(map[string]any{"drop": true})
	page.tell(map[string]any{"click": "b"})
	l.until("clicked 1")
	page.tell(map[string]any{"click": "b"})
	l.until("clicked 2")
	p.end()
	if n := len(page.urls); n != 2 {
		t.Errorf("%d connections, want 2", n)
	}
}

// Messages from before the script loads are sent when it does; another kernel's comms are
// not ours; without a server, one message says so.
func TestFront(t *testing.T) {
	l := newLab(t, "k")
	f := l.front
	f.need()
	f.send(map[string]any{"address": "/a", "value": 1})
	f.need()
	l.want("nobody is there", "display #1 text/html THE SCRIPT")
	for _, m := range []Comm{
		{Type: "comm_open", ID: "w", Target: "jupyter.widget"},
		{Type: "comm_msg", ID: "w", Data: map[string]any{"address": "/a"}},
		{Type: "comm_close", ID: "w"},
	} {
		if l.Message(m) {
			t.Errorf("%+v is taken for ours", m)
		}
	}
	l.Message(Comm{Type: "comm_open", ID: "c", Target: target})
	l.want("it comes", "comm_msg map[address:/a value:1]", "update #1 text/html ")
	f.send(map[string]any{"address": "/b", "value": 2})
	f.need()
	l.want("it is there", "comm_msg map[address:/b value:2]")
	f.begin()
	f.heard = time.Time{}
	f.need()
	l.want("it may have gone", "display #2 text/html THE SCRIPT")
	f.send(map[string]any{"address": "/c", "value": 3})
	l.Message(Comm{Type: "comm_msg", ID: "c", Data: map[string]any{"address": helloAddress, "value": true}})
	l.want("it has not", "comm_msg map[address:/c value:3]", "update #2 text/html ")
	l.Message(Comm{Type: "comm_close", ID: "c"})
	f.need()
	f.begin()
	l.want("nobody answers in this cell", "display #3 text/html THE SCRIPT", "update #3 text/html ")

	l = newLab(t, "")
	l.front.need()
	l.front.send(map[string]any{"address": "/a"})
	l.front.need()
	if got := l.take(); len(got) != 1 || !strings.HasPrefix(got[0], "stderr gonbui: widgets need") {
		t.Errorf("no server: %q", got)
	}
	if env := strings.Join(l.Env(), " "); strings.Contains(env, "KERNEL") {
		t.Errorf("environment %s", env)
	}
}
