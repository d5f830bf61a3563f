package input

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// A shell's children are in its group: Watch asks for a line when one of them reads, after
// what it wrote before; after the end they read nothing.
func TestWatch(t *testing.T) {
	const loop = `for i in 1 2 3; do sh -c 'if read x; then echo got $x; else echo no line; fi'; done`
	for _, c := range []struct {
		why     string
		command string
		answers []string // "" is the end
		err     error    // of the end
		want    string
		failed  bool
	}{
		{"lines", loop, []string{"a", "b", "c"}, nil, "got a\ngot b\ngot c\n", false},
		{"an end", loop, []string{"a", ""}, io.EOF, "got a\nno line\nno line\n", false},
		{"nobody to ask", loop, []string{""}, errors.New("nobody is there"), "no line\nno line\nno line\n", true},
		{"a pipe is no question", "(sleep 0.4; echo b) | cat; mkfifo p; (sleep 0.4; echo c >p) & cat <p", nil, nil, "b\nc\n", false},
		{"the end of a pipe that reads", "cat | (sleep 0.4; cat)", []string{"a", ""}, io.EOF, "a\n", false},
		{"by another descriptor", "exec 3<&0 </dev/null; read x <&3; echo got $x", []string{"a"}, nil, "got a\n", false},
	} {
		t.Run(c.why, func(t *testing.T) {
			in, r, err := New(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer in.End()
			cmd := exec.Command("sh", "-c", c.command)
			cmd.Dir = t.TempDir()
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			var out bytes.Buffer
			cmd.Stdin, cmd.Stdout = r, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			r.Close()
			ctx, stop := context.WithCancel(t.Context())
			asked, failed := 0, false
			var watching sync.WaitGroup
			watching.Go(func() {
				in.Watch(ctx, cmd.Process.Pid, func() {}, func(context.Context) (string, error) {
					if asked++; asked > len(c.answers) || c.answers[asked-1] == "" {
						return "", c.err
					}
					return c.answers[asked-1], nil
				}, func(err error) { failed = strings.Contains(err.Error(), "nobody") })
			})
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
			stop()
			watching.Wait()
			if out.String() != c.want || failed != c.failed || asked != len(c.answers) {
				t.Errorf("asked %d times, failed: %v, %q; want %d, %v, %q", asked, failed, out.String(), len(c.answers), c.failed, c.want)
			}
		})
	}
}
