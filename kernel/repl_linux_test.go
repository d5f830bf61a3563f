package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// TestReplEnds checks that the REPL removes its files however it is ended: the terminal's window
// is closed (SIGHUP), or the system is (SIGTERM).
func TestReplEnds(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: compiles what cells import", t.Name())
	}
	program, err := exec.LookPath("kernel")
	if err != nil {
		t.Fatal(err)
	}
	for _, sig := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM} {
		temp := t.TempDir()
		c := exec.Command(program, "repl")
		c.Dir, c.Env = "..", append(os.Environ(), "TMPDIR="+temp)
		var remarks bytes.Buffer
		c.Stderr = &remarks
		in, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		in.Write([]byte("fmt.Println(\"is there\")\n"))
		if line, err := bufio.NewReader(out).ReadString('\n'); line != "is there\n" {
			t.Fatalf("%q, %v: %s", line, err, remarks.String())
		}
		c.Process.Signal(sig)
		ended := make(chan error, 1)
		go func() { ended <- c.Wait() }()
		select {
		case <-ended:
		case <-time.After(time.Minute):
			c.Process.Kill()
			t.Fatalf("%v: it has not ended", sig)
		}
		if left := entries(t, temp); len(left) > 0 {
			t.Errorf("%v: in the folder for temporary files are left %q", sig, left)
		}
		if code := c.ProcessState.ExitCode(); code != 130 || !bytes.HasSuffix(remarks.Bytes(), []byte("\ninterrupted\n")) {
			t.Errorf("%v: status %d, %q", sig, code, remarks.String())
		}
	}
}
