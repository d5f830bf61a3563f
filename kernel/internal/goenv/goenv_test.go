package goenv

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	for _, c := range []struct{ flags, want string }{
		{"", "-buildvcs=false"},
		{"-race", "-buildvcs=false"},
		{"-mod=mod -tags=a,b -race -v", "-buildvcs=false -tags=a,b"},
		{"--tags=a", "-buildvcs=false --tags=a"},
		{"nonsense -nonsense", "-buildvcs=false"},
		{"'-modfile=/a b/go.mod'\t\"-tags=c\"", "-buildvcs=false '-modfile=/a b/go.mod' -tags=c"},
		{"-tags", "-buildvcs=false"},
		{"'-tags=open", "-buildvcs=false -tags=open"},
	} {
		env := Of([]string{"GOFLAGS=-x", "A=1", "GOFLAGS=" + c.flags})
		if got := Value(env, "GOFLAGS"); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.flags, got, c.want)
		}
		if again := Value(Of(env), "GOFLAGS"); again != c.want {
			t.Errorf("%q becomes %q the second time", c.flags, again)
		}
	}
}

// TestGo checks that the go command accepts the environment, whatever the user's is.
func TestGo(t *testing.T) {
	for _, kv := range []string{"GOFLAGS=nonsense", "GOFLAGS=-race -mod=mod", "GOFLAGS=-mod=vendor", "GOTOOLCHAIN=go1.20", "GOTOOLCHAIN=nonsense", "GOTOOLCHAIN=local", "GO111MODULE=off", "GOOS=plan9", "GOARCH=wasm", "GOROOT=/nowhere", "GOWORK=/nowhere/go.work", "CGO_ENABLED=0"} {
		cmd := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.Name}}", ".")
		cmd.Env = Of(append(cmd.Environ(), kv))
		if out, err := cmd.CombinedOutput(); err != nil || string(out) != "goenv\n" {
			t.Errorf("%s: %v: %s", kv, err, out)
		}
	}
}

func TestQuote(t *testing.T) {
	args := []string{"a", "b c", "it's", `say "so"`, "", "-Wl,x"}
	var list []string
	for _, a := range args {
		list = append(list, Quote(a))
	}
	if got := Split(" " + strings.Join(list, " \t") + " "); !slices.Equal(got, args) {
		t.Errorf("%q comes back as %q", args, got)
	}
}
