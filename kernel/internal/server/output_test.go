package server

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

// What a cell's goroutines show after its end, even while the next cell runs, belongs to
// the cell that was given the output.
func TestOutputAfterIdle(t *testing.T) {
	outs := make(chan eval.Output, 1)
	begun, end := make(chan bool), make(chan bool)
	k := start(t, &fake{execute: func(_ context.Context, code string, _ eval.Ask, out eval.Output) eval.Result {
		switch code {
		case "first":
			outs <- out
		case "second":
			close(begun)
			<-end
		}
		return eval.Result{}
	}}, About{})
	c := dial(t, k.at)
	first := c.send(c.shell, "execute_request", `{"code":"first"}`)
	c.reply(c.shell, first)
	c.shown(first)
	out := <-outs
	late := func(show func()) string {
		show()
		m := c.broadcast(first.id)
		if string(m.RawParent) != first.header {
			t.Errorf("%s belongs to %s", text(m), m.RawParent)
		}
		return text(m)
	}
	if got := late(func() { out.Stream("stdout", "idle") }); got != `stream {"name":"stdout","text":"idle"}` {
		t.Error(got)
	}
	second := c.send(c.shell, "execute_request", `{"code":"second"}`)
	within(t, "the second cell begins", begun)
	if got := late(func() { out.Display(nil, nil, "x") }); got != `display_data {"data":{},"metadata":{},"transient":{"display_id":"x"}}` {
		t.Error(got)
	}
	close(end)
	c.reply(c.shell, second)
	wantShown(t, c.shown(second), `execute_input {"code":"second","execution_count":2}`)
}

// What a silent request's goroutines show after it belongs to the last cell that was not
// silent, for which front ends have a place; before the first such cell, it is dropped.
func TestOutputAfterASilentRequest(t *testing.T) {
	outs := make(chan eval.Output, 1)
	k := start(t, &fake{execute: func(_ context.Context, code string, _ eval.Ask, out eval.Output) eval.Result {
		out.Stream("stdout", code+" runs")
		outs <- out
		return eval.Result{}
	}}, About{})
	c := dial(t, k.at)
	run := func(content string) (sent, eval.Output) {
		t.Helper()
		s := c.send(c.shell, "execute_request", content)
		c.reply(c.shell, s)
		c.shown(s)
		return s, <-outs
	}
	early, out := run(`{"code":"early","silent":true}`)
	out.Stream("stdout", "to nobody")
	loud, _ := run(`{"code":"loud"}`)
	silent, out := run(`{"code":"silent","silent":true}`)
	out.Stream("stdout", "late")
	if m := c.broadcast(loud.id); text(m) != `stream {"name":"stdout","text":"late"}` {
		t.Error(text(m))
	}
	for _, s := range []sent{early, silent} {
		if left := c.ahead[s.id]; len(left) != 0 {
			t.Errorf("shown for a silent request: %q", texts(left))
		}
	}
	for _, m := range c.ahead[""] {
		if text(m) != `status {"execution_state":"starting"}` {
			t.Errorf("shown for nothing: %s", text(m))
		}
	}
}

// Many goroutines can show at once: nothing is lost, and what one of them shows stays in
// order.
func TestOutputFromManyGoroutines(t *testing.T) {
	const writers, lines = 8, 50
	k := start(t, &fake{execute: func(_ context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for i := range lines {
					out.Stream(fmt.Sprint("stream", w%2), fmt.Sprintf("%d %d\n", w, i))
				}
			})
		}
		all.Wait()
		return eval.Result{}
	}}, About{})
	c := dial(t, k.at)
	next := map[int]int{}
	for _, m := range c.ask(c.shell, "execute_request", `{"code":"x","store_history":false}`).shown[1:] {
		var s struct{ Name, Text string }
		if err := json.Unmarshal(m.Content, &s); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(s.Text) {
			var w, i int
			if _, err := fmt.Sscan(line, &w, &i); err != nil || s.Name != fmt.Sprint("stream", w%2) || i != next[w] {
				t.Errorf("%q on %s, want line %d of the writer: %v", line, s.Name, next[w], err)
			}
			next[w]++
		}
	}
	for w := range writers {
		if next[w] != lines {
			t.Errorf("writer %d: %d lines, want %d", w, next[w], lines)
		}
	}
}
