package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

// failed returns err as the content of an error message.
func failed(err error) map[string]any {
	first, rest, _ := strings.Cut(err.Error(), "\n")
	f := &eval.Failure{Name: "KernelError", Value: first}
	if rest != "" {
		f.Traceback = strings.Split(rest, "\n")
	}
	return failureContent(f)
}

// failureContent returns a failure as the content of an error message.
func failureContent(f *eval.Failure) map[string]any {
	return map[string]any{"ename": f.Name, "evalue": f.Value, "traceback": append([]string{}, f.Traceback...)}
}

// withStatus returns content with a status.
func withStatus(status string, content map[string]any) map[string]any {
	content = maps.Clone(content)
	content["status"] = status
	return content
}

// parse reads the content of a request into a struct that holds the defaults.
func parse(r *request, into any) error {
	if err := json.Unmarshal(r.Content, into); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			if wrong.Field == "" {
				return fmt.Errorf("%s: content is %s, want object", r.Header.MsgType, wrong.Value)
			}
			return fmt.Errorf("%s: %s is %s, want %s", r.Header.MsgType, wrong.Field, wrong.Value, wrong.Type)
		}
		return fmt.Errorf("%s: %w", r.Header.MsgType, err)
	}
	return nil
}

// objectOr returns m, or an empty map if m is nil, so that JSON has an object.
func objectOr(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}
