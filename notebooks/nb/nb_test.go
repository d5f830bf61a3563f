//go:build unix

package nb_test

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/notebooks/nb"
)

// An interrupt ends the contexts of the cell that runs, and none of a later cell.
func TestContext(t *testing.T) {
	for cell := range 3 {
		ctx := nb.Context()
		if err := ctx.Err(); err != nil {
			t.Fatalf("cell %d begins with a context that has ended: %v", cell, err)
		}
		if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Second):
			t.Fatalf("cell %d is not interrupted", cell)
		}
	}
}

// figure fails as it is told.
type figure struct{ err error }

func (f figure) Display() error { return f.err }

// An error ends the program with its text; Must and Show pass on what succeeds. The test
// runs itself again for what ends the process.
func TestMustAndShow(t *testing.T) {
	switch os.Getenv("NB_TEST") {
	case "must":
		nb.Must(os.Open("missing"))
		os.Exit(0)
	case "show":
		nb.Show(figure{}, figure{os.ErrClosed}, figure{})
		os.Exit(0)
	}
	if got := nb.Must(7, nil); got != 7 {
		t.Errorf("Must gives %d", got)
	}
	nb.Show()
	nb.Show(figure{}, figure{})
	for call, want := range map[string]string{"must": "error: open missing: no such file or directory\n", "show": "error: file already closed\n"} {
		c := exec.Command(os.Args[0], "-test.run", "^TestMustAndShow$")
		c.Env = append(os.Environ(), "NB_TEST="+call)
		var said strings.Builder
		c.Stderr = &said
		if err := c.Run(); err == nil || c.ProcessState.ExitCode() != 1 || said.String() != want {
			t.Errorf("%s: %v, it says %q, want %q", call, err, said.String(), want)
		}
	}
}
