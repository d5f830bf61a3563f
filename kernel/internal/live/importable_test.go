package live

import (
	"strings"
	"testing"
)

// TestImportable checks that cells can import what a program at the root of the module may.
func TestImportable(t *testing.T) {
	l := newTester(t)
	for _, c := range []struct{ path, want string }{
		{"golang.org/x/sys/unix", ""},
		{"unsafe", ""},
		{"internal/abi", "use of internal package internal/abi not allowed"},
		{"crypto/internal/fips140", "use of internal package crypto/internal/fips140 not allowed"},
		{"github.com/sdtlab/sdtlab/kernel/internal/live/host", "use of internal package github.com/sdtlab/sdtlab/kernel/internal/live/host not allowed"},
		{"vendor/golang.org/x/net/idna", "use of vendored package not allowed"},
		{"x/vendor/golang.org/x/net/idna", "x/vendor/golang.org/x/net/idna must be imported as golang.org/x/net/idna"},
		{"./x", `"./x" is relative, but relative import paths are not supported in module mode`},
		{"..", `".." is relative, but relative import paths are not supported in module mode`},
		{"-x", `malformed import path "-x": leading dash`},
		{"fmt/...", `malformed import path "fmt/...": invalid path element "..."`},
		{"example.com/x@latest", "example.com/x@latest: can only use path@version syntax with 'go get' and 'go install' in module-aware mode"},
		{"/x", `"/x" is not a package path; see 'go help packages'`},
	} {
		_, err := l.run("1\nimport _ \"" + c.path + "\"")
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasSuffix(err.Error(), ", line 2:10: "+c.want)) {
			t.Errorf("%s: %v, want %q", c.path, err, c.want)
		}
	}
}

// TestUnsafe checks that package unsafe needs no import.
func TestUnsafe(t *testing.T) {
	l := newTester(t)
	l.want("type t struct {\n\ta byte\n\tb int64\n}\nfmt.Println(unsafe.Sizeof(t{}))", "16\n")
	l.want("x := 5\np := (*int)(unsafe.Pointer(&x))\n*p", "Out: 5")
	l.want("func at(p unsafe.Pointer) int { return *(*int)(p) }\nat(unsafe.Pointer(p))", "Out: 5")
}
