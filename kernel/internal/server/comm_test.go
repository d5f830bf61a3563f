package server

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

// echoing is an evaluator that knows the comm target "echo": it sends messages back, and
// closes a comm of another target at once.
func echoing(m eval.Comm, out eval.Output) {
	switch {
	case m.Type == "comm_open" && m.Target != "echo":
		out.Comm(eval.Comm{Type: "comm_close", ID: m.ID})
	case m.Type == "comm_close":
		out.Stream("stdout", "closed")
	default:
		out.Comm(eval.Comm{Type: "comm_msg", ID: m.ID, Data: m.Data, Metadata: m.Metadata, Buffers: m.Buffers})
	}
}

func TestCommOfTheFrontEnd(t *testing.T) {
	k := start(t, &fake{comm: echoing}, About{})
	c := dial(t, k.at)
	info := func(want string) {
		t.Helper()
		wantReply(t, c.ask(c.shell, "comm_info_request", `{}`).reply, `comm_info_reply {"comms":`+want+`,"status":"ok"}`)
	}
	info(`{}`)
	open := letter{
		typ: "comm_open", content: `{"comm_id":"1","target_name":"echo","data":{"a":[1,null]}}`,
		metadata: `{"version":"2.1.0"}`, buffers: [][]byte{{0, 1, 255}, {}},
	}
	got := c.shown(c.mail(c.shell, open))
	wantShown(t, got, `comm_msg {"comm_id":"1","data":{"a":[1,null]}}`)
	if m := got[0]; canonical(m.Metadata) != open.metadata || fmt.Sprint(m.Buffers) != fmt.Sprint(open.buffers) {
		t.Errorf("metadata %s, buffers %v", m.Metadata, m.Buffers)
	}
	info(`{"1":{"target_name":"echo"}}`)
	wantShown(t, c.shown(c.send(c.shell, "comm_msg", `{"comm_id":"1","data":{"b":2}}`)), `comm_msg {"comm_id":"1","data":{"b":2}}`)
	wantShown(t, c.shown(c.send(c.control, "comm_msg", `{"comm_id":"1","data":null}`)), `comm_msg {"comm_id":"1","data":{}}`)
	wantShown(t, c.shown(c.send(c.shell, "comm_close", `{"comm_id":"1","data":{}}`)), `stream {"name":"stdout","text":"closed"}`)
	info(`{}`)
	wantShown(t, c.shown(c.send(c.shell, "comm_open", `{"comm_id":"2","target_name":"nobody","data":{}}`)), `comm_close {"comm_id":"2","data":{}}`)
	info(`{}`)
}

// A comm message that makes no sense has brackets and does not reach the evaluator.
func TestCommRefuses(t *testing.T) {
	k := start(t, &fake{comm: func(m eval.Comm, _ eval.Output) { t.Errorf("the evaluator got %+v", m) }}, About{})
	c := dial(t, k.at)
	for _, l := range []letter{
		{typ: "comm_msg", content: `{"comm_id":"never opened","data":{}}`},
		{typ: "comm_close", content: `{"comm_id":"never opened"}`},
		{typ: "comm_open", content: `{"target_name":"no id"}`},
		{typ: "comm_open", content: `{"comm_id":"1","target_name":"x","data":[]}`},
		{typ: "comm_open", content: `{"comm_id":"1","target_name":"x"}`, metadata: `[]`},
	} {
		wantShown(t, c.shown(c.mail(c.shell, l)))
	}
	wantReply(t, c.ask(c.shell, "comm_info_request", `{}`).reply, `comm_info_reply {"comms":{},"status":"ok"}`)
}

// Comms of the kernel belong to the cell that sends. They are sent by a silent request too.
func TestCommOfTheKernel(t *testing.T) {
	k := start(t, &fake{execute: func(_ context.Context, code string, _ eval.Ask, out eval.Output) eval.Result {
		switch code {
		case "open":
			out.Comm(eval.Comm{
				Type: "comm_open", ID: "k", Target: "jupyter.widget", Data: map[string]any{"state": 1},
				Metadata: map[string]any{"version": "2"}, Buffers: [][]byte{[]byte("buffer")},
			})
			out.Comm(eval.Comm{Type: "comm_open", ID: "l", Target: "other"})
		case "close":
			out.Comm(eval.Comm{Type: "comm_close", ID: "k"})
		case "wrong":
			out.Comm(eval.Comm{Type: "comm_msg", ID: "k"})
			out.Comm(eval.Comm{Type: "stream", ID: "l"})
			out.Comm(eval.Comm{Type: "comm_msg", ID: "l", Data: map[string]any{"x": math.NaN()}})
		}
		return eval.Result{}
	}}, About{})
	c := dial(t, k.at)
	got := c.ask(c.shell, "execute_request", `{"code":"open","silent":true}`).shown
	wantShown(t, got, `comm_open {"comm_id":"k","data":{"state":1},"target_name":"jupyter.widget"}`, `comm_open {"comm_id":"l","data":{},"target_name":"other"}`)
	if m := got[0]; canonical(m.Metadata) != `{"version":"2"}` || len(m.Buffers) != 1 || string(m.Buffers[0]) != "buffer" {
		t.Errorf("metadata %s, buffers %q", m.Metadata, m.Buffers)
	}
	for _, row := range []struct{ ask, want string }{
		{`{}`, `{"k":{"target_name":"jupyter.widget"},"l":{"target_name":"other"}}`},
		{`{"target_name":"other"}`, `{"l":{"target_name":"other"}}`},
		{`{"target_name":"none"}`, `{}`},
		{`{"target_name":null}`, `{"k":{"target_name":"jupyter.widget"},"l":{"target_name":"other"}}`},
	} {
		wantReply(t, c.ask(c.control, "comm_info_request", row.ask).reply, `comm_info_reply {"comms":`+row.want+`,"status":"ok"}`)
	}
	wantShown(t, c.ask(c.shell, "execute_request", `{"code":"close"}`).shown[1:], `comm_close {"comm_id":"k","data":{}}`)
	wrong := c.ask(c.shell, "execute_request", `{"code":"wrong"}`).shown[1:]
	said := joined(t, wrong)
	for _, want := range []string{`no comm "k" is open`, `"stream" is not a type of comm message`, `NaN`} {
		if !strings.HasPrefix(said, "stderr:") || !strings.Contains(said, want) {
			t.Fatalf("shown %q", texts(wrong))
		}
	}
}
