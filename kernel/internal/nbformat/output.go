package nbformat

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// The kinds of output.
const (
	Stream        = "stream"
	DisplayData   = "display_data"
	ExecuteResult = "execute_result"
	Error         = "error"
)

// Output is one output of a code cell.
type Output struct {
	Type string // Stream, DisplayData, ExecuteResult or Error

	// For Stream: "stdout" or "stderr", and the text as it was written, including carriage
	// returns and colours.
	Name, Text string

	// For DisplayData and ExecuteResult: MIME type to content. Text-like content is one
	// string here, however the file stores it.
	Data     map[string]any
	Metadata map[string]any
	// For ExecuteResult.
	ExecutionCount *int

	// For Error.
	EName, EValue string
	Traceback     []string

	rest fields
}

// DataText returns the content of one MIME type, "" if there is none or it is not text.
func (o *Output) DataText(mime string) string {
	s, _ := o.Data[mime].(string)
	return s
}

// Remark reports whether the output is one line of text that a cell displays on its way, such
// as how long a training took, and neither a figure nor a value.
func (o *Output) Remark() bool {
	text := o.DataText("text/plain")
	return o.Type == DisplayData && len(o.Data) == 1 && text != "" && !strings.Contains(strings.TrimSpace(text), "\n")
}

func decodeOutput(r any) (*Output, error) {
	obj, ok := r.(fields)
	if !ok {
		return nil, fmt.Errorf("not an object")
	}
	o := &Output{rest: obj}
	if o.Type, ok = obj["output_type"].(string); !ok {
		return nil, fmt.Errorf("no output_type")
	}
	delete(obj, "output_type")
	var err error
	switch o.Type {
	case Stream:
		o.Name, _ = obj["name"].(string)
		if o.Text, err = joinText(obj["text"]); err != nil {
			return nil, fmt.Errorf("text: %w", err)
		}
		delete(obj, "name")
		delete(obj, "text")
	case DisplayData, ExecuteResult:
		if n, ok := obj["execution_count"].(json.Number); ok {
			if i, err := strconv.Atoi(n.String()); err == nil {
				o.ExecutionCount = &i
			}
		}
		delete(obj, "execution_count")
		if o.Metadata, ok = takeObject(obj, "metadata"); !ok {
			return nil, fmt.Errorf("metadata is not an object")
		}
		if o.Data, ok = takeObject(obj, "data"); !ok {
			return nil, fmt.Errorf("data is not an object")
		}
		for mime, v := range o.Data {
			if _, isList := v.([]any); !isList || isJSON(mime) {
				continue
			}
			if o.Data[mime], err = joinText(v); err != nil {
				return nil, fmt.Errorf("%s: %w", mime, err)
			}
		}
	case Error:
		o.EName, _ = obj["ename"].(string)
		o.EValue, _ = obj["evalue"].(string)
		lines, _ := obj["traceback"].([]any)
		for _, l := range lines {
			s, _ := l.(string)
			o.Traceback = append(o.Traceback, s)
		}
		delete(obj, "ename")
		delete(obj, "evalue")
		delete(obj, "traceback")
	}
	return o, nil
}

func (o *Output) encode() fields {
	obj := fields{}
	for k, v := range o.rest {
		obj[k] = v
	}
	obj["output_type"] = o.Type
	switch o.Type {
	case Stream:
		obj["name"] = o.Name
		obj["text"] = splitText(o.Text)
	case DisplayData, ExecuteResult:
		data := fields{}
		for mime, v := range o.Data {
			if s, ok := v.(string); ok && splits(mime) {
				v = splitText(s)
			}
			data[mime] = v
		}
		obj["data"] = data
		obj["metadata"] = orEmpty(o.Metadata)
		if o.Type == ExecuteResult {
			obj["execution_count"] = o.ExecutionCount
		}
	case Error:
		obj["ename"], obj["evalue"] = o.EName, o.EValue
		trace := make([]any, len(o.Traceback))
		for i, l := range o.Traceback {
			trace[i] = l
		}
		obj["traceback"] = trace
	}
	return obj
}
