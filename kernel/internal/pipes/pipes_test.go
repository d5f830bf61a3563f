package pipes

import (
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// run runs a shell command and returns what it writes. late is how late each piece is read.
func run(t *testing.T, command string, late time.Duration) string {
	t.Helper()
	var b strings.Builder
	p, err := New(func(i int, text []byte) {
		fmt.Fprintf(&b, "%d:%s", i, text)
		time.Sleep(late)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	cmd := exec.Command("sh", "-c", command)
	cmd.Stdout, cmd.Stderr = p.Theirs()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.Started()
	time.Sleep(late)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		cmd.Wait()
	}()
	p.CopyUntil(ended, 50*time.Millisecond)
	<-ended
	return b.String()
}

// TestOrder checks the order of the two streams: what was written first comes first,
// whether we read at once or long after everything was written.
func TestOrder(t *testing.T) {
	for _, late := range []time.Duration{0, 30 * time.Millisecond} {
		for range 20 {
			if got := run(t, "echo out; echo err >&2", late); got != "0:out\n1:err\n" {
				t.Fatalf("%v late: %q", late, got)
			}
			if got := run(t, "echo err >&2; echo out", late); got != "1:err\n0:out\n" {
				t.Fatalf("%v late: %q", late, got)
			}
		}
	}
	if got := run(t, "echo a; sleep 0.2; echo b >&2; sleep 0.2; echo c; sleep 0.2; echo d >&2", 0); got != "0:a\n1:b\n0:c\n1:d\n" {
		t.Errorf("with pauses: %q", got)
	}
}

// TestAll checks that nothing of a large output is lost, even if a process's children keep
// the pipes.
func TestAll(t *testing.T) {
	got := run(t, "seq 100000; seq 100000 >&2", 0)
	streams := [2]int{}
	for _, part := range strings.SplitAfter(got, "\n") {
		if strings.HasPrefix(part, "1:") {
			streams[1]++
		} else if strings.HasPrefix(part, "0:") {
			streams[0]++
		}
	}
	if n := strings.Count(got, "\n"); n != 200000 || streams[0] == 0 || streams[1] == 0 {
		t.Errorf("%d lines in %v pieces", n, streams)
	}
	begun := time.Now()
	if got := run(t, "echo a; sleep 20 & echo b", 0); strings.ReplaceAll(got, "0:", "") != "a\nb\n" {
		t.Errorf("with a child: %q", got)
	}
	if d := time.Since(begun); d > 5*time.Second {
		t.Errorf("the child kept us for %v", d)
	}
}

// TestFlush checks that Flush returns when everything written has been delivered.
func TestFlush(t *testing.T) {
	var b strings.Builder
	p, err := New(func(_ int, text []byte) { b.Write(text) })
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	copied := make(chan struct{})
	go func() {
		defer close(copied)
		p.Copy()
	}()
	w, _ := p.Theirs()
	for i := range 1000 {
		fmt.Fprintln(w, i)
		if !p.Flush() {
			t.Fatal("at its end")
		}
		p.mu.Lock()
		got := b.String()
		p.mu.Unlock()
		if !strings.HasSuffix(got, fmt.Sprintln(i)) {
			t.Fatalf("%d is missing", i)
		}
	}
	p.Started()
	<-copied
	if p.Flush() {
		t.Error("more can come of closed pipes")
	}
}

// TestFlood checks that a process which writes to one stream all the time does not keep the
// other from being read, nor Flush from returning.
func TestFlood(t *testing.T) {
	seen := make(chan bool, 1)
	p, err := New(func(i int, text []byte) {
		if i == 1 {
			seen <- true
		} else {
			time.Sleep(20 * time.Millisecond) // so there is always more
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", "yes & yes & sleep 0.5; echo here >&2; exec 2>&1; wait")
	cmd.Stdout, cmd.Stderr = p.Theirs()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.Started()
	copied := make(chan struct{})
	go func() {
		defer close(copied)
		p.Copy()
	}()
	for range 10 {
		p.Flush()
	}
	select {
	case <-seen:
	case <-time.After(20 * time.Second):
		t.Error("the other stream is not read")
	}
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	cmd.Wait()
	<-copied
	p.Close()
	if p.Flush() {
		t.Error("more can come of closed pipes")
	}
}
