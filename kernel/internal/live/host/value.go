package host

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Value is a value as shown.
type Value struct {
	// Data is keyed by MIME type: always text/plain; text/html if the value has structure;
	// image/png in base64.
	Data map[string]string
}

// showLimit is how long a value may take to be shown: its methods are the user's code.
const showLimit = 30 * time.Second

// interruptGrace is how long a method may continue once the cell is interrupted.
const interruptGrace = time.Second

// show returns the forms of the value or values of a cell's last expression; nil if they
// have displayed themselves. A panic or an exit of their methods becomes the text; a method
// that does not return is left behind after showLimit, or soon after the cell is
// interrupted. Errors that the runtime lets nothing catch end the process here as
// elsewhere: a method that recurses for ever, a map that another goroutine is writing to.
func show(values []any) *Value { return showWithin(values, showLimit) }

func showWithin(values []any, limit time.Duration) *Value {
	if n := len(values); n > 1 && values[n-1] == nil { // a nil error
		values = values[:n-1]
	}
	var made *Value
	task := start(func() { made = look(values) })
	told := func(f *Failure) *Value {
		if f == nil {
			return made
		}
		said := f.Message
		if f.Kind == "panic" {
			said = "panic: " + said
		}
		return &Value{Data: plain("the value cannot be shown: " + said)}
	}
	var interrupted <-chan struct{}
	if ctx := Context(); ctx != nil && ctx.Err() == nil { // otherwise the interrupt may be what ended the cell
		interrupted = ctx.Done()
	}
	why := ""
	select {
	case f := <-task.ended:
		return told(f)
	case <-interrupted: // possibly the interrupt that ended the cell, received here a little later
		select {
		case f := <-task.ended:
			return told(f)
		case <-time.After(min(limit, interruptGrace)):
		}
		why = "interrupted while its text was being made"
	case <-time.After(limit):
		why = fmt.Sprintf("its text took more than %v", limit)
	}
	state, calls, _ := task.where()
	task.leave(state, calls)
	var types []string
	for _, v := range values {
		types = append(types, typeName(v))
	}
	return &Value{Data: plain(fmt.Sprintf("%s (%s)", strings.Join(types, ", "), why))}
}

// look combines the forms of some values.
func look(values []any) *Value {
	var all []map[string]string
	for _, v := range values {
		if data := form(v); data != nil {
			all = append(all, data)
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return &Value{Data: all[0]}
	}
	var texts, parts []string
	rich := false
	for _, data := range all {
		texts = append(texts, data["text/plain"])
		part := "<pre>" + escape(data["text/plain"]) + "</pre>"
		if h := data["text/html"]; h != "" {
			part, rich = h, true
		} else if p := data["image/png"]; p != "" {
			part, rich = `<img alt="" src="data:image/png;base64,`+p+`">`, true
		}
		parts = append(parts, "<div>"+part+"</div>")
	}
	separator := ", "
	if strings.Contains(strings.Join(texts, ""), "\n") {
		separator = "\n"
	}
	data := plain(strings.Join(texts, separator))
	if rich {
		data["text/html"] = strings.Join(parts, "\n")
	}
	return &Value{Data: data}
}

// form returns a value by MIME type; nil if it displayed itself.
func form(v any) map[string]string {
	complaint := ""
	if d, ok := v.(interface{ Display() error }); ok && !isNil(v) {
		err := d.Display()
		if err == nil {
			return nil
		}
		complaint = "\n(Display: " + err.Error() + ")"
	}
	data := own(v)
	for _, try := range []func(any) map[string]string{pictures, array, tabular} {
		if data == nil {
			data = try(v)
		}
	}
	if data == nil {
		data = plain(text(v))
	}
	data["text/plain"] += complaint
	return data
}

// plain returns data with only text.
func plain(s string) map[string]string {
	return map[string]string{"text/plain": strings.ToValidUTF8(s, "\uFFFD")}
}

func isNil(v any) bool {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
		return r.IsNil()
	}
	return false
}

// typeName returns a value's type as the user wrote it.
func typeName(v any) string {
	if v == nil {
		return "nil"
	}
	return reflect.TypeOf(v).String()
}
