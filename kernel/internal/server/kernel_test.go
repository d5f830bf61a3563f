package server

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

func TestKernelInfo(t *testing.T) {
	for _, row := range []struct {
		name  string
		about About
		want  string
	}{
		{
			"all that there is", About{
				Implementation: "sdt", Version: "1.2", Banner: "hello",
				Language: map[string]any{"name": "go", "file_extension": ".go"},
				Help:     []HelpLink{{"Go", "https://go.dev"}},
			},
			`kernel_info_reply {"banner":"hello","debugger":false,"help_links":[{"text":"Go","url":"https://go.dev"}],` +
				`"implementation":"sdt","implementation_version":"1.2","language_info":{"file_extension":".go","name":"go"},` +
				`"protocol_version":"5.4","status":"ok","supported_features":[]}`,
		}, {
			"nothing: lists and objects are there", About{},
			`kernel_info_reply {"banner":"","debugger":false,"help_links":[],"implementation":"","implementation_version":"",` +
				`"language_info":{},"protocol_version":"5.4","status":"ok","supported_features":[]}`,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := dial(t, start(t, &fake{}, row.about).at)
			for _, w := range []*wire{c.shell, c.control} {
				x := c.ask(w, "kernel_info_request", `{}`)
				wantShown(t, x.shown)
				wantReply(t, x.reply, row.want)
			}
		})
	}
}

func TestConnectInfo(t *testing.T) {
	c := dial(t, start(t, &fake{}, About{}).at)
	x := c.ask(c.shell, "connect_request", `{}`)
	wantShown(t, x.shown)
	wantReply(t, x.reply, `connect_reply {"control_port":4,"hb_port":5,"iopub_port":2,"shell_port":1,"status":"ok","stdin_port":3}`)
}

// A kernel's first message is that it starts; it belongs to no request.
func TestStarting(t *testing.T) {
	k := prepare(t, &fake{}, About{})
	c := dial(t, k.at)
	k.serve(t)
	if m := c.next(c.iopub); text(m) != `status {"execution_state":"starting"}` || string(m.RawParent) != "{}" {
		t.Errorf("got %s for %s", text(m), m.RawParent)
	}
}

// The topic of a broadcast ends with its type, as in ipykernel.
func TestTopics(t *testing.T) {
	c := dial(t, start(t, &fake{}, About{}).at)
	s := c.send(c.shell, "execute_request", `{"code":"x"}`)
	for done := false; !done; {
		m := c.next(c.iopub)
		done = text(m) == `status {"execution_state":"idle"}`
		if want := "kernel." + c.kernel + "." + m.Header.MsgType; len(m.Identities) != 1 || string(m.Identities[0]) != want {
			t.Errorf("topics %q, want %q", m.Identities, want)
		}
	}
	c.reply(c.shell, s)
}

// An unknown message gets brackets but no reply, and the next request is answered.
func TestUnknownMessages(t *testing.T) {
	c := dial(t, start(t, &fake{}, About{}).at)
	for _, w := range []*wire{c.shell, c.control} {
		for _, typ := range []string{"x_request", "usage_request", "kernel_info_reply", "x"} {
			wantShown(t, c.shown(c.send(w, typ, `[1]`)))
			wantField(t, c.ask(w, "kernel_info_request", `{}`).reply, "status", `"ok"`)
		}
	}
}

// Each request goes to its socket.
func TestWrongSocket(t *testing.T) {
	c := dial(t, start(t, &fake{}, About{}).at)
	for _, row := range []struct {
		to   *wire
		name string
	}{
		{c.control, "execute"}, {c.control, "complete"}, {c.control, "inspect"}, {c.control, "is_complete"}, {c.shell, "interrupt"},
	} {
		x := c.ask(row.to, row.name+"_request", `{"code":"x"}`)
		wantField(t, x.reply, "status", `"error"`)
		wantField(t, x.reply, "evalue", fmt.Sprintf(`"%s_request is not for the %s socket"`, row.name, row.to.name))
	}
}

// Replies go to the front end that asked; what is broadcast goes to all.
func TestReplyIsForWhoAsked(t *testing.T) {
	k := start(t, &fake{}, About{})
	a, b := dial(t, k.at), dial(t, k.at)
	for range 3 {
		for _, pair := range [][2]*client{{a, b}, {b, a}} {
			asks, other := pair[0], pair[1]
			s := asks.send(asks.shell, "execute_request", `{"code":"x"}`)
			asks.reply(asks.shell, s)
			asks.shown(s)
			if got := other.shown(s); len(got) != 1 || got[0].Header.MsgType != "execute_input" {
				t.Errorf("the other front end saw %q", texts(got))
			}
			if len(other.shell.in)+len(other.control.in) > 0 {
				t.Error("the other front end has a reply too")
			}
		}
	}
}

// Frames before the delimiter, which routers in between added, come back.
func TestEnvelope(t *testing.T) {
	c := dial(t, start(t, &fake{}, About{}).at)
	frames, s := c.frames(letter{typ: "kernel_info_request"})
	c.post(c.shell, append([][]byte{[]byte("via"), {}}, frames...))
	m := c.reply(c.shell, s)
	if len(m.Identities) != 2 || string(m.Identities[0]) != "via" || len(m.Identities[1]) != 0 {
		t.Errorf("came back with %q", m.Identities)
	}
}

// A front end that reconnects under its name gets the replies that it waits for.
func TestReplyAfterReconnect(t *testing.T) {
	begun, end := make(chan bool), make(chan bool)
	k := start(t, &fake{execute: func(context.Context, string, eval.Ask, eval.Output) eval.Result {
		close(begun)
		<-end
		return eval.Result{}
	}}, About{})
	c := dial(t, k.at)
	s := c.send(c.shell, "execute_request", `{"code":"x"}`)
	within(t, "the cell begins", begun)
	first, err := k.shell.socket.Peer(t.Context(), c.session)
	if err != nil {
		t.Fatal(err)
	}
	c.close()
	within(t, "the first connection ends", first.Done())
	again := dialAs(t, k.at, c.session)
	// The kernel knows the new connection once it answers on it: control does.
	again.ask(again.control, "kernel_info_request", `{}`)
	until(t, "the shell knows the new connection", func() bool {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := k.shell.socket.Peer(ctx, c.session)
		return err == nil
	})
	close(end)
	again.reply(again.shell, s)
}

// interrupt_request is answered while a cell runs.
func TestInterrupt(t *testing.T) {
	begun, interrupted := make(chan bool, 1), make(chan bool)
	k := start(t, &fake{
		execute: func(context.Context, string, eval.Ask, eval.Output) eval.Result {
			begun <- true
			<-interrupted
			return eval.Result{Failure: &eval.Failure{Name: "Interrupted"}}
		},
		interrupt: func() { interrupted <- true },
	}, About{})
	c := dial(t, k.at)
	for range 2 {
		cell := c.send(c.shell, "execute_request", `{"code":"for {}"}`)
		within(t, "the cell begins", begun)
		wantField(t, c.ask(c.control, "kernel_info_request", `{}`).reply, "status", `"ok"`)
		s := c.send(c.control, "interrupt_request", `{}`)
		wantReply(t, c.reply(c.control, s), `interrupt_reply {"status":"ok"}`)
		wantField(t, c.reply(c.shell, cell), "ename", `"Interrupted"`)
		wantShown(t, c.shown(s))
		if got := c.shown(cell); len(got) != 2 || got[1].Header.MsgType != "error" {
			t.Errorf("shown %q", texts(got))
		}
	}
}

func TestDebug(t *testing.T) {
	c := dial(t, start(t, &fake{}, About{Implementation: "sdt"}).at)
	for _, w := range []*wire{c.control, c.shell} {
		x := c.ask(w, "debug_request", `{"type":"request","seq":7,"command":"attach","arguments":{}}`)
		wantShown(t, x.shown)
		wantReply(t, x.reply, `debug_reply {"command":"attach","message":"sdt has no debugger","request_seq":7,"seq":0,"success":false,"type":"response"}`)
	}
}

// shutdown_request ends the kernel after its reply, its brackets, and a message to all
// others.
func TestShutdown(t *testing.T) {
	for _, restart := range []string{"true", "false"} {
		for _, on := range []string{"control", "shell"} {
			t.Run(on+", restart "+restart, func(t *testing.T) {
				k := start(t, &fake{}, About{})
				c, other := dial(t, k.at), dial(t, k.at)
				w := c.control
				if on == "shell" {
					w = c.shell
				}
				s := c.send(w, "shutdown_request", `{"restart":`+restart+`}`)
				want := `shutdown_reply {"restart":` + restart + `,"status":"ok"}`
				wantReply(t, c.reply(w, s), want)
				wantShown(t, c.shown(s), want)
				wantShown(t, other.shown(s), want)
				if err := k.ended(t); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// A cell that runs when the kernel should end is told to stop, and is answered.
func TestShutdownWhileACellRuns(t *testing.T) {
	begun := make(chan bool)
	k := start(t, &fake{execute: func(ctx context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
		close(begun)
		<-ctx.Done()
		out.Stream("stdout", "bye")
		return eval.Result{Failure: &eval.Failure{Name: "Stopped"}}
	}}, About{})
	c := dial(t, k.at)
	cell := c.send(c.shell, "execute_request", `{"code":"x"}`)
	within(t, "the cell begins", begun)
	c.reply(c.control, c.send(c.control, "shutdown_request", `{"restart":false}`))
	wantField(t, c.reply(c.shell, cell), "ename", `"Stopped"`)
	wantShown(t, c.shown(cell),
		`execute_input {"code":"x","execution_count":1}`, `stream {"name":"stdout","text":"bye"}`,
		`error {"ename":"Stopped","evalue":"","traceback":[]}`)
	if err := k.ended(t); err != nil {
		t.Error(err)
	}
}

// A cell that does not stop is abandoned, with its evaluator.
func TestShutdownWhileACellHangs(t *testing.T) {
	begun, end := make(chan bool), make(chan bool)
	ev := &fake{execute: func(_ context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
		close(begun)
		<-end
		out.Stream("stdout", "nobody is there")
		return eval.Result{}
	}}
	k := prepare(t, ev, About{})
	k.grace = time.Millisecond
	go func() { k.done <- k.run(context.Background()) }()
	c := dial(t, k.at)
	c.send(c.shell, "execute_request", `{"code":"x"}`)
	within(t, "the cell begins", begun)
	c.reply(c.control, c.send(c.control, "shutdown_request", `{"restart":true}`))
	if err := k.ended(t); err == nil || !strings.Contains(err.Error(), "did not stop within 1ms") {
		t.Errorf("ended with %v", err)
	}
	if n := ev.closed.Load(); n != 0 {
		t.Errorf("the evaluator was closed %d times", n)
	}
	close(end)
	nothingLeft(t)
}
