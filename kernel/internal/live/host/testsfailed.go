package host

import (
	"errors"
	"reflect"
	"sync/atomic"
	"testing"
)

// errTests is the value with which Test panics when tests have failed.
var errTests = errors.New("tests failed")

func failedTests() *Failure { return &Failure{Kind: "tests failed", Message: errTests.Error()} }

// runningTests runs the tests of the cell, nil if there are none.
var runningTests atomic.Pointer[testing.M]

// testsFailed reports whether an exit with a code means that tests have failed.
func testsFailed(code int) bool {
	m := runningTests.Load()
	return m != nil && code != 0 && code == exitCode(m)
}

// exitCode returns the code with which a test program would end by itself. Package testing
// keeps it for the main function that the go command writes, which reads it in the same
// way.
func exitCode(m *testing.M) int {
	return int(reflect.ValueOf(m).Elem().FieldByName("exitCode").Int())
}
