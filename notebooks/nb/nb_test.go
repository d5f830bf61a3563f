package nb

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// An interrupt ends the contexts so far, and none of those that are asked for later.
func TestContext(t *testing.T) {
	for range 3 {
		first, second := Context(), Context()
		if first.Err() != nil || second.Err() != nil {
			t.Fatal("a context has ended without an interrupt")
		}
		if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		for _, ctx := range []interface{ Done() <-chan struct{} }{first, second} {
			select {
			case <-ctx.Done():
			case <-time.After(10 * time.Second):
				t.Fatal("an interrupt does not end the context")
			}
		}
		for deadline := time.Now().Add(10 * time.Second); Context().Err() != nil; {
			if time.Now().After(deadline) {
				t.Fatal("the next cell's context has ended before it ran")
			}
			time.Sleep(time.Millisecond)
		}
	}
}

type figure struct{ err error }

func (f figure) Display() error { fmt.Print("shown "); return f.err }

// An error ends the program after it is written; what is right is handed on.
func TestMust(t *testing.T) {
	switch os.Getenv("NB_TEST") {
	case "must":
		fmt.Print(Must(6, nil))
		fmt.Print(Must(7, errors.New("no seven")))
	case "show":
		Show(figure{}, figure{errors.New("no figure")}, figure{})
	default:
		for call, want := range map[string]string{"must": "6error: no seven\n", "show": "shown shown error: no figure\n"} {
			c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMust$")
			c.Env = append(os.Environ(), "NB_TEST="+call)
			out, err := c.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.HasSuffix(string(out), want) {
				t.Errorf("%s: %v, %q, want %q and exit status 1", call, err, out, want)
			}
		}
	}
}
