package server

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

// Questions are answered while a cell runs, one at a time; everything else on shell waits
// for it. Front ends are told that the kernel is still busy.
func TestQuestionsWhileACellRuns(t *testing.T) {
	begun, end := make(chan bool), make(chan bool)
	var asking atomic.Int32
	one := func() {
		if asking.Add(1) > 1 {
			t.Error("two questions at once")
		}
		asking.Add(-1)
	}
	k := start(t, &fake{
		execute: func(context.Context, string, eval.Ask, eval.Output) eval.Result {
			begun <- true
			<-end
			return eval.Result{}
		},
		complete:   func(string, int) eval.Completion { one(); return eval.Completion{Matches: []string{"x"}} },
		inspect:    func(string, int, int) map[string]any { one(); return map[string]any{"text/plain": "x"} },
		isComplete: func(string) eval.Completeness { one(); return eval.Completeness{Status: "complete"} },
	}, About{})
	c := dial(t, k.at)
	first := c.send(c.shell, "execute_request", `{"code":"a"}`)
	within(t, "the cell begins", begun)
	second := c.send(c.shell, "execute_request", `{"code":"b"}`)
	info := c.send(c.shell, "kernel_info_request", `{}`)
	var asked []sent
	for range 3 {
		asked = append(asked,
			c.send(c.shell, "complete_request", `{"code":"x","cursor_pos":1}`),
			c.send(c.shell, "inspect_request", `{"code":"x","cursor_pos":1}`),
			c.send(c.shell, "is_complete_request", `{"code":"x"}`))
	}
	for _, q := range asked {
		if m := c.reply(c.shell, q); strings.Contains(text(m), `"error"`) {
			t.Error(text(m))
		}
		c.shown(q)
		for m := c.broadcast(""); ; m = c.broadcast("") {
			if text(m) == `status {"execution_state":"busy"}` {
				break
			} else if text(m) != `status {"execution_state":"starting"}` {
				t.Errorf("shown for nothing: %s", text(m))
			}
		}
	}
	c.ask(c.control, "kernel_info_request", `{}`)
	if m := c.broadcast(""); text(m) != `status {"execution_state":"busy"}` {
		t.Error(text(m))
	}
	end <- true
	c.reply(c.shell, first)
	within(t, "the next cell begins", begun)
	end <- true
	c.reply(c.shell, second)
	c.reply(c.shell, info)
	c.shown(info)
	if left := c.ahead[""]; len(left) > 0 {
		t.Errorf("shown for nothing: %q", texts(left))
	}
}

// A question behind a short cell waits for it.
func TestQuestionInItsTurn(t *testing.T) {
	var ran atomic.Bool
	k := start(t, &fake{
		execute: func(context.Context, string, eval.Ask, eval.Output) eval.Result {
			ran.Store(true)
			return eval.Result{}
		},
		complete: func(string, int) (c eval.Completion) {
			if ran.Load() {
				c.Matches = []string{"declared"}
			}
			return c
		},
	}, About{})
	c := dial(t, k.at)
	s := c.send(c.shell, "execute_request", `{"code":"x"}`)
	q := c.send(c.shell, "complete_request", `{"code":"","cursor_pos":0}`)
	c.reply(c.shell, s)
	wantField(t, c.reply(c.shell, q), "matches", `["declared"]`)
}
