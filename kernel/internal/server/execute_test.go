package server

import (
	"context"
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

// What an execute request makes of what the evaluator does with it, by the protocol's
// section "Execute".
func TestExecute(t *testing.T) {
	input := func(code string) string { return `execute_input {"code":"` + code + `","execution_count":1}` }
	const ok = `execute_reply {"execution_count":1,"payload":[],"status":"ok","user_expressions":{}}`
	all := func(_ context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
		out.Stream("stdout", "a")
		out.Display(map[string]any{"text/plain": "b"}, nil, "")
		out.Update(map[string]any{"text/plain": "c"}, nil, "id")
		out.Clear(false)
		return eval.Result{Data: map[string]any{"text/plain": "d"}}
	}
	failing := func(_ context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
		out.Stream("stderr", "a")
		return eval.Result{Data: map[string]any{"text/plain": "no"}, Failure: &eval.Failure{Name: "Boom", Value: "it <broke>", Traceback: []string{"l1", "l2"}}}
	}
	const boom = `"ename":"Boom","evalue":"it <broke>"`
	for _, row := range []struct {
		name, content string
		execute       func(context.Context, string, eval.Ask, eval.Output) eval.Result
		ask           eval.Ask
		shown         []string
		reply         string
	}{
		{
			"all defaults", `{"code":"x"}`, nil, eval.Ask{Count: 1}, []string{input("x")}, ok,
		}, {
			"stdin allowed", `{"code":"x","allow_stdin":true}`, nil, eval.Ask{Count: 1, AllowStdin: true}, []string{input("x")}, ok,
		}, {
			"text on both streams, and none, which is no message", `{"code":"x"}`,
			func(_ context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
				out.Stream("stdout", "one\n")
				out.Stream("stderr", "zwei €\n")
				out.Stream("stdout", "")
				return eval.Result{}
			}, eval.Ask{Count: 1},
			[]string{input("x"), `stream {"name":"stdout","text":"one\n"}`, `stream {"name":"stderr","text":"zwei €\n"}`}, ok,
		}, {
			"displays: objects even where nothing is given", `{"code":"x"}`,
			func(_ context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
				out.Display(map[string]any{"text/html": "<b>"}, map[string]any{"isolated": true}, "")
				out.Display(nil, nil, "id")
				out.Update(map[string]any{"text/plain": "2"}, nil, "id")
				return eval.Result{}
			}, eval.Ask{Count: 1},
			[]string{
				input("x"),
				`display_data {"data":{"text/html":"<b>"},"metadata":{"isolated":true},"transient":{}}`,
				`display_data {"data":{},"metadata":{},"transient":{"display_id":"id"}}`,
				`update_display_data {"data":{"text/plain":"2"},"metadata":{},"transient":{"display_id":"id"}}`,
			}, ok,
		}, {
			"clears", `{"code":"x"}`,
			func(_ context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
				out.Clear(true)
				out.Clear(false)
				return eval.Result{}
			}, eval.Ask{Count: 1},
			[]string{input("x"), `clear_output {"wait":true}`, `clear_output {"wait":false}`}, ok,
		}, {
			"a value comes after what is shown", `{"code":"x"}`, all, eval.Ask{Count: 1},
			[]string{
				input("x"), `stream {"name":"stdout","text":"a"}`,
				`display_data {"data":{"text/plain":"b"},"metadata":{},"transient":{}}`,
				`update_display_data {"data":{"text/plain":"c"},"metadata":{},"transient":{"display_id":"id"}}`,
				`clear_output {"wait":false}`,
				`execute_result {"data":{"text/plain":"d"},"execution_count":1,"metadata":{}}`,
			}, ok,
		}, {
			"a failure, which has no value", `{"code":"x"}`, failing, eval.Ask{Count: 1},
			[]string{input("x"), `stream {"name":"stderr","text":"a"}`, `error {` + boom + `,"traceback":["l1","l2"]}`},
			`execute_reply {` + boom + `,"execution_count":1,"payload":[],"status":"error","traceback":["l1","l2"],"user_expressions":{}}`,
		}, {
			"silent: nothing is shown, not even its code, nor counted", `{"code":"x","silent":true,"store_history":true}`, all, eval.Ask{Silent: true},
			nil, `execute_reply {"execution_count":0,"payload":[],"status":"ok","user_expressions":{}}`,
		}, {
			"silent: only the reply reports a failure", `{"code":"x","silent":true}`, failing, eval.Ask{Silent: true}, nil,
			`execute_reply {` + boom + `,"execution_count":0,"payload":[],"status":"error","traceback":["l1","l2"],"user_expressions":{}}`,
		}, {
			"not to be stored: shown, but not counted", `{"code":"x","store_history":false}`, all, eval.Ask{},
			[]string{
				`execute_input {"code":"x","execution_count":0}`, `stream {"name":"stdout","text":"a"}`,
				`display_data {"data":{"text/plain":"b"},"metadata":{},"transient":{}}`,
				`update_display_data {"data":{"text/plain":"c"},"metadata":{},"transient":{"display_id":"id"}}`,
				`clear_output {"wait":false}`,
				`execute_result {"data":{"text/plain":"d"},"execution_count":0,"metadata":{}}`,
			},
			`execute_reply {"execution_count":0,"payload":[],"status":"ok","user_expressions":{}}`,
		}, {
			"nothing but space is not counted", `{"code":" \n"}`, nil, eval.Ask{}, []string{`execute_input {"code":" \n","execution_count":0}`},
			`execute_reply {"execution_count":0,"payload":[],"status":"ok","user_expressions":{}}`,
		}, {
			"expressions and payload", `{"code":"x","user_expressions":{"a":"1+1"}}`,
			func(context.Context, string, eval.Ask, eval.Output) eval.Result {
				return eval.Result{
					Expressions: map[string]any{"a": map[string]any{"status": "ok", "data": map[string]any{"text/plain": "2"}}},
					Payload:     []map[string]any{{"source": "page"}},
				}
			}, eval.Ask{Count: 1, Expressions: map[string]string{"a": "1+1"}}, []string{input("x")},
			`execute_reply {"execution_count":1,"payload":[{"source":"page"}],"status":"ok","user_expressions":{"a":{"data":{"text/plain":"2"},"status":"ok"}}}`,
		}, {
			"no expressions, as null", `{"code":"x","user_expressions":null}`, nil, eval.Ask{Count: 1}, []string{input("x")}, ok,
		}, {
			"content that is not JSON is shown as an error", `{"code":"x"}`,
			func(_ context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
				out.Display(map[string]any{"application/json": math.NaN()}, nil, "")
				return eval.Result{}
			}, eval.Ask{Count: 1},
			[]string{input("x"), `stream {"name":"stderr","text":"display_data cannot be shown: json: unsupported value: NaN\n"}`}, ok,
		}, {
			"a reply that is not JSON is an error", `{"code":"x"}`,
			func(context.Context, string, eval.Ask, eval.Output) eval.Result {
				return eval.Result{Expressions: map[string]any{"a": math.NaN()}}
			}, eval.Ask{Count: 1}, []string{input("x")},
			`execute_reply {"ename":"KernelError","evalue":"encode execute_reply: json: unsupported value: NaN","status":"error","traceback":[]}`,
		}, {
			"a request that does not make sense is not executed", `{"code":1}`, nil, eval.Ask{},
			[]string{`error {"ename":"KernelError","evalue":"execute_request: code is number, want string","traceback":[]}`},
			`execute_reply {"ename":"KernelError","evalue":"execute_request: code is number, want string","status":"error","traceback":[]}`,
		}, {
			"nor is one that is not an object", `[]`, nil, eval.Ask{},
			[]string{`error {"ename":"KernelError","evalue":"execute_request: content is array, want object","traceback":[]}`},
			`execute_reply {"ename":"KernelError","evalue":"execute_request: content is array, want object","status":"error","traceback":[]}`,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got eval.Ask
			k := start(t, &fake{execute: func(ctx context.Context, code string, ask eval.Ask, out eval.Output) (r eval.Result) {
				got = ask
				if row.execute != nil {
					r = row.execute(ctx, code, ask, out)
				}
				return r
			}}, About{})
			c := dial(t, k.at)
			x := c.ask(c.shell, "execute_request", row.content)
			wantShown(t, x.shown, row.shown...)
			wantReply(t, x.reply, row.reply)
			if !reflect.DeepEqual(got, row.ask) {
				t.Errorf("the evaluator got %+v, want %+v", got, row.ask)
			}
		})
	}
}

// Only requests that are stored count, and a number is never used twice.
func TestExecuteCounts(t *testing.T) {
	k := start(t, &fake{}, About{})
	c := dial(t, k.at)
	for i, row := range []struct {
		content string
		count   string
	}{
		{`{"code":"x","store_history":false}`, "0"},
		{`{"code":"x"}`, "1"},
		{`{"code":"x","silent":true}`, "1"},
		{`{"code":"x","store_history":false}`, "1"},
		{`{"code":""}`, "1"},
		{`{"code":7}`, "none"},
		{`{"code":"x"}`, "2"},
	} {
		x := c.ask(c.shell, "execute_request", row.content)
		if got := field(x.reply, "execution_count"); got != row.count {
			t.Errorf("request %d, %s: count %s, want %s", i, row.content, got, row.count)
		}
	}
}

// The reply has ipykernel's metadata, from which nbclient and JupyterLab read times.
func TestExecuteMetadata(t *testing.T) {
	k := start(t, &fake{}, About{})
	c := dial(t, k.at)
	before := time.Now().Add(-time.Second)
	m := c.ask(c.shell, "execute_request", `{"code":"x"}`).reply
	var got struct {
		Status  string
		Started time.Time
	}
	if err := json.Unmarshal(m.Metadata, &got); err != nil || got.Status != "ok" || got.Started.Before(before) || got.Started.After(time.Now()) {
		t.Errorf("metadata %s, %v", m.Metadata, err)
	}
}

// After a failure the waiting execute requests are answered, but not executed; other
// waiting requests are answered as usual.
func TestStopOnError(t *testing.T) {
	for _, row := range []struct {
		name, flags string
		want        string // becomes of the requests behind
	}{
		{"by default", ``, `"aborted"`},
		{"wanted", `,"stop_on_error":true`, `"aborted"`},
		{"not wanted", `,"stop_on_error":false`, `"ok"`},
		{"silent", `,"silent":true`, `"ok"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			begun, fail := make(chan bool), make(chan bool)
			var ran []string
			k := start(t, &fake{execute: func(_ context.Context, code string, _ eval.Ask, _ eval.Output) (r eval.Result) {
				if ran = append(ran, code); code == "fail" {
					close(begun)
					<-fail
					r.Failure = &eval.Failure{Name: "Boom"}
				}
				return r
			}}, About{})
			c, other := dial(t, k.at), dial(t, k.at)
			failing := c.send(c.shell, "execute_request", `{"code":"fail"`+row.flags+`}`)
			within(t, "the cell begins", begun)
			a := c.send(c.shell, "execute_request", `{"code":"a"}`)
			info := c.send(c.shell, "kernel_info_request", `{}`)
			b := other.send(other.shell, "execute_request", `{"code":"b","silent":true}`)
			until(t, "three requests wait", func() bool { return k.queued() == 3 })
			close(fail)
			wantField(t, c.reply(c.shell, failing), "status", `"error"`)
			c.shown(failing)
			first := c.reply(c.shell, a)
			wantField(t, first, "status", row.want)
			wantField(t, c.reply(c.shell, info), "status", `"ok"`)
			wantField(t, other.reply(other.shell, b), "status", row.want)
			want := []string{"fail", "a", "b"}
			if row.want == `"aborted"` {
				wantReply(t, first, `execute_reply {"status":"aborted"}`)
				if canonical(first.Metadata) != `{"status":"aborted"}` {
					t.Errorf("metadata %s", first.Metadata)
				}
				want = want[:1]
			}
			next := c.ask(c.shell, "execute_request", `{"code":"next"}`)
			wantField(t, next.reply, "status", `"ok"`)
			slices.Sort(ran[1 : len(ran)-1]) // those of two front ends come in any order
			if want = append(want, "next"); !slices.Equal(ran, want) {
				t.Errorf("executed %q, want %q", ran, want)
			}
		})
	}
}

// A request that is not executed is bracketed, and its code is not shown.
func TestAbortedIsBracketed(t *testing.T) {
	fail := make(chan bool)
	k := start(t, &fake{execute: func(context.Context, string, eval.Ask, eval.Output) eval.Result {
		<-fail
		return eval.Result{Failure: &eval.Failure{Name: "Boom"}}
	}}, About{})
	c := dial(t, k.at)
	c.send(c.shell, "execute_request", `{"code":"fail"}`)
	behind := c.send(c.shell, "execute_request", `{"code":"a"}`)
	until(t, "the second request waits", func() bool { return k.queued() == 1 })
	close(fail)
	wantShown(t, c.shown(behind))
}

// The kernel survives a panic in any method of the evaluator.
func TestPanics(t *testing.T) {
	k := start(t, &fake{
		execute:    func(context.Context, string, eval.Ask, eval.Output) eval.Result { panic("execute") },
		complete:   func(string, int) eval.Completion { panic("complete") },
		inspect:    func(string, int, int) map[string]any { panic("inspect") },
		isComplete: func(string) eval.Completeness { panic("is_complete") },
		interrupt:  func() { panic("interrupt") },
		comm:       func(eval.Comm, eval.Output) { panic("comm") },
	}, About{})
	c := dial(t, k.at)
	for _, name := range []string{"execute", "complete", "inspect", "is_complete"} {
		x := c.ask(c.shell, name+"_request", `{"code":"x"}`)
		wantField(t, x.reply, "status", `"error"`)
		wantField(t, x.reply, "evalue", `"panic: `+name+`"`)
		if name == "execute" {
			wantField(t, x.reply, "execution_count", "1")
			if len(x.shown) != 2 || x.shown[1].Header.MsgType != "error" {
				t.Errorf("shown %q", texts(x.shown))
			}
		}
	}
	wantField(t, c.ask(c.control, "interrupt_request", `{}`).reply, "evalue", `"panic: interrupt"`)
	wantShown(t, c.shown(c.send(c.shell, "comm_open", `{"comm_id":"1","target_name":"t"}`)))
	wantField(t, c.ask(c.shell, "kernel_info_request", `{}`).reply, "status", `"ok"`)
}
