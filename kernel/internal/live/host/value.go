package host

import (
	"fmt"
	"strings"
)

// Value is a value as it is shown, by MIME type.
type Value struct {
	Data map[string]string
}

func show(values []any) *Value {
	var lines []string
	for _, v := range values {
		lines = append(lines, tidy(fmt.Sprintf("%+v", v)))
	}
	return &Value{Data: map[string]string{"text/plain": strings.Join(lines, ", ")}}
}
