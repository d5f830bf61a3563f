package server

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

// output is the [eval.Output] of one request.
type output struct {
	s          *server
	r          *request
	allowStdin bool

	mu     sync.Mutex
	silent bool
	other  *request // the request it shows output for, after a silent one: the last that was not silent; may be nil
}

var _ eval.Output = (*output)(nil)

// silence drops what is shown until speak. Later output belongs to other.
func (o *output) silence(other *request) { o.silent, o.other = true, other }

func (o *output) speak() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.silent = false
	if o.other == nil {
		o.silent = true // no request to show output for
	}
}

// recipient returns the request that output shown now belongs to, nil if it is dropped.
func (o *output) recipient() *request {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.silent:
		return nil
	case o.other != nil:
		return o.other
	}
	return o.r
}

// show broadcasts what the request shows. Content that JSON cannot hold becomes an error
// message on stderr.
func (o *output) show(msgType string, content map[string]any) {
	to := o.recipient()
	if to == nil {
		return
	}
	o.s.mayShow()
	raw, err := json.Marshal(content)
	if err != nil {
		o.Stream("stderr", fmt.Sprintf("%s cannot be shown: %v\n", msgType, err))
		return
	}
	o.s.publish(to, msgType, json.RawMessage(raw))
}

func (o *output) Stream(name, text string) {
	to := o.recipient()
	for to != nil && text != "" {
		var piece string
		piece, text = cut(text)
		o.s.mayShow()
		o.s.gathered.add(to, name, piece)
	}
}

func (o *output) Display(data, metadata map[string]any, id string) {
	o.show("display_data", display(data, metadata, id))
}

func (o *output) Update(data, metadata map[string]any, id string) {
	o.show("update_display_data", display(data, metadata, id))
}

func display(data, metadata map[string]any, id string) map[string]any {
	transient := map[string]any{}
	if id != "" {
		transient["display_id"] = id
	}
	return map[string]any{"data": objectOr(data), "metadata": objectOr(metadata), "transient": transient}
}

func (o *output) Clear(wait bool) {
	o.show("clear_output", map[string]any{"wait": wait})
}

// Comm sends, silent or not: the other side must not miss changes of its state.
func (o *output) Comm(m eval.Comm) {
	o.s.mayShow()
	if err := o.s.sendComm(o.r, m); err != nil {
		o.Stream("stderr", fmt.Sprintf("%v\n", err))
	}
}

func (o *output) Input(ctx context.Context, prompt string, password bool) (string, error) {
	if !o.allowStdin {
		return "", fmt.Errorf("the front end does not accept input for this request")
	}
	o.s.gathered.flush()
	return o.s.ask(ctx, o.r, prompt, password)
}
