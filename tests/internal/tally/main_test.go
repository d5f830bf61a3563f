package main

import (
	"strings"
	"testing"
)

func TestTally(t *testing.T) {
	const (
		pass = `{"Action":"pass","Package":"p","Test":"TestA"}` + "\n"
		skip = `{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:3: no data\n"}` + "\n" +
			`{"Action":"skip","Package":"p","Test":"TestB"}` + "\n"
		fail = `{"Action":"output","Package":"p","Test":"TestC","Output":"    c_test.go:5: 1 want 2\n"}` + "\n" +
			`{"Action":"fail","Package":"p","Test":"TestC"}` + "\n" + `{"Action":"fail","Package":"p","Elapsed":1.5}` + "\n"
		build = `{"ImportPath":"q","Action":"build-output","Output":"q.go:1: undefined: x\n"}` + "\n" +
			`{"ImportPath":"q","Action":"build-fail"}` + "\n" + `{"Action":"fail","Package":"q","FailedBuild":"q"}` + "\n"
		died = `{"Action":"output","Package":"p","Test":"TestF","Output":"panic: test timed out\n"}` + "\n" +
			`{"Action":"output","Package":"p","Output":"FAIL p 9s\n"}` + "\n" + `{"Action":"fail","Package":"p"}` + "\n"
		none = `{"Action":"skip","Package":"r"}` + "\n"
		slow = `{"Action":"pass","Package":"p","Test":"TestD","Elapsed":12.5}` + "\n" + `{"Action":"pass","Package":"p","Test":"TestE/part","Elapsed":99}` + "\n" +
			`{"Action":"pass","Package":"p","Test":"TestE","Elapsed":100}` + "\n"
	)
	for _, c := range []struct {
		name, in string
		whole    bool
		ok       bool
		want     []string
	}{
		{"all is well", "go: downloading x\n" + pass + none, true, true, []string{"go: downloading x", "1 passed, 0 failed, 0 skipped"}},
		{"the longest first", slow, true, true, []string{" 100.0 s p TestE\n  12.5 s p TestD\n3 passed"}},
		{"skipped", pass + skip, false, true, []string{"skip p TestB\n       b_test.go:3: no data", "1 passed, 0 failed, 1 skipped"}},
		{"skipped with the data there", pass + skip, true, false, []string{"skip p TestB", "1 passed, 0 failed, 1 skipped"}},
		{"failed", pass + fail, false, false, []string{"FAIL p TestC\n    c_test.go:5: 1 want 2", "1 passed, 1 failed, 0 skipped"}},
		{"not built", pass + build, false, false, []string{"q.go:1: undefined: x", "1 passed, 1 failed, 0 skipped"}},
		{"timed out", pass + died, false, false, []string{"FAIL p 9s\npanic: test timed out\n", "1 passed, 1 failed, 0 skipped"}},
		{"nothing run", none, false, false, []string{"0 passed, 0 failed, 0 skipped"}},
		{"empty", "", false, false, []string{"0 passed, 0 failed, 0 skipped"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			err := tally(strings.NewReader(c.in), &out, c.whole)
			if (err == nil) != c.ok {
				t.Errorf("error %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("printed\n%swant %q in it", out.String(), want)
				}
			}
			if !strings.HasSuffix(out.String(), " skipped\n") {
				t.Errorf("it does not end with the count:\n%s", out.String())
			}
		})
	}
}
