package live

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"
)

// additions is how many methods TestStress adds:
// go test ./kernel/internal/live -run Stress -additions 2000 -v
var additions = flag.Int("additions", 40, "methods that TestStress adds")

// stressed are values of types that get methods, and goroutines that continually query the
// methods of these types. Errors that they find are in wrong.
const stressed = `type (
	node  struct { next *node; name string; at [3]int }
	leaf  int
	table map[string][]*node
	fault struct{ why *string }
)
func (f fault) Error() string { return "fault " + *f.why }

type never interface{ Zzzz(); never() }

why := "of a test"
one := &node{nil, "one", [3]int{1}}
all := []any{node{one, "two", [3]int{2}}, one, leaf(3), table{"a": {one}}, fault{&why}, &fault{&why}}

var (
	stop  atomic.Bool
	asked [6]atomic.Int64
	busy  sync.WaitGroup
	mutex sync.Mutex
	wrong []string
)

func says(format string, values ...any) {
	mutex.Lock()
	defer mutex.Unlock()
	if len(wrong) < 10 {
		wrong = append(wrong, fmt.Sprintf(format, values...))
	}
}

func ask(which int, f func(x any)) {
	busy.Go(func() {
		defer func() {
			if e := recover(); e != nil {
				says("%d: panic: %v\n%s", which, e, debug.Stack())
			}
		}()
		for !stop.Load() {
			for _, x := range all {
				f(x)
			}
			asked[which].Add(1)
		}
	})
}

//go:noinline
func kind(x any) string {
	switch v := x.(type) {
	case never:
		return fmt.Sprintf("%T is never", v)
	case fmt.Stringer:
		return v.String()
	case interface{ M0() int }:
		return fmt.Sprint(v.M0())
	case error:
		return v.Error()
	}
	return ""
}

neverType := reflect.TypeFor[never]()
ask(0, func(x any) {
	if s := kind(x); s != "" && s != "0" && s != "text" && s != "fault of a test" {
		says("%T: %s", x, s)
	}
})
ask(1, func(x any) {
	t, v := reflect.TypeOf(x), reflect.ValueOf(x)
	for i := range t.NumMethod() {
		if name := t.Method(i).Name; name == "" {
			says("a method without a name")
		}
		m := v.Method(i)
		if m.Type().NumIn() != 0 || m.Type().NumOut() != 1 {
			says("method %d is %v", i, m.Type())
		}
		m.Call(nil)
	}
})
ask(2, func(x any) {
	if t := reflect.TypeOf(x); t.Implements(neverType) || t.AssignableTo(neverType) {
		says("%T implements never", x)
	}
})
ask(3, func(x any) {
	var n never
	if err, ok := x.(error); ok && errors.As(err, &n) {
		says("%T is as never", x)
	}
	if m, ok := x.(interface{ M0() int }); ok && m.M0() != 0 {
		says("M0 is %d", m.M0())
	}
})
ask(4, func(x any) {
	if _, err := json.Marshal(x); err != nil {
		says("json: %v", err)
	}
})
ask(5, func(x any) {
	if s := fmt.Sprint(x, &x); s == "" {
		says("no text")
	}
})
`

// TestStress adds methods to types while goroutines query their methods, in every possible
// way, and the garbage collector collects and overwrites continually.
func TestStress(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: compiles what cells import", t.Name())
	}
	b, err := base()
	if err != nil {
		t.Fatal(err)
	}
	l := newTesterOf(t, b, "GOGC=1", "GODEBUG=clobberfree=1")
	l.want(stressed, "")
	const types, times = 5, 40             // cells at most
	each := max(1, *additions/times/types) // methods of a type in a cell
	began := time.Now()
	added := 0
	for i := 0; added < *additions; i++ {
		var code, check strings.Builder
		for k, receiver := range []string{"node", "*node", "leaf", "table", "*fault"} {
			for j := range each {
				n := i*each + j
				fmt.Fprintf(&code, "func (%s) M%d() int { runtime.Gosched(); return %d }\n", receiver, n*types+k, n)
				added++
			}
			n := i * each
			fmt.Fprintf(&check, "got += all[%d].(interface{ M%d() int }).M%d()\n", []int{0, 1, 2, 3, 5}[k], n*types+k, n*types+k)
			fmt.Fprintf(&check, "if _, ok := reflect.TypeOf(all[%d]).MethodByName(\"M%d\"); ok { got++ }\n", []int{0, 1, 2, 3, 5}[k], n*types+k)
		}
		l.want(code.String()+"got := 0\n"+check.String()+"got", fmt.Sprintf("Out: %d", types*(i*each+1)))
		if t.Failed() {
			break
		}
	}
	took := time.Since(began)
	l.want("func (node) String() string { return \"text\" }\nfunc (leaf) String() string { return \"text\" }\nfmt.Sprint(all[0], all[1], all[2], kind(all[0]), kind(all[1]), kind(all[2]))", `Out: "text text texttexttexttext"`)
	l.want("stop.Store(true)\nbusy.Wait()\nmutex.Lock()\nstrings.Join(wrong, \"\\n\")", `Out: ""`)
	out, err := l.run("fmt.Println(&asked)")
	t.Logf("%d methods added in %v; asked %s %v", added, took.Round(time.Millisecond), strings.TrimSpace(out), err)
}
