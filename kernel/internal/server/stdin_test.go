package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
)

// asking is an evaluator whose cells ask for input with their code as the prompt, and show
// what they get. A code that begins with ! asks for a password.
func asking(_ context.Context, code string, _ eval.Ask, out eval.Output) eval.Result {
	prompt, password := strings.CutPrefix(code, "!")
	out.Stream("stdout", answer(out.Input(context.Background(), prompt, password)))
	return eval.Result{}
}

func answer(text string, err error) string {
	if errors.Is(err, io.EOF) {
		return "EOF"
	}
	if err != nil {
		return "error: " + err.Error()
	}
	return "got " + text
}

// question waits for an input_request for s.
func (c *client) question(s sent) jupyter.Message {
	c.t.Helper()
	m := c.next(c.stdin)
	if m.Header.MsgType != "input_request" || string(m.RawParent) != s.header {
		c.t.Fatalf("got %s for %s, want an input_request for %s", text(m), m.RawParent, s.header)
	}
	return m
}

// answer answers an input_request.
func (c *client) answer(q jupyter.Message, content string) {
	c.t.Helper()
	c.mail(c.stdin, letter{typ: "input_reply", content: content, parent: headerOf(q)})
}

func headerOf(m jupyter.Message) string { return string(m.RawHeader) }

// wantLast checks that the last output is this text on stdout.
func wantLast(t testing.TB, shown []jupyter.Message, want string) {
	t.Helper()
	if len(shown) == 0 || field(shown[len(shown)-1], "text") != canonical([]byte(fmt.Sprintf("%q", want))) {
		t.Errorf("shown %q, want %q last", texts(shown), want)
	}
}

func TestInput(t *testing.T) {
	for _, row := range []struct{ name, code, asked, reply, want string }{
		{"a line", "name?", `input_request {"password":false,"prompt":"name?"}`, `{"value":"Gö"}`, "got Gö"},
		{"an empty line", "", `input_request {"password":false,"prompt":""}`, `{"value":""}`, "got "},
		{"a password", "!key?", `input_request {"password":true,"prompt":"key?"}`, `{"value":"x"}`, "got x"},
		{"the end", "more?", `input_request {"password":false,"prompt":"more?"}`, `{"value":"\u0004"}`, "EOF"},
	} {
		t.Run(row.name, func(t *testing.T) {
			k := start(t, &fake{execute: asking}, About{})
			c, other := dial(t, k.at), dial(t, k.at)
			s := c.send(c.shell, "execute_request", `{"code":"`+row.code+`","allow_stdin":true}`)
			q := c.question(s)
			if text(q) != row.asked {
				t.Errorf("asked %s, want %s", text(q), row.asked)
			}
			c.answer(q, row.reply)
			wantField(t, c.reply(c.shell, s), "status", `"ok"`)
			wantLast(t, c.shown(s), row.want)
			other.shown(s)
			if len(other.stdin.in) > 0 {
				t.Error("another front end was asked")
			}
		})
	}
}

func TestInputNotAllowed(t *testing.T) {
	k := start(t, &fake{execute: asking}, About{})
	c := dial(t, k.at)
	x := c.ask(c.shell, "execute_request", `{"code":"name?"}`)
	wantLast(t, x.shown, "error: the front end does not accept input for this request")
	if len(c.stdin.in) > 0 {
		t.Error("asked nevertheless")
	}
}

// Only the front end that was asked answers, and only the question that is open.
func TestInputRepliesOfOthers(t *testing.T) {
	k := start(t, &fake{execute: asking}, About{})
	c, other := dial(t, k.at), dial(t, k.at)
	other.mail(other.stdin, letter{typ: "input_reply", content: `{"value":"before it was asked"}`})
	first := c.send(c.shell, "execute_request", `{"code":"1?","allow_stdin":true}`)
	q := c.question(first)
	other.answer(q, `{"value":"another front end"}`)
	c.mail(c.stdin, letter{typ: "comm_msg", content: `{"value":"another type"}`, parent: headerOf(q)})
	c.mail(c.stdin, letter{typ: "input_reply", content: `{"value":"another question"}`, parent: `{"msg_id":"x"}`})
	c.mail(c.stdin, letter{typ: "input_reply", content: `{"value":7}`, parent: headerOf(q)})
	c.mail(c.stdin, letter{typ: "input_reply", content: `{"value":"forged"}`, parent: headerOf(q), key: "x"})
	until(t, "the last two are dropped", func() bool { return k.dropped.Load() == 2 })
	c.answer(q, `{"value":"right"}`)
	c.answer(q, `{"value":"too late"}`)
	c.reply(c.shell, first)
	wantLast(t, c.shown(first), "got right")

	// Older front ends do not say which question they answer.
	second := c.send(c.shell, "execute_request", `{"code":"2?","allow_stdin":true}`)
	c.question(second)
	c.mail(c.stdin, letter{typ: "input_reply", content: `{"value":"no parent"}`})
	c.reply(c.shell, second)
	wantLast(t, c.shown(second), "got no parent")
}

// Goroutines ask in turn.
func TestInputOneAtATime(t *testing.T) {
	k := start(t, &fake{execute: func(ctx context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
		got := make(chan string)
		for range 2 {
			go func() { got <- answer(out.Input(ctx, "", false)) }()
		}
		out.Stream("stdout", <-got+", "+<-got)
		return eval.Result{}
	}}, About{})
	c := dial(t, k.at)
	s := c.send(c.shell, "execute_request", `{"code":"x","allow_stdin":true}`)
	q := c.question(s)
	wantField(t, c.ask(c.control, "kernel_info_request", `{}`).reply, "status", `"ok"`)
	if len(c.stdin.in) > 0 {
		t.Error("two questions at once")
	}
	c.answer(q, `{"value":"1"}`)
	c.answer(c.question(s), `{"value":"2"}`)
	c.reply(c.shell, s)
	wantLast(t, c.shown(s), "got 1, got 2")
}

// A question ends without an answer when no front end can give one.
func TestInputEnds(t *testing.T) {
	results := make(chan string, 1)
	run := func(ctx context.Context, out eval.Output) {
		results <- answer(out.Input(ctx, "", false))
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	execute := func(_ context.Context, code string, _ eval.Ask, out eval.Output) eval.Result {
		if code == "interrupted" {
			run(ctx, out)
		} else {
			run(context.Background(), out)
		}
		return eval.Result{}
	}
	t.Run("the cell is interrupted", func(t *testing.T) {
		c := dial(t, start(t, &fake{execute: execute}, About{}).at)
		s := c.send(c.shell, "execute_request", `{"code":"interrupted","allow_stdin":true}`)
		stale := c.question(s)
		cancel(errors.New("interrupted"))
		if got := within(t, "the end", results); got != "error: ask for input: interrupted" {
			t.Error(got)
		}
		c.reply(c.shell, s)
		// The answer comes too late, and does not answer the next question.
		s = c.send(c.shell, "execute_request", `{"code":"x","allow_stdin":true}`)
		q := c.question(s)
		c.answer(stale, `{"value":"stale"}`)
		c.answer(q, `{"value":"fresh"}`)
		if got := within(t, "the answer", results); got != "got fresh" {
			t.Error(got)
		}
		c.reply(c.shell, s)
	})
	t.Run("the front end goes", func(t *testing.T) {
		k := start(t, &fake{execute: execute}, About{})
		c := dial(t, k.at)
		c.question(c.send(c.shell, "execute_request", `{"code":"x","allow_stdin":true}`))
		c.close()
		if got := within(t, "the end", results); got != "error: ask for input: the front end is gone" {
			t.Error(got)
		}
		c = dial(t, k.at)
		wantField(t, c.ask(c.shell, "kernel_info_request", `{}`).reply, "status", `"ok"`)
	})
	t.Run("the kernel stops", func(t *testing.T) {
		k := start(t, &fake{execute: execute}, About{})
		c := dial(t, k.at)
		c.question(c.send(c.shell, "execute_request", `{"code":"x","allow_stdin":true}`))
		c.reply(c.control, c.send(c.control, "shutdown_request", `{"restart":false}`))
		if got := within(t, "the end", results); got != "error: ask for input: the kernel is stopping" {
			t.Error(got)
		}
		if err := k.ended(t); err != nil {
			t.Error(err)
		}
	})
	t.Run("there is no stdin socket", func(t *testing.T) {
		k := prepare(t, &fake{execute: execute}, About{})
		k.server.stdin.limit = time.Millisecond
		k.serve(t)
		c := dial(t, k.at)
		c.stdin.socket.Close()
		until(t, "the kernel sees that it is gone", func() bool {
			ctx, stop := context.WithCancel(t.Context())
			stop()
			_, err := k.stdinAt.Peer(ctx, c.session)
			return err != nil
		})
		s := c.send(c.shell, "execute_request", `{"code":"x","allow_stdin":true}`)
		if got := within(t, "the end", results); !strings.Contains(got, "the front end has no stdin socket") {
			t.Error(got)
		}
		c.reply(c.shell, s)
	})
}
