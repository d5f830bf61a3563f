package host

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Test runs the tests, benchmarks and fuzz tests of a cell: all lists names, each followed
// by its function. Of a fuzz test it runs the inputs that the test adds. A function that
// accepts a *testing.M is called to run them. The cell ends if a test fails. Examples do
// not run; Test prints their names.
func Test(all ...any) {
	if err := testFlags(); err != nil {
		panic(err)
	}
	var tests []testing.InternalTest
	var benchmarks []testing.InternalBenchmark
	var fuzz []testing.InternalFuzzTarget
	var main func(*testing.M)
	var examples []string
	for i := 0; i+1 < len(all); i += 2 {
		switch f := all[i+1].(type) {
		case func(*testing.T):
			tests = append(tests, testing.InternalTest{Name: all[i].(string), F: f})
		case func(*testing.B):
			benchmarks = append(benchmarks, testing.InternalBenchmark{Name: all[i].(string), F: f})
		case func(*testing.F):
			fuzz = append(fuzz, testing.InternalFuzzTarget{Name: all[i].(string), Fn: f})
		case func(*testing.M):
			main = f
		case func():
			examples = append(examples, all[i].(string))
		}
	}
	if len(examples) > 0 {
		fmt.Printf("examples do not run in cells: %s\n", strings.Join(examples, ", "))
	}
	if len(all) == 0 {
		fmt.Println("the cell has no tests: declare func TestName(t *testing.T)")
		return
	}
	if t := here(); t != nil {
		t.tests.Store(true)
	}
	m := testing.MainStart(testDeps{}, tests, benchmarks, fuzz, nil)
	runningTests.Store(m)
	defer runningTests.Store(nil)
	if main != nil {
		main(m)
	} else {
		m.Run()
	}
	if testsFailed(exitCode(m)) {
		panic(errTests)
	}
}

// testFlags makes package testing report each test and run all benchmarks, by flags that
// the cells do not see.
func testFlags() error {
	own := flag.CommandLine
	defer func() { flag.CommandLine = own }()
	if ours == nil {
		ours = flag.NewFlagSet("test", flag.ContinueOnError)
		flag.CommandLine = ours
		testing.Init()
	}
	if !own.Parsed() { // package testing requires this
		if err := own.Parse(nil); err != nil {
			return err
		}
	}
	asked, err := testArgs(os.Args[min(1, len(os.Args)):], own)
	if err != nil {
		return err
	}
	ours.Visit(func(f *flag.Flag) { err = errors.Join(err, f.Value.Set(f.DefValue)) }) // of an earlier cell
	if err != nil {
		return err
	}
	return ours.Parse(append([]string{"-test.v", "-test.bench=.", "-test.benchmem"}, asked...))
}

// testArgs returns the arguments of a command that are for package testing, written -run X
// or -test.run=X, in the form that it parses. Flags that the cells have declared are left
// to the cells.
func testArgs(args []string, own *flag.FlagSet) ([]string, error) {
	var all []string
	for i := 0; i < len(args); i++ {
		name, value, has := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		if !strings.HasPrefix(args[i], "-") || own.Lookup(name) != nil {
			continue
		}
		f := ours.Lookup("test." + strings.TrimPrefix(name, "test."))
		if f == nil {
			return nil, fmt.Errorf("%%test has no flag -%s: it accepts the flags of go test, such as -run, and those that cells declare", name)
		}
		isBool, ok := f.Value.(interface{ IsBoolFlag() bool })
		switch {
		case has:
		case ok && isBool.IsBoolFlag():
			value = "true"
		case i+1 < len(args):
			i++
			value = args[i]
		default:
			return nil, fmt.Errorf("%%test -%s needs a value", name)
		}
		all = append(all, "-"+f.Name+"="+value)
	}
	return all, nil
}

// ours are the flags of package testing.
var ours *flag.FlagSet

// testDeps is what package testing expects from the go command: only matching of names. It
// is Go 1.26's; another version may expect more, which then does not compile.
type testDeps struct{}

// corpusEntry is package testing's corpusEntry.
type corpusEntry = struct {
	Parent     string
	Path       string
	Data       []byte
	Values     []any
	Generation int
	IsSeed     bool
}

var errFuzz = errors.New("fuzzing does not work in cells")

func (testDeps) ImportPath() string                          { return "" }
func (testDeps) ModulePath() string                          { return "" }
func (testDeps) MatchString(p, s string) (bool, error)       { return regexp.MatchString(p, s) }
func (testDeps) SetPanicOnExit0(bool)                        {}
func (testDeps) StartCPUProfile(io.Writer) error             { return nil }
func (testDeps) StopCPUProfile()                             {}
func (testDeps) StartTestLog(io.Writer)                      {}
func (testDeps) StopTestLog() error                          { return nil }
func (testDeps) WriteProfileTo(string, io.Writer, int) error { return nil }
func (testDeps) CoordinateFuzzing(time.Duration, int64, time.Duration, int64, int, []corpusEntry, []reflect.Type, string, string) error {
	return errFuzz
}
func (testDeps) RunFuzzWorker(func(corpusEntry) error) error              { return errFuzz }
func (testDeps) ReadCorpus(string, []reflect.Type) ([]corpusEntry, error) { return nil, nil }
func (testDeps) CheckCorpus([]any, []reflect.Type) error                  { return nil }
func (testDeps) ResetCoverage()                                           {}
func (testDeps) SnapshotCoverage()                                        {}
func (testDeps) InitRuntimeCoverage() (string, func(string, string) (string, error), func() float64) {
	return "", nil, nil
}
