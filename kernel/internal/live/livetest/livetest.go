// Package livetest has what the tests of several packages of live cells share.
package livetest

import (
	"fmt"
	"testing"
	"time"
)

// Watch ends the process if the work on an input takes more than five seconds.
func Watch(t *testing.T, input ...any) (stop func()) {
	timer := time.AfterFunc(5*time.Second, func() { panic(fmt.Sprintf("%s takes too long: %q", t.Name(), input)) })
	return func() { timer.Stop() }
}

// Fragments are seed cells for fuzzing.
var Fragments = []string{
	"", "x := 1", "func f[T any](a T, b ...int) (c int, err error) {\n\treturn 0, nil\n}\nf(1)", "type p struct{ a, b int; q }\nfunc (p *p) m() { p.a++ }",
	"if x := f(); x > 1 {\n} else if y {\n}", "var (\n\ta, b = 1, 2\n\tc string\n)", "import (\n\t\"fmt\"\n\t. \"strings\"\n)", "s := `raw\n` + \"str\\n\" + 'c' // end\n/* c */",
	"switch v := x.(type) {\ncase int, *p:\n\tv.\ndefault:\n}", "go func() { for range 3 { ch <- 1 } }()", "x.y[1](2).z{a: 1, b}", "%who\n!ls \\\n-l", "const (\n\tk = iota\n\tl\n)",
	"a, b := 1, \"é\"; _ = a", "L: for { break L }", "select {\ncase v := <-c:\n\t_ = v\n}", "type i interface{ ~int | ~string; M() }", "func init() {}\nfunc main() { os.Exit(1) }", "defer p.", "point{", "\xff\x00", ")}](", "map[string]struct{ n int }{\"a\": {1}}", "var x, y struct { a int }",
}
