package jupyter

import (
	"encoding/json"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// answer returns a message of the kernel in reply to a request.
func answer(to Message, msgType, content string) Message {
	return Message{Header: Header{MsgType: msgType}, Parent: to.Header, Content: json.RawMessage(content)}
}

func TestCollector(t *testing.T) {
	c := NewCollector()
	first, second := Message{Header: Header{MsgID: "1"}}, Message{Header: Header{MsgID: "2"}}
	a := &nbformat.Cell{Type: nbformat.Code, Outputs: []*nbformat.Output{{Type: nbformat.Stream}}}
	b := &nbformat.Cell{Type: nbformat.Code}
	show := func(m Message) {
		t.Helper()
		if err := c.Show(m); err != nil {
			t.Fatal(err)
		}
	}
	c.Begin(first, a, nil)
	show(answer(first, "status", `{"execution_state":"busy"}`))
	show(answer(first, "execute_input", `{"execution_count":7,"code":"x"}`))
	show(answer(first, "stream", `{"name":"stdout","text":"one "}`))
	show(answer(first, "stream", `{"name":"stdout","text":"two\n"}`))
	show(answer(first, "stream", `{"name":"stderr","text":"oops\n"}`))
	show(answer(first, "display_data", `{"data":{"text/html":"old"},"metadata":{},"transient":{"display_id":"d"}}`))
	c.Begin(second, b, nil)
	show(answer(second, "update_display_data", `{"data":{"text/html":"new"},"metadata":{},"transient":{"display_id":"d"}}`))
	show(answer(first, "stream", `{"name":"stdout","text":"late\n"}`)) // after the next cell began
	show(answer(Message{Header: Header{MsgID: "stranger"}}, "stream", `{"name":"stdout","text":"not ours"}`))

	if *a.ExecutionCount != 7 || len(a.Outputs) != 4 || len(b.Outputs) != 0 {
		t.Fatalf("first cell %+v, second %+v", a, b)
	}
	if a.Outputs[0].Text != "one two\n" || a.Outputs[1].Name != "stderr" || a.Outputs[3].Text != "late\n" {
		t.Errorf("streams: %+v %+v %+v", a.Outputs[0], a.Outputs[1], a.Outputs[3])
	}
	if got := a.Outputs[2].DataText("text/html"); got != "new" {
		t.Errorf("update_display_data from a later cell: %q, want new", got)
	}

	show(answer(second, "stream", `{"name":"stdout","text":"x"}`))
	show(answer(second, "clear_output", `{"wait":true}`))
	if len(b.Outputs) != 1 {
		t.Error("clear_output with wait cleared at once")
	}
	show(answer(second, "stream", `{"name":"stdout","text":"y"}`))
	if len(b.Outputs) != 1 || b.Outputs[0].Text != "y" {
		t.Errorf("clear_output with wait did not clear before the next output: %+v", b.Outputs)
	}
	show(answer(second, "clear_output", `{"wait":false}`))
	if len(b.Outputs) != 0 {
		t.Error("clear_output did not clear")
	}
	show(answer(second, "error", `{"ename":"ERROR","evalue":"v","traceback":["t"]}`))
	if o := b.Outputs[0]; o.Type != nbformat.Error || o.EName != "ERROR" || o.EValue != "v" || o.Traceback[0] != "t" {
		t.Errorf("error: %+v", o)
	}
	if err := c.Show(answer(second, "stream", `{"text":5}`)); err == nil {
		t.Error("content that does not fit was accepted")
	}
}
