package jupyter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Reply is the kernel's answer to an execute request.
type Reply struct {
	Status         string   `json:"status"` // "ok", "error" or "aborted"
	ExecutionCount int      `json:"execution_count"`
	EName          string   `json:"ename"`
	EValue         string   `json:"evalue"`
	Traceback      []string `json:"traceback"`
}

// ErrInput is the error of Execute when the code asks for input: no user is there to give
// it.
var ErrInput = errors.New("the cell asks for input, which only Jupyter can give")

// settleLimit is how long after the first of reply and idle the second may come.
const settleLimit = 30 * time.Second

// ExecuteRequest returns the request to execute code. A silent one shows nothing
// and is not counted.
func (c *Client) ExecuteRequest(code string, silent bool) (Message, error) {
	return NewMessage(c.session, "execute_request", map[string]any{
		"code": code, "silent": silent, "store_history": !silent,
		"user_expressions": map[string]any{}, "allow_stdin": false, "stop_on_error": true,
	})
}

// Execute sends request and waits for both its reply and the kernel to be idle again. It
// passes each message of the kernel's output to show, in order, including late ones of
// earlier requests. It ends early only if the connection ends or the code asks for input
// ([ErrInput]).
//
// To interrupt the code, signal the kernel; Execute then returns the reply that says so.
func (c *Client) Execute(request Message, show func(Message)) (Reply, error) {
	var reply Reply
	if err := c.send(c.shell, request); err != nil {
		return reply, err
	}
	var replied, idle bool
	var settle <-chan time.Time
	for !replied || !idle {
		select {
		case in := <-c.in:
			ours := in.msg.Parent.MsgID == request.Header.MsgID
			switch {
			case in.from == "iopub":
				show(in.msg)
				idle = idle || ours && isIdle(in.msg)
			case in.from == "stdin":
				return reply, ErrInput
			case ours && in.msg.Header.MsgType == "execute_reply":
				if err := json.Unmarshal(in.msg.Content, &reply); err != nil {
					return reply, fmt.Errorf("execute_reply: %w", err)
				}
				replied = true
			}
			if settle == nil && (replied || idle) {
				settle = time.After(settleLimit)
			}
		case <-settle:
			return reply, fmt.Errorf("kernel: reply arrived: %t, idle: %t; the other did not come within %s", replied, idle, settleLimit)
		case <-c.ctx.Done():
			return reply, context.Cause(c.ctx)
		}
	}
	return reply, nil
}

// Drain passes late output to show, until none has arrived for the given time.
func (c *Client) Drain(quiet time.Duration, show func(Message)) {
	for {
		select {
		case in := <-c.in:
			if in.from == "iopub" {
				show(in.msg)
			}
		case <-time.After(quiet):
			return
		case <-c.ctx.Done():
			return
		}
	}
}

func isIdle(m Message) bool {
	var s struct {
		State string `json:"execution_state"`
	}
	return m.Header.MsgType == "status" && json.Unmarshal(m.Content, &s) == nil && s.State == "idle"
}
