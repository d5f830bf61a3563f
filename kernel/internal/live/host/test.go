package host

import (
	"flag"
	"fmt"
	"testing"
)

// Test runs the tests and benchmarks of a cell: names, each followed by its function. It
// panics if a test fails.
func Test(all ...any) {
	if err := testFlags(); err != nil {
		panic(err)
	}
	everything := func(_, _ string) (bool, error) { return true, nil }
	var tests []testing.InternalTest
	for i := 0; i+1 < len(all); i += 2 {
		if f, ok := all[i+1].(func(*testing.T)); ok {
			tests = append(tests, testing.InternalTest{Name: all[i].(string), F: f})
		}
	}
	if len(all) == 0 {
		fmt.Println("the cell has no tests: func TestName(t *testing.T)")
	}
	if !testing.RunTests(everything, tests) {
		panic(testsFailed{})
	}
	for i := 0; i+1 < len(all); i += 2 {
		if f, ok := all[i+1].(func(*testing.B)); ok {
			result := testing.Benchmark(f)
			fmt.Println(all[i].(string), result, result.MemString())
		}
	}
}

type testsFailed struct{}

func (testsFailed) Error() string { return "tests failed" }

// testFlags has package testing tell of each test, by flags that the cells do not see.
func testFlags() error {
	own := flag.CommandLine
	defer func() { flag.CommandLine = own }()
	if ours == nil {
		ours = flag.NewFlagSet("test", flag.ContinueOnError)
		flag.CommandLine = ours
		testing.Init()
	}
	if !own.Parsed() { // testing wants to see that
		if err := own.Parse(nil); err != nil {
			return err
		}
	}
	return ours.Parse([]string{"-test.v"})
}

// ours are the flags of package testing.
var ours *flag.FlagSet
