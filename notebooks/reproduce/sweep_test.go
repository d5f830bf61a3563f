package main

import (
	"bufio"
	"bytes"
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Tests compute in pure Go where no back end is set, not on the fastest of the machine.
func TestMain(m *testing.M) {
	os.Setenv("GOMLX_BACKEND", cmp.Or(os.Getenv("GOMLX_BACKEND"), "go"))
	m.Run()
}

// Three shards at once on one folder, one of them killed with SIGKILL in the middle and
// started again, give the table of one run.
func TestShardsGiveTheSameTable(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: trains networks", t.Name())
	}
	program := filepath.Join(t.TempDir(), "reproduce")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	start := func(dir string, more ...string) (c *exec.Cmd, out, log *bytes.Buffer) {
		out, log = &bytes.Buffer{}, &bytes.Buffer{}
		c = exec.CommandContext(t.Context(), program, append([]string{"-table", "glyphs", "-only", "held-out", "-trials", "3", "-steps", "2",
			"-methods", "source only, source + target, confusion + soft labels", "-o", dir}, more...)...)
		c.Stdout, c.Stderr = out, log
		return c, out, log
	}

	one := t.TempDir()
	c, want, log := start(one)
	if err := c.Run(); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	if rows := regexp.MustCompile(`(?m)^\| catalogue→webcam, held-out classes \|`).FindAllString(want.String(), -1); len(rows) != 2 {
		t.Fatalf("one run prints\n%s", want)
	}

	shared := t.TempDir()
	killed, _, _ := start(shared, "-shard", "1/3")
	killed.Stderr = nil
	pipe, err := killed.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	var others []*exec.Cmd
	var logs []*bytes.Buffer
	for _, share := range []string{"0/3", "2/3"} {
		c, _, log := start(shared, "-shard", share)
		others, logs = append(others, c), append(logs, log)
	}
	for _, c := range append(others, killed) {
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
	}
	lines := bufio.NewScanner(pipe)
	if !lines.Scan() { // its first cell of three is done
		t.Fatal("the shard to kill prints nothing")
	}
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := killed.Wait(); err == nil {
		t.Fatal("it ended before it was killed")
	}
	for i, c := range others {
		if err := c.Wait(); err != nil {
			t.Fatalf("%v\n%s", err, logs[i])
		}
	}
	c, out, log := start(shared, "-report", "markdown")
	if err := c.Run(); err != nil || out.String() == want.String() || !strings.Contains(log.String(), "no result yet") {
		t.Errorf("without the killed shard the report is %v, complete, or does not say so:\n%s\n%s", err, out, log)
	}
	again, out, log := start(shared, "-shard", "1/3")
	if err := again.Run(); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	if out.String() != want.String() {
		t.Errorf("three shards give\n%s\none run\n%s", out, want)
	}
}
