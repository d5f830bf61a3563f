package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kernel": main})
}

// Each script in testdata/script is what a user types and sees. `kernel` is this
// command; $ROOT is the project. The kernels that it starts are real ones.
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("starts kernels")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("ROOT", root)
			self, err := exec.LookPath("kernel") // for a script that removes PATH
			if err != nil {
				return err
			}
			e.Setenv("KERNEL", self)
			e.Setenv("GOMLX_BACKEND", cmp.Or(os.Getenv("GOMLX_BACKEND"), "go"))
			for _, k := range []string{"HOME", "GOPATH", "GOCACHE", "GOMODCACHE", "GOPROXY", "GONOSUMDB", "GONOSUMCHECK", "GOFLAGS", "GOSUMDB", "GOTOOLCHAIN", "XDG_CACHE_HOME", "SDT_CACHE"} {
				if v, ok := os.LookupEnv(k); ok {
					e.Setenv(k, v)
				}
			}
			return nil
		},
		Condition: func(name string) (bool, error) {
			if program, ok := strings.CutPrefix(name, "has:"); ok {
				_, err := exec.LookPath(program)
				return err == nil, nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"await": await, "gone": gone,
		},
	})
}

// await waits until the file exists; before a kernel starts, packages may be compiled.
func await(ts *testscript.TestScript, neg bool, args []string) {
	path := ts.MkAbs(args[0])
	for deadline := time.Now().Add(10 * time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if data, err := os.ReadFile(path); err == nil && len(data) > 0 {
			return
		}
	}
	ts.Fatalf("%s did not appear", args[0])
}

// gone waits up to ten seconds for the process with the id in the file to end, then fails.
func gone(ts *testscript.TestScript, neg bool, args []string) {
	pid := strings.TrimSpace(ts.ReadFile(args[0]))
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
	}
	ts.Fatalf("process %s still runs", pid)
}

// The command contains no machine learning, and imports none of our packages but its own
// and those in the folder internal.
func TestArrows(t *testing.T) {
	out, err := exec.CommandContext(context.Background(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	const own = "github.com/sdtlab/sdtlab/"
	for pkg := range strings.Lines(string(out)) {
		pkg = strings.TrimSpace(pkg)
		foreign := strings.HasPrefix(pkg, own) && pkg != own+"kernel" && !strings.HasPrefix(pkg, own+"kernel/") && !strings.HasPrefix(pkg, own+"internal/")
		if foreign || strings.Contains(pkg, "gomlx") || strings.Contains(pkg, "gonum") {
			t.Errorf("kernel imports %s", pkg)
		}
	}
}
