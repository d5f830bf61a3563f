package sdt

import (
	"fmt"
	"runtime"
	"strings"
)

// caught runs f and returns its panic as an error: GoMLX panics with an error of many lines,
// a user's network with anything.
func caught(f func()) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case runtime.Error:
			err = fmt.Errorf("it panics: %w", p)
		case error:
			err = p
		default:
			err = fmt.Errorf("%v", p)
		}
	}()
	f()
	return nil
}

// firstLine cuts the stack trace from an error of GoMLX's graph building.
func firstLine(err error) error {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf("%s", line)
}
