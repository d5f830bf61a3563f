package live

import (
	"strings"
	"testing"
)

// TestOneLine runs cells with imports and other code on one line, as they are pasted.
func TestOneLine(t *testing.T) {
	l := newTester(t)
	l.want(`import "fmt"; x := 3; fmt.Println(x)`, "3\n")
	l.want(`import ("fmt"; "os"); var y = 4`, "")
	l.want(`import "fmt"; func q() { fmt.Print(y) }; q()`, "4")
	l.want(`import "errors"; import "os";`, "")
	l.want(`package main; import "fmt"; func main() { fmt.Print("m") }`, "m")
	l.want(`import . "strings"; ToUpper("a")`, `Out: "A"`)
}

// TestPackageVariables runs cells with variables that have names of packages.
func TestPackageVariables(t *testing.T) {
	l := newTester(t)
	l.want("time := time.Unix(0, 0)\ntime.IsZero()", "Out: false")
	l.want("time.Unix()", "Out: 0")
	l.want("url, err := url.Parse(\"http://a/b\")\nfunc path() string { return url.Path }\npath()", `Out: "/b"`)
	l.want("url.Host", `Out: "a"`)
	l.want("for range 2 {\n\tos := len(os.Args)\n\t_ = os\n}\nos.Getpid() > 0", "Out: true")
	for code, says := range map[string]string{
		`fmt.Prinln("x")`: "undefined: fmt.Prinln", "math.pi": "undefined: math.pi (but have Pi)", "rand": "use of package rand without selector",
	} {
		if _, err := l.run(code); err == nil || !strings.HasSuffix(err.Error(), says) {
			t.Errorf("%s: says %v, want %s", code, err, says)
		}
	}
}
