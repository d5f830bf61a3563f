package host

import (
	"errors"
	"reflect"
	"sync/atomic"
	"testing"
)

// errTests is what Test panics with when tests have failed.
var errTests = errors.New("tests failed")

func failedTests() *Failure { return &Failure{Kind: "tests failed", Message: errTests.Error()} }

// runningTests is what runs the tests of the cell, nil if there are none.
var runningTests atomic.Pointer[testing.M]

// testsFailed tells whether an exit with a code tells that tests have failed.
func testsFailed(code int) bool {
	m := runningTests.Load()
	return m != nil && code != 0 && code == exitCode(m)
}

// exitCode is what a test's program would end with by itself. Package testing keeps it for
// the main function that the go command writes, which reads it in this way, too.
func exitCode(m *testing.M) int {
	return int(reflect.ValueOf(m).Elem().FieldByName("exitCode").Int())
}
